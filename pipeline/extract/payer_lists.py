"""Lists of who pays what: behind words of money, a payer and an amount on each line.

``Rahoitus koostuu näin:`` — ``Lapin liitto   120 400 €`` — ``Yhteensä   1 249 700 €``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import NamedTuple

from pipeline import lexicon
from pipeline.extract.numerals import DIGITS

_BEFORE = 250  # characters before a list in which it is introduced


class PayerLine(NamedTuple):
    """A line ``text[start:end]``: the payer ends at ``named``; ``total`` where it sums up."""

    start: int
    named: int
    end: int
    total: bool


@lru_cache(maxsize=4)
def payer_lines(text: str) -> tuple[PayerLine, ...]:
    """The lines of all such lists, each of two lines or more."""
    return tuple(_lines(text))


def _lines(text: str) -> Iterator[PayerLine]:
    group: list[re.Match[str]] = []
    for match in _line().finditer(text):
        if group and text[group[-1].end() : match.start()].strip(" \t") != "\n":
            yield from _group(text, group)
            group = []
        group.append(match)
    yield from _group(text, group)


def _group(text: str, group: list[re.Match[str]]) -> Iterator[PayerLine]:
    if len(group) < 2:
        return
    before = text[max(0, group[0].start() - _BEFORE) : group[0].start()]
    if _words("introduced").search(before) is None:
        return
    for match in group:
        total = _words("total").match(match["name"]) is not None
        yield PayerLine(match.start("name"), match.end("name"), match.end(), total)


@cache
def _line() -> re.Pattern[str]:
    return re.compile(
        rf"""^[ \t]*(?:[-–•*][ \t]*)?
             (?P<name>[^\d\s:][^\d\n:€%]{{1,60}}?)
             [ \t]*[:–-]?[ \t]+ (?:{DIGITS})[ \t\xa0]?(?:€|e|eur(?:oa|o)?)\.?[ \t]*$""",
        re.VERBOSE | re.MULTILINE | re.IGNORECASE,
    )


@cache
def _words(name: str) -> re.Pattern[str]:
    words = lexicon.settings("budget_words")["payers"][name]
    return re.compile(rf"(?<!\w)(?:{'|'.join(words)})", re.IGNORECASE)


def is_many(text: str, line: PayerLine) -> bool:
    """Whether a line names no body but some who pay together: ``kunnat``, ``yritykset``."""
    return _words("many").match(text, line.start, line.named) is not None
