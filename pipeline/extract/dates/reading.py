"""What the readers of points share: tokens, years, and the words behind a point."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from pipeline.extract.dates.expression import Point
from pipeline.extract.dates.tokens import END, NEW_PARAGRAPH, Token
from pipeline.extract.dates.words import plural_years

Tokens = Sequence[Token]
Read = tuple[Point, int]


class Year(NamedTuple):
    """A year as said: its number, or how many years from the reference's."""

    number: int | None
    shift: int | None
    case: str | None
    end: int
    bare: bool = False
    context: int | None = None


_SHIFTS = {"last": -1, "this": 0, "next": 1, "before_last": -2}


def peek(tokens: Tokens, index: int) -> Token:
    """The token if it continues the paragraph, else ``END``."""
    token = tokens[index]
    return END if token.gap == NEW_PARAGRAPH else token


def read_year(tokens: Tokens, index: int) -> Year | None:
    """``2021``, ``vuonna 2021``, ``v. 2021``, ``ensi vuonna``, ``kuluvan vuoden``."""
    first = tokens[index]
    if first.kind == "year":
        return Year(first.value, None, None, index + 1, bare=True)
    if first.kind == "anchor" and peek(tokens, index + 1).kind == "year_word":
        word = tokens[index + 1]
        if word.case is not None and word.text.lower() not in plural_years():
            return Year(None, _SHIFTS[first.value], word.case, index + 2)
    if first.kind == "context" and peek(tokens, index + 1).kind == "year_word":
        word = tokens[index + 1]
        if word.case in ("Gen", "Ess", "Ela", "Ill"):
            return Year(None, None, word.case, index + 2, context=first.value)
    if first.kind == "year_word":
        after = index + 1
        if first.case is None and peek(tokens, after).kind == "dot":
            after += 1
        if peek(tokens, after).kind == "year":
            return Year(tokens[after].value, None, first.case, after + 1)
    return None


def with_year(tokens: Tokens, read: Read) -> Read:
    """Add a year behind a point that has none: ``elokuussa 2020``, ``… vuonna 2020``."""
    point, index = read
    if point.dated or tokens[index].gap == NEW_PARAGRAPH:
        return read
    year = read_year(tokens, index)
    if year is None:
        return read
    return replace(point, year=year.number, shift=year.shift, context=year.context), year.end


def with_part(tokens: Tokens, read: Read) -> Read:
    """Add ``alussa``, ``lopussa``, ``puolivälissä`` behind a genitive or a bare year."""
    point, index = read
    token = peek(tokens, index)
    if token.kind != "part" or point.part or point.case not in ("Gen", None):
        return read
    return replace(point, part=token.value, case=token.case, bare=False), index + 1
