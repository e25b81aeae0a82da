"""Read one date as written (a point): which reader starts at which kind of token.

Every reader takes the tokens and a position and gives the point with the position behind it, or
``None``. A point never runs over a blank line.
"""

from __future__ import annotations

from collections.abc import Callable

from pipeline.extract.dates.day_points import (
    read_day_first,
    read_day_month,
    read_full_day,
    read_holiday,
    read_week,
)
from pipeline.extract.dates.period_points import (
    read_anchored,
    read_fraction,
    read_month_first,
    read_month_stem,
    read_month_year,
    read_moon,
    read_part_year,
    read_quarter_year,
    read_season,
    read_year_first,
    read_year_turn,
)
from pipeline.extract.dates.reading import Read, Tokens, peek


def read_point(tokens: Tokens, index: int) -> Read | None:
    """The longest single date that starts at ``index``."""
    reader = _READERS.get(tokens[index].kind)
    return reader(tokens, index) if reader else None


def skip_weekday(tokens: Tokens, index: int) -> int:
    """Position behind ``ma``, ``pe–la`` or ``maanantaina,``."""
    after = index + 1
    if peek(tokens, after).kind == "dash" and peek(tokens, after + 1).kind.startswith("weekday"):
        after += 2
    while peek(tokens, after).kind in ("dot", "comma"):
        after += 1
    return after


def _weekday(tokens: Tokens, index: int) -> Read | None:
    """``maanantaina 18.11.2024``: the weekday is part of the date."""
    after = skip_weekday(tokens, index)
    known = peek(tokens, after).kind in ("dmy", "dmyy", "dm", "day")
    return read_point(tokens, after) if known else None


def begins(kind: str) -> bool:
    """Whether a single date can start at a token of that kind."""
    return kind in _READERS


_READERS: dict[str, Callable[[Tokens, int], Read | None]] = {
    "dmy": read_full_day,
    "dmyy": read_full_day,
    "dm": read_day_month,
    "day": lambda tokens, index: read_day_first(tokens, index) or read_fraction(tokens, index),
    "num": read_day_first,
    "holiday": read_holiday,
    "month": read_month_first,
    "stem": read_month_stem,
    "season": lambda tokens, index: read_month_stem(tokens, index) or read_season(tokens, index),
    "year": read_year_first,
    "year_word": read_year_first,
    "part_year": read_part_year,
    "year_turn": read_year_turn,
    "anchor": read_anchored,
    "context": read_year_first,
    "moon": read_moon,
    "week": read_week,
    "my": read_month_year,
    "q": read_quarter_year,
    "ordinal": lambda tokens, index: read_fraction(tokens, index),
    "weekday": _weekday,
    "weekday_short": _weekday,
}
