"""Knowledge as data: TOML and CSV files that an analyst can edit, and their one loader."""

from __future__ import annotations

import csv
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def table(name: str) -> tuple[dict[str, str], ...]:
    """Rows of ``lexicon/<name>.csv`` as dicts of strings; rows starting with ``#`` are comments.

    Raises ``FileNotFoundError`` naming the file when there is no such table.
    """
    return rows_of(files(__package__).joinpath(f"{name}.csv").read_text(encoding="utf-8"))


def rows_of(text: str) -> tuple[dict[str, str], ...]:
    """Rows of a table's text; rows starting with ``#`` are comments, a short row ends in "".

    Raises ``ValueError`` for a row with more columns than the header.
    """
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    header, *rows = csv.reader(lines)
    width = len(header)
    for row in rows:
        if len(row) > width:
            raise ValueError(f"the row {row} has more columns than {header}")
        row += [""] * (width - len(row))
    return tuple(dict(zip(header, row, strict=True)) for row in rows)


@cache
def settings(name: str) -> dict[str, Any]:
    """Contents of ``lexicon/<name>.toml``.

    Raises ``FileNotFoundError`` naming the file, or ``tomllib.TOMLDecodeError`` with the line.
    """
    text = files(__package__).joinpath(f"{name}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
