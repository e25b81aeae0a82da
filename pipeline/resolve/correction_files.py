"""Reads the files of what people decided: of entities and of facts, told apart by their columns."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from pipeline.errors import CorrectionsUnusable
from pipeline.resolve import corrections, fact_corrections
from pipeline.resolve.corrections import Correction
from pipeline.resolve.fact_corrections import FactCorrection
from pipeline.tables.spreadsheets import unguarded_text

DELIMITERS = ",;\t"
Decided = Correction | FactCorrection
Read = Callable[[Mapping[str, str | None]], Decided]


def read_corrections(path: Path) -> tuple[Decided, ...]:
    """The decisions of a file, or of all CSV files of a folder, sorted.

    A row whose decision is empty is not decided yet and left aside. Raises
    ``CorrectionsUnusable`` naming file and line.
    """
    if path.is_dir():
        # Nobody need write into a pipe that lies there: reading it would never end.
        found = (file for file in path.glob("*.csv") if not file.is_fifo())
        files = sorted(file for file in found if not file.name.startswith("."))
    else:
        files = [path]
    return tuple(sorted({one for file in files for one in _read(file)}, key=repr))


def _read(path: Path) -> set[Decided]:
    try:
        raw = path.read_bytes()
    except OSError as error:
        reason = error.strerror or error
        raise CorrectionsUnusable(f"{path} cannot be opened: {reason}.") from error
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise CorrectionsUnusable(f"{path}, line {line}: not UTF-8; save it as UTF-8.") from error
    first = text.partition("\n")[0]
    reader = csv.DictReader(
        io.StringIO(text, newline=""), delimiter=max(DELIMITERS, key=first.count), strict=True
    )
    found: set[Decided] = set()
    try:
        header = [column.strip() for column in reader.fieldnames or ()]
        columns, optional, decided = _kind(header)
        if missing := set(columns) - set(header):
            raise CorrectionsUnusable(f"{path}: columns are missing: {', '.join(sorted(missing))}.")
        reader.fieldnames = header
        for row in reader:
            cells = _cells(row, (*columns, *optional))
            if cells["decision"] is not None:
                found.add(decided(cells))
    except (csv.Error, ValueError) as error:
        raise CorrectionsUnusable(f"{path}, line {reader.reader.line_num}: {error}.") from error
    return found


def _kind(header: list[str]) -> tuple[tuple[str, ...], tuple[str, ...], Read]:
    """The columns a file must have, those it may have, and what reads its rows."""
    if "table" in header:
        return fact_corrections.COLUMNS, (), fact_corrections.fact_correction
    return corrections.COLUMNS, corrections.OPTIONAL, corrections.correction


def _cells(row: dict[Any, Any], columns: tuple[str, ...]) -> dict[str, str | None]:
    if None in row:
        raise ValueError("more cells than columns; a cell with the delimiter in it needs quotes")
    return {column: _plain(row[column] or "") or None for column in columns if column in row}


def _plain(cell: str) -> str:
    """A cell without the apostrophe that keeps spreadsheets from taking it for a formula."""
    return unguarded_text(cell.strip())
