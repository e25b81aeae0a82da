"""An SQLite file made from the one before holds what a new one does, row for row."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from record_cases import area, organisation, person, project, record

from pipeline.records import Record
from pipeline.resolve import resolve
from pipeline.tables import current, locked, patch, write_outputs
from pipeline.tables.schema import TABLES
from pipeline.tables.sqlite import DATABASE
from pipeline.tables.tables import Tables

NAMES = ("Sillat kuntoon", "Kuusamäen kirjasto", "SILTA", "Ääniä ja värejä")


def post(number: int, name: str, total: float | None = None, day: date | None = None) -> Record:
    facts: list[Any] = [("part", "p", "o", "lead"), ("role", "h", "suunnittelija", "p", "o")]
    facts += [("area", "p", "k")] + ([("total", "p", total)] if total else [])
    entities = [
        project("p", name),
        organisation("o", "Kuusamäen kaupunki"),
        person("h", "Aino Esimerkki"),
        area("k", "Kuusamäki", "999"),
    ]
    return record(f"{number}.txt", entities, facts, day)


POSTS = st.builds(
    post,
    st.integers(0, 3),
    st.sampled_from(NAMES),
    st.sampled_from([None, 1.0, 2.5]),
    st.sampled_from([None, date(2024, 5, 1)]),
)
STATES = st.lists(
    st.lists(POSTS, unique_by=lambda one: one.announcement.doc_id, max_size=4),
    min_size=2,
    max_size=3,
)


def publish(out: Path, posts: list[Record]) -> Path:
    """The SQLite file of a run over these posts."""
    with resolve(posts) as tables:
        return written(out, tables)


def written(out: Path, tables: Tables) -> Path:
    with locked(out) as held:
        write_outputs(tables, held, lemmas=lemmas)
    return current(out) / DATABASE


def lemmas(texts: Sequence[str]) -> dict[str, str]:
    """Lemmas of a text as a run would know them: here its words in lower case, and one more."""
    return {text: f"{text.casefold()} sanottu" for text in texts}


def content(path: Path) -> dict[str, Any]:
    """Everything in an SQLite file, as it comes, and what a search for each name finds."""
    with closing(sqlite3.connect(path)) as file:
        assert file.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        # Raises where the index and the texts differ.
        file.execute(
            "INSERT INTO documents_fts (documents_fts, rank) VALUES ('integrity-check', 1)"
        )
        search = "SELECT rowid, doc_id FROM documents_fts WHERE documents_fts MATCH ?"
        found: dict[str, Any] = {
            word: file.execute(search, [word]).fetchall()
            for word in {word.casefold() for name in NAMES for word in name.split()}
        }
        for table in (*(table.name for table in TABLES), "document_lemmas"):
            found[table] = file.execute(f"SELECT * FROM {table}").fetchall()
        found["numbers"] = file.execute("SELECT rowid, doc_id FROM documents").fetchall()
        matched = "SELECT doc_id FROM documents_fts WHERE documents_fts MATCH 'lemmas: sanottu'"
        found["matched"] = sorted(file.execute(matched).fetchall())
        found["schema"] = file.execute("SELECT type, name, sql FROM sqlite_master").fetchall()
        return found


def patched(path: Path) -> int:
    """Rows changed since the file was new."""
    with closing(sqlite3.connect(path)) as file:
        return int(file.execute("PRAGMA user_version").fetchone()[0])


def strangers(count: int) -> list[Record]:
    """Posts that have next to nothing in common."""
    return [
        record(
            f"{n}.txt",
            [project("p", f"Silta numero {n}"), organisation("o", f"Sillan {n} tuki ry")],
            [("part", "p", "o", "lead")],
        )
        for n in range(count)
    ]


@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(states=STATES)
def test_a_patched_file_holds_what_a_new_one_does(
    tmp_path_factory: pytest.TempPathFactory, states: list[list[Record]]
) -> None:
    place = tmp_path_factory.mktemp("states")
    with pytest.MonkeyPatch.context() as always:
        always.setattr(patch, "MOST", float("inf"))
        for posts in states[:-1]:
            publish(place / "grown", posts)
        with resolve(states[-1]) as tables:
            grown, clean = (written(place / name, tables) for name in ("grown", "clean"))
    assert content(grown) == content(clean)
    assert len(content(grown)["matched"]) == len(states[-1])


def test_few_changes_are_patched_and_many_written_anew(tmp_path: Path) -> None:
    assert patched(publish(tmp_path, strangers(20))) == 0
    once = patched(publish(tmp_path, strangers(21)))
    assert once > 0
    # Counted together: a file that was patched often is made anew.
    assert patched(publish(tmp_path, strangers(20))) == 2 * once
    assert patched(publish(tmp_path, strangers(10))) == 0


@pytest.mark.parametrize("name", [DATABASE, "tables/participations.parquet", "run.json"])
def test_what_somebody_changed_is_not_built_upon(tmp_path: Path, name: str) -> None:
    before = publish(tmp_path, strangers(20)).parent / name
    if name == DATABASE:
        with closing(sqlite3.connect(before)) as file:
            file.execute("DELETE FROM participations")
            file.commit()
    else:
        before.write_bytes(before.read_bytes()[:-40])
    after = publish(tmp_path, strangers(21))
    assert patched(after) == 0
    assert len(content(after)["participations"]) == 21


def test_other_code_writes_a_file_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(tmp_path, strangers(20))
    monkeypatch.setattr(patch, "stage_digest", lambda *_: "edited")
    assert patched(publish(tmp_path, strangers(21))) == 0


def test_what_went_leaves_no_word_in_the_file(tmp_path: Path) -> None:
    posts = strangers(20)
    secret = record("secret.txt", [project("p", "Salaisuuslampi")], [])
    path = publish(tmp_path, [*posts, secret])
    assert b"alaisuuslampi" in path.read_bytes()
    after = publish(tmp_path, [*posts, *strangers(21)[20:]])
    assert patched(after) > 0
    assert b"alaisuuslampi" not in after.read_bytes()
