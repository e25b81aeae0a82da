"""``load`` gives frames with proper types, one complete run at a time."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from record_cases import organisation, person, project, record

import pipeline
from pipeline.ask.evidence import sentence
from pipeline.errors import OutputUnusable
from pipeline.resolve import resolve
from pipeline.tables import locked, write_outputs
from pipeline.tables.schema import TABLES


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("outputs")
    body = organisation("o", "Kuusamäen kaupunki", ("KMK", "acronym"), subtype="municipality")
    posts = [
        record(
            "a.txt",
            [project("p", "Uudet sillat"), body, person("h", "Aino Esimerkki")],
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
    with resolve(posts) as tables, locked(folder) as held:
        write_outputs(tables, held)
    return folder


def test_every_table_and_column_has_a_proper_type(outputs: Path) -> None:
    frames = pipeline.load(outputs)
    assert list(frames) == [table.name for table in TABLES]
    kinds = {
        "string": "string",
        "integer": "Int64",
        "number": "Float64",
        "boolean": "boolean",
        "date": "datetime64[s]",
    }
    for table in TABLES:
        for column in table.columns:
            found = frames[table.name][column.name].dtype
            if column.enum:
                assert isinstance(found, pd.CategoricalDtype)
                assert tuple(found.categories) == column.enum
            else:
                assert found == kinds[column.type]


def test_missing_is_missing_and_values_count(outputs: Path) -> None:
    frames = pipeline.load(str(outputs))
    (row,) = frames["projects"].to_dict("records")
    assert row["start_date"] == pd.Timestamp(2020, 1, 1)
    assert pd.isna(row["end_date"])
    assert frames["budgets"]["amount"].sum() == 100_000
    assert frames["identifiers"]["valid"].isna().all()
    joined = frames["participations"].merge(frames["projects"], on="project_id")
    assert joined["name"].tolist() == ["Uudet sillat"]


def test_a_folder_without_tables_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(OutputUnusable, match="hankepoimuri run"):
        pipeline.load(tmp_path)


def test_importing_the_package_loads_no_pandas() -> None:
    code = "import sys, pipeline; print('pandas' in sys.modules, 'pyarrow' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["False", "False"]


@pytest.mark.parametrize(
    ("text", "marked", "expected"),
    [
        ("Hanke alkaa. Aino johtaa sitä. Se päättyy.", "Aino", "[Aino] johtaa sitä."),
        ("Otsikko\nAino johtaa\nLoppu", "Aino", "[Aino] johtaa"),
        ("Aino", "Aino", "[Aino]"),
        ("Klo 12. aamulla Aino tuli.", "Aino", "Klo 12. aamulla [Aino] tuli."),
    ],
)
def test_sentences(text: str, marked: str, expected: str) -> None:
    start = text.index(marked)
    assert sentence(text, start, start + len(marked)) == expected
