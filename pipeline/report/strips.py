"""Strips of time: where a project's period lies among the years that a picture shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

STRIP = 1000  # units a strip is wide


@dataclass(frozen=True, slots=True)
class Strip:
    """A bar in a strip of ``STRIP`` units; ``open_start`` and ``open_end`` say what is unknown."""

    x: int
    width: int
    open_start: bool = False
    open_end: bool = False


def years(periods: Sequence[tuple[str | None, str | None]]) -> tuple[int, int]:
    """The first and last year that a picture of these periods shows: far ones stay outside."""
    ends = sorted(int(day[:4]) for period in periods for day in period if day)
    if not ends:
        return 0, 0
    low = ends[len(ends) // 50]
    return low, max(last_shown(ends), low)


def last_shown(years: Sequence[int]) -> int:
    """The last of years in order that a picture shows: one in fifty is somebody's slip."""
    return years[-1 - len(years) // 50]


def strip(start: str | None, end: str | None, shown: tuple[int, int]) -> Strip:
    """Where a period lies in the years shown; one without an end is drawn for half a year."""
    first, last = date(shown[0], 1, 1).toordinal(), date(shown[1], 12, 31).toordinal()

    def place(day: str) -> int:
        at = (date.fromisoformat(day).toordinal() - first) / max(1, last - first)
        return round(STRIP * min(max(at, 0), 1))

    half = round(STRIP * 180 / max(1, last - first))
    x = place(start) if start else max(0, place(end or "") - half)
    until = place(end) if end else min(STRIP, x + half)
    return Strip(x, max(until - x, 6), start is None, end is None)
