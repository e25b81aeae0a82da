"""Numbers without a unit that a form's label or a table's heading makes money or a percentage.

``Kokonaiskustannukset: 786 500``, ``Tukiprosentti: 70``, and columns headed ``TUKI, €``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from pipeline import lexicon
from pipeline.extract.finds import MoneyFind, PercentFind
from pipeline.extract.numerals import DIGITS, read_digits
from pipeline.patterns import Pattern

_LEAST = 1000  # a smaller lone number may count anything
_NUMBER = re.compile(rf"\s*(?P<number>{DIGITS})\s*", re.VERBOSE)
_YEAR = re.compile(r"(?:19|20)\d\d")


class Column(NamedTuple):
    """What a table's heading says of the numbers below it."""

    kind: str  # "money", "percent"
    factor: float = 1


def find_in_layout(text: str) -> Iterator[MoneyFind | PercentFind]:
    """Lone numbers of forms, then of tables (cells between tabs, bars or runs of spaces)."""
    yield from _labelled(text)
    yield from _tabled(text)


@cache
def _label() -> Pattern:
    """A money or percent label, then a number alone up to the end of its line or of the next."""
    stems = sorted(lexicon.settings("money")["labels"]["stems"], key=len, reverse=True)
    return Pattern(
        rf"""^[^\S\n]*(?P<label>[^\n:]{{0,60}}?
               (?:\b(?:{"|".join(map(re.escape, stems))})|prosentti|-?%)[^\n:]{{0,60}})
             (?: :[^\S\n]* | :?[^\S\n]*\n\s* | (?<=[%€)])(?P<bare>[^\S\n]+) )
             (?P<number>{DIGITS})[^\S\n]*$""",
        re.VERBOSE | re.IGNORECASE | re.MULTILINE,
    )


def _labelled(text: str) -> Iterator[MoneyFind | PercentFind]:
    for match in _label().finditer(text):
        if match["bare"] and re.search(r"\d", match["label"]):
            continue  # "ESR-tuki 80 % 120": two values, no label
        span, raw = match.span("number"), match["number"]
        column = _column(match["label"])
        if column is not None and column.kind == "percent":
            yield from _percent(span, raw, "labelled-percent")
        elif not _YEAR.fullmatch(raw):
            factor = column.factor if column else 1
            if read_digits(raw, scaled=factor > 1) * factor >= _LEAST:
                yield _money(span, raw, factor, "labelled-amount")


def _tabled(text: str) -> Iterator[MoneyFind | PercentFind]:
    if not any(divider in text for divider in ("\t", "|", "  ")):
        return
    columns: list[Column | None] = []
    for match in re.finditer(r"[^\n]+|\n(?=\s*\n)", text):
        cells = list(_cells(match.group(), match.start()))
        if len(cells) < 2:
            columns = []
        elif len(columns) != len(cells):
            heads = [_column(cell) for cell, _ in cells]
            plain = not any(_NUMBER.fullmatch(cell) for cell, _ in cells)
            columns = heads if plain and any(heads) else []
        else:
            yield from _row(cells, columns)


def _row(
    cells: list[tuple[str, int]], columns: list[Column | None]
) -> Iterator[MoneyFind | PercentFind]:
    for (cell, start), column in zip(cells, columns, strict=True):
        number = _NUMBER.fullmatch(cell)
        if column is None or number is None:
            continue
        span = start + number.start("number"), start + number.end("number")
        if column.kind == "percent":
            yield from _percent(span, number["number"], "table-percent")
        else:
            yield _money(span, number["number"], column.factor, "table-amount")


def _cells(line: str, start: int) -> Iterator[tuple[str, int]]:
    """Cells of a line with their offsets in the text; one cell where nothing divides it."""
    position = 0
    for divider in re.finditer(r"\t|\s\|\s|(?<=\S) {2,}(?=\S)|$", line):
        yield line[position : divider.start()], start + position
        position = divider.end()


def _column(head: str) -> Column | None:
    """``Tuki, €``, ``Kustannukset (1 000 €)``, ``Tuki-%``; ``None`` for other headings."""
    lower = head.lower()
    if "%" in lower or "prosentti" in lower:
        return Column("percent")
    data = lexicon.settings("money")
    for row in data["scales"]:
        if any(mark in lower for mark in row["marks"]):
            return Column("money", row["value"])
    return Column("money") if _heading().search(lower) else None


@cache
def _heading() -> re.Pattern[str]:
    """Stems of the headings of columns of money."""
    labels = lexicon.settings("money")["labels"]
    return re.compile("|".join(map(re.escape, (*labels["stems"], *labels["heads"]))))


def _percent(span: tuple[int, int], raw: str, rule: str) -> Iterator[PercentFind]:
    value = read_digits(raw)
    if 0 < value <= 100:
        start, end = span
        yield PercentFind(start=start, end=end, rule=rule, confidence=0.85, percent=value)


def _money(span: tuple[int, int], raw: str, factor: float, rule: str) -> MoneyFind:
    amount = round(read_digits(raw, scaled=factor > 1) * factor, 2)
    start, end = span
    return MoneyFind(
        start=start,
        end=end,
        rule=rule,
        confidence=0.8,
        amount=amount,
        currency="EUR",
        low=amount,
        high=amount,
    )
