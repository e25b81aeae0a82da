"""Amounts whose unit is said once for several: ``sai 38 000 euroa ja lisää vielä 12 000``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pipeline.extract.finds import MoneyFind, PercentFind
from pipeline.extract.numerals import GROUP_SPACES, read_digits

_FAR = 160  # characters between such a number and the amount that says its unit
_GROUPED = re.compile(
    rf"""
    (?<![\w.,:/§€+–-]) (?<![\d§€][{GROUP_SPACES}])
    (?P<number> \d{{1,3}} (?: [{GROUP_SPACES}]\d{{3}} ){{1,2}} )
    (?= \s?[.,;)](?!\d) | \s(?:ja|sekä|eli|mutta)\s | \s*$ )
    """,
    re.VERBOSE,
)
_BREAK = re.compile(r"[.!?](?=\s+[A-ZÅÄÖ])|\n\s*\n")


def find_elliptic(text: str, found: Sequence[MoneyFind | PercentFind]) -> Iterator[MoneyFind]:
    """Grouped numbers with no noun behind them, in a sentence that names euros elsewhere."""
    euros = [find for find in found if isinstance(find, MoneyFind) and find.currency == "EUR"]
    if not euros:
        return
    for match in _GROUPED.finditer(text):
        start, end = match.span("number")
        if any(find.start < end and start < find.end for find in found):
            continue
        if any(_same_sentence(text, start, end, find) for find in euros):
            amount = read_digits(match["number"])
            yield MoneyFind(
                start=start,
                end=end,
                rule="amount-elliptic",
                confidence=0.7,
                amount=amount,
                currency="EUR",
                low=amount,
                high=amount,
            )


def _same_sentence(text: str, start: int, end: int, find: MoneyFind) -> bool:
    low, high = min(end, find.end), max(start, find.start)
    return high - low <= _FAR and _BREAK.search(text, low, high) is None
