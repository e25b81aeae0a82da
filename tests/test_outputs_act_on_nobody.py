"""What announcements say starts no formula in a spreadsheet and gives a terminal no command."""

from __future__ import annotations

import csv
import io
import os
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.summary import Report, summary_lines
from pipeline.tables.spreadsheets import guarded, unguarded
from pipeline.terminal import visible, visible_line

HOSTILE = [
    "Budjetti;=HYPERLINK(1)",
    "Rivi\n=1+1",
    "Rivi\n- kohta; +358 40, -5\t@a",
    'Sanoi;"=1"',
    'a;"";=1',
    ";\xa0=1",
    "'=1",
    "\t=1",
]


def as_file(cells: list[str]) -> str:
    """The cells as a column between two others, in a CSV file as runs write it."""
    text = guarded(pa.array(cells, pa.string()))
    columns = {"id": ["d-1"] * len(cells), "text": text, "n": [5] * len(cells)}
    batch = pa.RecordBatch.from_pydict(columns)
    out = io.BytesIO()
    options = pyarrow.csv.WriteOptions(quoting_style="needed")
    with pyarrow.csv.CSVWriter(out, batch.schema, write_options=options) as writer:
        writer.write(batch)
    return out.getvalue().decode()


def starts_formula(cell: str) -> bool:
    return cell.lstrip(' \xa0"')[:1] in {*"=+-@＝＋－＠"} and bool(cell.lstrip(' \xa0"'))


@settings(max_examples=300, deadline=None)
@given(st.lists(st.text(alphabet="=-@'\"\t\r\n ;,a＝\xa0", max_size=9), max_size=4))
def test_no_cell_starts_a_formula_however_the_file_is_parted(cells: list[str]) -> None:
    raw = as_file([*cells, *HOSTILE])
    for delimiter in ",;\t":
        rows = csv.reader(io.StringIO(raw, newline=""), delimiter=delimiter)
        assert [cell for row in rows for cell in row if starts_formula(cell)] == []


@settings(max_examples=300, deadline=None)
@given(st.lists(st.text(alphabet="=-@'\"\t\r\n ;,a＝\xa0", max_size=9), max_size=4))
def test_guards_can_be_taken_off(cells: list[str]) -> None:
    column = pa.array([*cells, *HOSTILE], pa.string())
    assert unguarded(guarded(column)).equals(column)


def test_a_terminal_gets_escapes_where_a_name_has_commands() -> None:
    assert visible("a\x1b[2Jb\u202ec\x9b\n\tä€") == "a\\x1b[2Jb\\u202ec\\x9b\n\tä€"
    assert visible_line("a\nb") == "a\\nb"
    report = Report(
        counts={}, statuses={}, extracted=0, failures=(("\x1b]0;oma\x07.txt", "x\r\nfailed: y"),)
    )
    shown = "\n".join(summary_lines(report, Path("out")))
    assert "\\x1b]0;oma\\x07.txt: x\\r\\nfailed: y" in shown


@pytest.mark.parametrize("encoding", ["latin-1", "ascii"])
def test_a_terminal_in_another_encoding_is_no_traceback(tmp_path: Path, encoding: str) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "pipeline", "explain", "Ж…", "--output", str(tmp_path)],
        capture_output=True,
        env={**os.environ, "PYTHONIOENCODING": encoding},
        timeout=60,
    )
    assert ran.returncode == 5
    assert b"Traceback" not in ran.stderr
    helped = subprocess.run(
        [sys.executable, "-m", "pipeline", "run", "--help"],
        capture_output=True,
        env={**os.environ, "PYTHONIOENCODING": encoding},
        timeout=60,
    )
    assert helped.returncode == 0
