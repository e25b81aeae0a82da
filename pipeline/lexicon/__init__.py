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

    Raises ``FileNotFoundError`` when there is no such table, ``ValueError`` for one that is none;
    both name the file.
    """
    text = files(__package__).joinpath(f"{name}.csv").read_text(encoding="utf-8")
    try:
        return rows_of(text)
    except ValueError as error:
        raise ValueError(f"lexicon/{name}.csv: {error}") from error


def rows_of(text: str) -> tuple[dict[str, str], ...]:
    """Rows of a table's text; rows starting with ``#`` are comments, a short row ends in "".

    Raises ``ValueError`` for a row with more columns than the header, or where there is none.
    """
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    if not lines:
        raise ValueError("it is empty")
    header, *rows = csv.reader(lines)
    width = len(header)
    for row in rows:
        if len(row) > width:
            raise ValueError(f"the row {row} has more columns than {header}")
        row += [""] * (width - len(row))
    return tuple(dict(zip(header, row, strict=True)) for row in rows)


class NotSaid(KeyError):
    """A file of the lexicon lacks a key that the rules ask for."""

    def __str__(self) -> str:
        """The sentence, which ``KeyError`` would show between quotation marks."""
        return str(self.args[0])


class Settings(dict[str, Any]):
    """A part of a TOML file: asked for a key that is not there, it names the file."""

    def __init__(self, file: str, said: dict[str, Any]) -> None:
        super().__init__(
            (key, Settings(file, value) if isinstance(value, dict) else value)
            for key, value in said.items()
        )
        self._file = file

    def __missing__(self, key: str) -> Any:
        """Raises ``NotSaid``."""
        raise NotSaid(f"{self._file} says nothing of {key!r}")


@cache
def settings(name: str) -> Settings:
    """Contents of ``lexicon/<name>.toml``.

    Raises ``FileNotFoundError``, or ``tomllib.TOMLDecodeError`` with the line; a key that is not
    there raises ``NotSaid``. All of them name the file.
    """
    text = files(__package__).joinpath(f"{name}.toml").read_text(encoding="utf-8")
    return settings_of(f"lexicon/{name}.toml", text)


def settings_of(file: str, text: str) -> Settings:
    """Contents of a TOML file's text. Raises ``tomllib.TOMLDecodeError`` naming the file."""
    try:
        return Settings(file, tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise tomllib.TOMLDecodeError(f"{file}: {error}") from error
