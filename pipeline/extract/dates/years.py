"""Years that nothing around them marks as dates: ``Ruutupaperi-sarjakuvapaja 2018``."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from pipeline.extract.dates.tokens import tokens
from pipeline.extract.finds import DateFind
from pipeline.extract.spans import Spans

EARLIEST, LATEST = 1990, 2049
_CONFIDENCE = 0.3


def with_bare_years(text: str, found: Sequence[DateFind]) -> list[DateFind]:
    """The dates ``found`` and the years that stand outside of them, in text order.

    Most are part of a name or a number of something; evidence weighs which date a project.
    """
    taken = Spans(found)
    years = [
        DateFind(
            start=token.start,
            end=token.end,
            rule="year-bare",
            confidence=_CONFIDENCE,
            first=date(token.value, 1, 1),
            last=date(token.value, 12, 31),
            precision="year",
            first_precision="year",
            last_precision="year",
            relative=False,
            is_range=False,
        )
        for token in tokens(text)
        if token.kind == "year"
        and EARLIEST <= token.value <= LATEST
        and not taken.touches(token.start, token.end)
    ]
    return sorted([*found, *years], key=lambda find: find.start)
