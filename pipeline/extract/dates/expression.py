"""Dates as written: a point (one date) and an expression (one or two of them, and its bounds)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pipeline.extract.dates.words import Season

Unit = Literal["day", "week", "month", "season", "months", "year", "year_turn"]
Part = Literal["start", "end", "late", "early", "middle", "first_half", "last_half", "turn"]
Anchor = Literal["last", "this", "next", "before_last"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One date as written. ``year`` is absolute; ``shift`` counts years from the reference,
    ``context`` from the year named last in the text (``saman vuoden``).

    ``anchor`` (``viime``, ``ensi``) ties the unit itself to the reference. ``month`` and
    ``last_month`` bound months, halves and quarters; ``week`` is an ISO week, or with ``month``
    the n-th week of that month (-1: the last). ``case`` is the grammatical case of the phrase.
    """

    unit: Unit
    year: int | None = None
    shift: int | None = None
    context: int | None = None
    anchor: Anchor | None = None
    month: int | None = None
    last_month: int | None = None
    day: int | None = None
    week: int | None = None
    last_week: int | None = None
    season: Season | None = None
    part: Part | None = None
    case: str | None = None
    bare: bool = False  # a year and nothing else

    @property
    def dated(self) -> bool:
        """Says its year itself, or how it lies to the reference."""
        said = (self.year, self.shift, self.anchor, self.context)
        return any(one is not None for one in said)


@dataclass(frozen=True, slots=True, kw_only=True)
class Expression:
    """One date expression ``tokens[start:end]``.

    A single date has ``first`` only. A range has ``is_range``; its open end is ``None``.
    ``bound`` says which end of something the expression gives: ``from``, ``until`` or none.
    ``bare`` marks numbers that are years only by their form; ``named`` those that look like part
    of a name (``Suomi 2021–2027``).
    """

    start: int
    end: int
    first: Point | None
    last: Point | None = None
    is_range: bool = False
    bound: str | None = None
    bare: bool = False
    named: bool = False
