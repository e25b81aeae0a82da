"""How a run ends: failures stay with their announcement, stops and kills lose nothing."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from runs import TEXTS, numbered, rows, run_on, table_bytes, write

import pipeline.annotate
import pipeline.extract
import pipeline.ledger
import pipeline.work
from pipeline.benchmark.kills import fault, intact
from pipeline.errors import InputMissing, Interrupted, OutputLocked, OutputUnusable
from pipeline.synthetic import compose
from pipeline.tables.publish import locked

pytestmark = pytest.mark.usefixtures("loaded")

BROKEN = {
    "binary.txt": b"\x00\x01\x02\x03" * 50,
    "picture.html": b"\x89PNG\r\n\x1a\n" + b"\x00" * 50,
    "columns.csv": b"one,two\n1,2\n",
    "rows.jsonl": b'{"id": 1, "text": "Hei"}\n{"id": 2,\n',
    "empty.txt": b"",
    "empty.jsonl": b"",
}


def test_bad_files_are_rows_and_the_others_go_on(tmp_path: Path) -> None:
    folder = write(tmp_path / "in", numbered(TEXTS[:1]))
    for name, raw in BROKEN.items():
        (folder / name).write_bytes(raw)
    (folder / "dangling.txt").symlink_to(folder / "nowhere.txt")
    report = run_on(folder, tmp_path / "out")
    documents = rows(tmp_path / "out")
    failed = {source for source, row in documents.items() if row["status"] == "failed"}
    assert failed == {
        "binary.txt", "picture.html", "columns.csv", "rows.jsonl#line-2", "dangling.txt"
    }  # fmt: skip
    assert all(documents[source]["reason"] for source in failed)
    assert {source for source, _ in report.failures} == failed
    assert documents["0.txt"]["status"] == "ok"
    assert documents["empty.txt"]["status"] == "skipped"
    assert documents["empty.txt"]["reason"] == "no text"


def test_a_failed_announcement_is_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, output = write(tmp_path / "in", numbered(TEXTS[:3])), tmp_path / "out"
    real = pipeline.extract.extract

    def failing(announcement: Any, doc: Any) -> Any:
        if announcement.source == "1.txt":
            raise LookupError("no such rule")
        return real(announcement, doc)

    with monkeypatch.context() as broken:
        broken.setattr("pipeline.extract.extract", failing)
        report = run_on(folder, output)
    ((source, reason),) = report.failures
    assert source == "1.txt"
    assert reason.startswith("extract failed: LookupError (single.py:")
    assert rows(output)["1.txt"]["text"]
    assert report.statuses == {"failed": 1, "ok": 2}
    mended = run_on(folder, output)
    assert (mended.failures, mended.extracted) == ((), 1)
    run_on(folder, tmp_path / "clean")
    assert table_bytes(output) == table_bytes(tmp_path / "clean")


def test_an_interrupted_run_keeps_what_it_finished(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, output = write(tmp_path / "in", numbered(TEXTS[:6])), tmp_path / "out"
    monkeypatch.setattr("pipeline.gather.CHUNK", 1)
    real = pipeline.extract.extract
    seen: list[str] = []

    def stopping(announcement: Any, doc: Any) -> Any:
        if len(seen) == 4:
            raise KeyboardInterrupt
        if announcement.source:  # not what every worker reads first
            seen.append(announcement.source)
        return real(announcement, doc)

    with monkeypatch.context() as stopped:
        stopped.setattr("pipeline.extract.extract", stopping)
        with pytest.raises(Interrupted):
            run_on(folder, output)
    assert not (output / "tables").exists()
    assert run_on(folder, output).extracted == 2
    run_on(folder, tmp_path / "clean")
    assert table_bytes(output) == table_bytes(tmp_path / "clean")


def test_a_second_run_on_the_same_output_is_refused(tmp_path: Path) -> None:
    folder = write(tmp_path / "in", numbered(TEXTS[:1]))
    with locked(tmp_path / "out"), pytest.raises(OutputLocked, match=str(os.getpid())):
        run_on(folder, tmp_path / "out")


def test_a_missing_input_and_an_impossible_output(tmp_path: Path) -> None:
    with pytest.raises(InputMissing):
        run_on(tmp_path / "nowhere", tmp_path / "out")
    folder = write(tmp_path / "in", numbered(TEXTS[:1]))
    with pytest.raises(OutputUnusable):
        run_on(folder, folder / "0.txt")


@pytest.mark.parametrize("below", [".", "outputs"])
def test_outputs_that_lie_in_the_input_are_not_read(tmp_path: Path, below: str) -> None:
    folder = write(tmp_path / "in", numbered(TEXTS[:1]))
    run_on(folder, folder / below)
    assert run_on(folder, folder / below).changed is False
    assert list(rows(folder / below)) == ["0.txt"]


def test_an_empty_folder_gives_empty_tables(tmp_path: Path) -> None:
    report = run_on(write(tmp_path / "in", {}), tmp_path / "out")
    assert report.nothing_read
    assert set(report.counts.values()) == {0}


def test_a_damaged_store_is_made_anew(tmp_path: Path) -> None:
    folder, output = write(tmp_path / "in", numbered(TEXTS[:4])), tmp_path / "out"
    run_on(folder, output)
    before = table_bytes(output)
    for path in (output / ".store" / "records").iterdir():
        raw = bytearray(path.read_bytes())
        raw[len(raw) // 2] ^= 0xFF
        path.write_bytes(raw)
    (folder / "new.txt").write_text(TEXTS[5], encoding="utf-8")
    run_on(folder, output)
    (folder / "new.txt").unlink()
    run_on(folder, output)
    assert table_bytes(output) == before


# Real processes, really ended.


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[[], subprocess.Popen[bytes]]]:
    write(tmp_path / "in", numbered([compose(6, number) for number in range(24)]))
    started: list[subprocess.Popen[bytes]] = []

    def begin() -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "pipeline", "run", "--workers", "2", "--input"]
        process = subprocess.Popen(
            [*command, str(tmp_path / "in"), "--output", str(tmp_path / "out")],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        started.append(process)
        return process

    yield begin
    for process in started:
        if process.poll() is None:
            process.kill()


def kept_records(output: Path) -> int:
    folder = output / ".store" / "records"
    return sum(path.stat().st_size for path in folder.iterdir()) if folder.is_dir() else 0


def wait_for_records(output: Path, process: subprocess.Popen[bytes], more_than: int) -> int:
    deadline = time.monotonic() + 240
    while kept_records(output) <= more_than and process.poll() is None:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return kept_records(output)


@pytest.mark.parametrize("workers", [1, 2])
def test_random_kills_lose_nothing_and_spoil_nothing(tmp_path: Path, workers: int) -> None:
    """In forks, which have the models; ``make benchmark`` kills the command itself.

    They are forked from a process of its own: this one has threads, whose locks a fork would keep.
    """
    code = (
        "import json, sys; from pathlib import Path; from pipeline.benchmark.kills import kills;"
        "from pipeline.torture.forks import Fork;"
        f"seen = kills(Path(sys.argv[1]), 4, 3, {workers}, Fork, 13, 1, 4.0);"
        "print(json.dumps(seen))"
    )
    command = [sys.executable, "-c", code, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=240, check=True)
    seen = json.loads(done.stdout.splitlines()[-1])
    assert (seen["kills"], seen["lost"], seen["faults"], seen["equal"]) == (4, 0, [], True)
    # Nor do scratch folders of killed runs pile up.
    bundles = (tmp_path / "out" / ".store" / "columns").iterdir()
    assert all((bundle / "keys.txt").is_file() for bundle in bundles)


def test_what_kills_would_show(tmp_path: Path) -> None:
    output = tmp_path / "out"
    run_on(write(tmp_path / "in", numbered(TEXTS[:3])), output)
    assert fault(output) is None
    held = intact(output)
    assert {layer for layer, _ in held} == {"files", "texts", "annotations", "records"}
    (segment,) = (output / ".store" / "records").iterdir()
    segment.write_bytes(segment.read_bytes()[:-200])
    assert held > intact(output)
    for name in ("tables/people.parquet", "tables/areas.csv", "hankkeet.sqlite", "run.json"):
        whole = (output / name).read_bytes()
        (output / name).write_bytes(whole[: len(whole) // 2])
        assert fault(output), name
        (output / name).write_bytes(whole)
    assert fault(output) is None


def test_stopping_is_quick_and_loses_nothing(
    tmp_path: Path, start: Callable[[], subprocess.Popen[bytes]]
) -> None:
    output = tmp_path / "out"
    process = start()
    wait_for_records(output, process, 0)
    stopped = time.monotonic()
    os.killpg(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=30)
    if process.returncode != 0:  # the run may have ended just before
        assert process.returncode == 130
        assert b"goes on from there" in said
        assert time.monotonic() - stopped < 15

    report = run_on(tmp_path / "in", output)
    assert report.extracted < 24
    run_on(tmp_path / "in", tmp_path / "clean")
    assert table_bytes(output) == table_bytes(tmp_path / "clean")
