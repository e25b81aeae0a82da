"""Pages of the run before are taken over where they show the same, and only there."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from record_cases import organisation, person, project, record

from pipeline.records import Record
from pipeline.report import write_report
from pipeline.resolve import resolve
from pipeline.tables import current, locked, write_outputs

BRIDGE, TOWN = project("p", "Uudet sillat"), organisation("o", "Kuusamäen kaupunki")
FIRST = record("a.txt", [BRIDGE, TOWN], [("part", "p", "o", "lead")], date(2023, 2, 1))
OTHER = record("b.txt", [project("q", "Vanhat tiet"), TOWN], [("part", "q", "o", "lead")])
MORE = record("c.txt", [BRIDGE, person("h", "Aino Esimerkki")], [("role", "h", "johtaja", "p")])


def run(folder: Path, posts: list[Record]) -> Path:
    """The folder of a run over these posts, without pages."""
    with resolve(posts) as tables, locked(folder) as held:
        write_outputs(tables, held)
    return current(folder)


def pages(run: Path) -> dict[str, Path]:
    found = (run / "report").rglob("*.html")
    return {path.relative_to(run / "report").as_posix(): path for path in found}


@pytest.fixture
def before(tmp_path: Path) -> Path:
    made = run(tmp_path / "before", [FIRST, OTHER])
    write_report(made)
    return made


def test_what_changed_is_written_and_the_rest_taken_over(before: Path, tmp_path: Path) -> None:
    after, alone = (run(tmp_path / name, [FIRST, OTHER, MORE]) for name in ("after", "alone"))
    write_report(after, before)
    write_report(alone)
    made, expected = pages(after), pages(alone)
    assert made.keys() == expected.keys()
    for name, path in made.items():
        assert path.read_bytes() == expected[name].read_bytes(), name
    taken = {name for name, path in made.items() if path.stat().st_nlink > 1}
    # Both announcements of before and the project that nothing new is said of, in two languages.
    assert len(taken) == 2 * 3
    assert {name.rpartition("/")[0] for name in taken} == {"a", "p", "en/a", "en/p"}


def test_a_page_that_somebody_changed_is_written_anew(before: Path, tmp_path: Path) -> None:
    after = run(tmp_path / "after", [FIRST, OTHER])
    changed = next(name for name in pages(before) if name.startswith("a/"))
    whole = pages(before)[changed].read_bytes()
    pages(before)[changed].write_text("spoilt")
    write_report(after, before)
    assert pages(after)[changed].read_bytes() == whole


def test_damaged_notes_of_the_run_before_take_nothing_over(before: Path, tmp_path: Path) -> None:
    after = run(tmp_path / "after", [FIRST, OTHER])
    for notes in (before / "report").rglob("pages.json"):
        notes.write_text("{")
    write_report(after, before)
    assert {path.stat().st_nlink for path in pages(after).values()} == {1}
