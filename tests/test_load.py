"""``load`` gives frames with proper types, one complete run at a time."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from written import TWO, write_records

import pipeline
from pipeline.ask.evidence import sentence
from pipeline.errors import OutputUnusable
from pipeline.tables.schema import TABLES


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_records(TWO, tmp_path_factory.mktemp("outputs"))


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
        # A span that holds what stands behind its sentence.
        ("Aino johtaa.\n\nLoppu alkaa.", "johtaa.\n\n", "Aino [johtaa.\n\n]"),
        ("Aino johtaa. Loppu alkaa.", "johtaa. ", "Aino [johtaa. ]"),
        ("Aino\njohtaa sitä.\nLoppu", "Aino\njohtaa", "[Aino\njohtaa] sitä."),
    ],
)
def test_sentences(text: str, marked: str, expected: str) -> None:
    start = text.index(marked)
    assert sentence(text, start, start + len(marked)) == expected
