"""The run again: what is unchanged is not done again, and incremental equals clean."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import fsspec
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from runs import TEXTS, numbered, rows, run_on, table_bytes, write
from versioned import Versioned

import pipeline.annotate
import pipeline.extract
import pipeline.ledger
import pipeline.work
from pipeline.annotate import Annotator
from pipeline.cli import main
from pipeline.work import FIRST


class Counting:
    """The real annotator, counting the texts it is given."""

    def __init__(self, annotator: Annotator) -> None:
        self.annotator = annotator
        self.texts: list[str] = []

    def annotate(self, text: str) -> Any:
        if text != FIRST.text:
            self.texts.append(text)
        return self.annotator.annotate(text)


@pytest.fixture(autouse=True)
def counting(annotator: Annotator, monkeypatch: pytest.MonkeyPatch) -> Counting:
    """One annotator for all runs of these tests: loading is most of a small run."""
    counted = Counting(annotator)
    monkeypatch.setattr(pipeline.annotate, "load_annotator", lambda: counted)
    return counted


def test_a_second_run_does_nothing(tmp_path: Path, counting: Counting) -> None:
    folder, output = write(tmp_path / "in", numbered(TEXTS[:3])), tmp_path / "out"
    first = run_on(folder, output)
    assert (first.extracted, first.changed) == (3, True)
    before = table_bytes(output), (output / "run.json").read_bytes()
    counting.texts.clear()
    second = run_on(folder, output)
    assert (second.extracted, second.changed, counting.texts) == (0, False, [])
    assert (second.counts, second.statuses) == (first.counts, first.statuses)
    assert (table_bytes(output), (output / "run.json").read_bytes()) == before


def test_only_what_is_new_is_annotated(tmp_path: Path, counting: Counting) -> None:
    folder, output = write(tmp_path / "in", numbered(TEXTS[:3])), tmp_path / "out"
    run_on(folder, output)
    counting.texts.clear()
    (folder / "new.txt").write_text(TEXTS[5], encoding="utf-8")
    assert run_on(folder, output).extracted == 1
    assert len(counting.texts) == 1
    assert "new.txt" in rows(output)


STATES = st.lists(
    st.dictionaries(
        st.sampled_from(["a.txt", "b.txt", "c.txt", "d.txt"]), st.sampled_from(TEXTS), max_size=4
    ),
    min_size=2,
    max_size=3,
)


@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
@given(states=STATES)
def test_additions_edits_and_removals_end_as_a_clean_run(
    tmp_path_factory: pytest.TempPathFactory, states: list[dict[str, str]]
) -> None:
    place = tmp_path_factory.mktemp("runs")
    for state in states:
        run_on(write(place / "in", state), place / "grown")
    run_on(place / "in", place / "clean")
    assert table_bytes(place / "grown") == table_bytes(place / "clean")


def test_workers_and_order_of_rows_do_not_show(tmp_path: Path) -> None:
    posts = [json.dumps({"id": n, "text": text}) for n, text in enumerate(TEXTS * 2)]
    forward = write(tmp_path / "forward", {"feed.jsonl": "\n".join(posts)})
    backward = write(tmp_path / "backward", {"feed.jsonl": "\n".join(reversed(posts))})
    run_on(forward, tmp_path / "one")
    run_on(backward, tmp_path / "two", workers=2)
    assert table_bytes(tmp_path / "one") == table_bytes(tmp_path / "two")


def test_tables_are_the_same_however_the_folder_is_addressed(tmp_path: Path) -> None:
    folder = write(tmp_path / "in", numbered(TEXTS[:3]))
    row = json.dumps({"id": "5", "text": TEXTS[3]})
    (folder / "more").mkdir()
    (folder / "more" / "feed.jsonl").write_text(row, encoding="utf-8")
    memory = fsspec.filesystem("memory")
    memory.put(str(folder), "/addressed", recursive=True)
    run_on(folder, tmp_path / "path")
    for name, address in (("file", folder.as_uri()), ("memory", "memory://addressed")):
        report = run_on(address, tmp_path / name)
        assert (report.extracted, report.statuses) == (4, {"ok": 4})
        assert table_bytes(tmp_path / name) == table_bytes(tmp_path / "path")
        assert run_on(address, tmp_path / name).changed is False
    memory.pipe_file("/addressed/1.txt", TEXTS[6].encode())
    memory.rm_file("/addressed/2.txt")
    assert run_on("memory://addressed", tmp_path / "memory").extracted == 1
    assert set(rows(tmp_path / "memory")) == {"0.txt", "1.txt", "more/feed.jsonl#5"}


def test_corrections_join_and_part_through_the_command(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, output = write(tmp_path / "in", numbered(TEXTS[:3])), tmp_path / "out"
    file = tmp_path / "corrections.csv"
    head = "decision,entity_type,document,name,other_document,other_name,comment\n"
    command = ["run", "--input", str(folder), "--output", str(output), "--workers", "1"]
    corrected = [*command, "--corrections", str(file)]

    def bodies() -> list[str]:
        table = pq.read_table(output / "tables" / "organisations.parquet")
        return sorted(table["name"].to_pylist())

    run_on(folder, output)  # in this process: the command finds everything extracted
    assert main(command) == 0
    apart = bodies()
    first, second = apart[:2]
    file.write_text(f"{head}same,organisation,,{first},,{second},one body\n", encoding="utf-8")
    assert main(corrected) == 0
    assert len(bodies()) == len(apart) - 1
    capsys.readouterr()
    assert main(corrected) == 0
    assert "Nothing changed" in capsys.readouterr().out
    file.write_text(f"{head}same,organisation,,{first},,Ei Kukaan Oy,\n", encoding="utf-8")
    for _ in range(2):  # told again as long as it is so
        assert main(corrected) == 0
        assert "no organisation is called 'Ei Kukaan Oy'" in capsys.readouterr().out
    assert bodies() == apart
    before = table_bytes(output)
    file.write_text(f"{head}\nequal,organisation,,{first},,{second},\n", encoding="utf-8")
    assert main(corrected) == 2
    assert "corrections.csv, line 3: decision is 'equal'" in capsys.readouterr().err
    file.unlink()
    assert main(corrected) == 2
    assert "cannot be opened: No such file" in capsys.readouterr().err
    assert table_bytes(output) == before


def test_corrected_facts_outlive_runs_and_a_run_that_lost_them_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, output = write(tmp_path / "in", numbered(TEXTS[:3])), tmp_path / "out"
    command = ["run", "--input", str(folder), "--output", str(output), "--workers", "1"]
    monkeypatch.chdir(tmp_path)
    run_on(folder, output)
    assert main(command) == 0

    def parts() -> list[str]:
        table = pq.read_table(output / "tables" / "participations.parquet")
        return list(table["participation_id"].to_pylist())

    first = parts()[0]
    (tmp_path / "corrections").mkdir()
    (tmp_path / "corrections" / "facts.csv").write_text(
        f"decision,table,id,document,text,column,value,comment\nwrong,participations,{first},,,,,\n"
    )
    write(folder, numbered(TEXTS[:4]))
    run_on(folder, output)
    for _ in range(2):  # found by itself in the folder of that name
        assert main(command) == 0
        assert first not in parts()
    monkeypatch.chdir(folder)
    capsys.readouterr()
    assert main(command) == 0
    assert "The run before followed the corrections in corrections" in capsys.readouterr().out
    assert first in parts()


def test_pages_that_cannot_be_written_cost_no_table(tmp_path: Path) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("no template")

    folder, output = write(tmp_path / "in", numbered(TEXTS[:2])), tmp_path / "out"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pipeline.report.write.write_language", broken)
        report = run_on(folder, output)
    assert report.remarks == ("The pages could not be written: RuntimeError: no template",)
    assert len(rows(output)) == 2
    assert not (output / "report").exists()
    write(folder, numbered(TEXTS[:1]))
    assert run_on(folder, output).remarks == ()
    assert (output / "report" / "index.html").is_file()
    assert run_on(folder, output, report=False).changed
    assert not (output / "report").exists()


def test_what_an_object_store_has_unchanged_is_not_fetched(tmp_path: Path) -> None:
    system = fsspec.filesystem("versioned")
    system.pipe({f"/posts/{name}": text.encode() for name, text in numbered(TEXTS[:3]).items()})
    output = tmp_path / "out"
    run_on("versioned://posts", output)
    Versioned.fetched.clear()
    assert run_on("versioned://posts", output).changed is False
    assert Versioned.fetched == []
    system.pipe_file("/posts/1.txt", TEXTS[6].encode())
    assert run_on("versioned://posts", output).extracted == 1
    assert Versioned.fetched == ["/posts/1.txt"]


def test_a_grown_feed_costs_its_new_rows(
    tmp_path: Path, counting: Counting, monkeypatch: pytest.MonkeyPatch
) -> None:
    def feed(texts: list[str]) -> dict[str, str]:
        posts = [{"id": text[:9], "html": f"<p>{text}</p>"} for text in texts]
        return {"feed.jsonl": "\n".join(map(json.dumps, posts))}

    folder, output = write(tmp_path / "in", feed(TEXTS[:3])), tmp_path / "out"
    assert run_on(folder, output).extracted == 3
    read: list[str] = []
    real = pipeline.work.row_post
    monkeypatch.setattr("pipeline.work.row_post", lambda row: read.append(row.source) or real(row))
    write(folder, {**feed([TEXTS[5], *TEXTS[:3]]), "other.txt": TEXTS[6]})
    assert run_on(folder, output).extracted == 2
    assert read == [f"feed.jsonl#{TEXTS[5][:9]}"]
    write(folder, feed([TEXTS[5], *TEXTS[:2]]))  # a row and a file are gone; nothing is read
    assert run_on(folder, output).extracted == 0
    assert len(read) == 1
    run_on(folder, tmp_path / "clean")
    assert table_bytes(output) == table_bytes(tmp_path / "clean")


def test_an_edited_rule_runs_rules_only(
    tmp_path: Path, counting: Counting, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, output = write(tmp_path / "in", numbered(TEXTS[:3])), tmp_path / "out"
    run_on(folder, output)
    before = table_bytes(output)
    counting.texts.clear()
    edit(monkeypatch, "pipeline.work")
    again = run_on(folder, output)
    assert (again.extracted, counting.texts) == (3, [])
    assert table_bytes(output) == before


def test_a_changed_model_annotates_again_without_reading_again(
    tmp_path: Path, counting: Counting, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, output = write(tmp_path / "in", numbered(TEXTS[:3])), tmp_path / "out"
    run_on(folder, output)
    counting.texts.clear()
    edit(monkeypatch, "pipeline.work", "pipeline.annotate.annotator")
    monkeypatch.setattr("pipeline.work.read_bytes", refuse)
    assert run_on(folder, output).extracted == 3
    assert len(counting.texts) == 3


def test_a_changed_repair_annotates_only_texts_that_became_others(
    tmp_path: Path, counting: Counting, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, output = write(tmp_path / "in", numbered(TEXTS[:3])), tmp_path / "out"
    run_on(folder, output)
    counting.texts.clear()
    edit(monkeypatch, "pipeline.work", "pipeline.prepare")
    assert run_on(folder, output).extracted == 3
    assert counting.texts == []


def edit(monkeypatch: pytest.MonkeyPatch, *modules: str) -> None:
    """As if the code behind ``modules`` had changed."""
    digest = pipeline.ledger.stage_digest

    def edited(*names: str, **which: bool) -> str:
        return digest(*names, **which) + "edited" * bool({*names} & {*modules})

    monkeypatch.setattr(pipeline.ledger, "stage_digest", edited)


def refuse(*_: object) -> Iterator[None]:
    raise AssertionError("this must not be done again")


def test_the_annotator_is_the_real_one(annotator: Annotator) -> None:
    assert isinstance(annotator, Annotator)
