"""Records for tests of tables: two of every kind of fact, two of one project; their outputs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import pytest
from record_cases import area, organisation, person, project, record

from pipeline.records import Record
from pipeline.resolve import resolve
from pipeline.tables import RunInfo, locked, write_outputs
from pipeline.tables.tables import Tables

POSTS = [
    record(
        "a.txt",
        [
            project("p", "KUUSI – Kuusamäen uudet sillat", ("KUUSI", "short")),
            project("q", "Siltojen Suomi", subtype="programme"),
            organisation("o", "Kuusamäen kaupunki", subtype="municipality", code="0000000-0"),
            person("h", "Aino Esimerkki", phone="+358 40 123 4567", email="aino@esimerkki.fi"),
            area("k", "Kuusamäki", "999"),
        ],
        [
            ("part", "p", "o", "lead"),
            ("role", "h", "projektipäällikkö", "p", "o"),
            ("date", "p", "project_period", date(2020, 1, 1), date(2021, 12, 31)),
            ("total", "p", 1_234_567.5),
            ("area", "p", "k"),
            ("link", "p", "q", "part_of"),
            ("id", "phone", "+358 40 123 4567", "person", "h"),
        ],
        date(2020, 2, 3),
        repairs=("mojibake", "entities"),
    ),
    record(
        "b.txt",
        [project("p", '=HYPERLINK("http://x";"y")'), organisation("o", '@Kirjasto 😀, "K"')],
        [("part", "p", "o", "partner")],
    ),
]


BODY = organisation("o", "Kuusamäen kaupunki", ("KMK", "acronym"), subtype="municipality")
TWO = [
    record(
        "a.txt",
        [project("p", "Uudet sillat"), BODY, person("h", "Aino Esimerkki")],
        [
            ("part", "p", "o", "lead"),
            ("role", "h", "suunnittelija", "p"),
            ("date", "p", "project_start", date(2020, 1, 1), date(2020, 1, 31)),
            ("total", "p", 100_000.0),
            ("id", "email", "aino@esimerkki.fi", "person", "h"),
        ],
        date(2020, 1, 5),
    ),
    record("b.txt", [organisation("o", "KMK"), project("p", "Uudet sillat")]),
]
"""A project of two announcements, a body by its name in one and by its acronym in the other."""


def write_records(posts: Sequence[Record], folder: Path) -> Path:
    """The folder with the tables of these records as its outputs."""
    with resolve(posts) as made, locked(folder) as held:
        write_outputs(made, held)
    return folder


@pytest.fixture
def tables() -> Iterator[Tables]:
    with resolve(POSTS) as made:
        yield made


@pytest.fixture
def out(tmp_path: Path, tables: Tables) -> Path:
    with locked(tmp_path / "outputs") as held:
        write_outputs(tables, held, RunInfo(versions={"hankepoimuri": "0"}))
    return tmp_path / "outputs"
