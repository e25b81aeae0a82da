"""From a date as written (a point) to the days it can mean, and from no year to the right one."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import replace
from datetime import date, timedelta
from typing import Literal

from pipeline.extract.dates.expression import Anchor, Point, Unit
from pipeline.extract.dates.words import Season
from pipeline.records import Precision

Tense = Literal["past", "future"]
Days = tuple[date, date]

PRECISION: dict[Unit, Precision] = {
    "day": "day",
    "week": "day",
    "month": "month",
    "months": "month",
    "year_turn": "month",
    "season": "season",
    "year": "year",
}
_COARSENESS: dict[Precision, int] = {"day": 0, "month": 1, "season": 2, "year": 3}


def precision(point: Point) -> Precision:
    """How exact the point is, before any part of it (``alussa``) is taken."""
    return PRECISION[point.unit]


def coarser(one: Precision, other: Precision) -> Precision:
    """The less exact of two precisions."""
    return max(one, other, key=_COARSENESS.__getitem__)


def days(point: Point, year: int) -> Days | None:
    """First and last day of the point when it belongs to ``year``; ``None``: no such day."""
    try:
        whole = _whole(point, year)
    except ValueError:
        return None
    return _part(whole, point) if point.part else whole


def _whole(point: Point, year: int) -> Days:
    if point.unit == "year":
        return date(year, 1, 1), date(year, 12, 31)
    if point.unit == "year_turn":
        return date(year - 1, 12, 22), date(year, 1, 10)
    if point.unit == "season" and point.season is not None:
        return _season(point.season, year)
    if point.unit == "week":
        return _week(point, year)
    month = point.month or 1
    if point.unit == "day":
        day = date(year, month, point.day or 1)
        return day, day
    last = point.last_month or month
    return date(year, month, 1), _month_end(year if last >= month else year + 1, last)


def _season(season: Season, year: int) -> Days:
    crosses = season.last < season.first
    first_year = year - 1 if crosses and season.names == "last" else year
    first = date(first_year, season.first, 1)
    return first, _month_end(first_year + 1 if crosses else first_year, season.last)


def _week(point: Point, year: int) -> Days:
    number = point.week or 1
    if point.month is None:
        last = point.last_week or number
        return date.fromisocalendar(year, number, 1), date.fromisocalendar(year, last, 7)
    end = _month_end(year, point.month)
    if number < 0:
        return end - timedelta(days=6), end
    first = date(year, point.month, 7 * number - 6)
    return first, min(first + timedelta(days=6), end)


def _part(whole: Days, point: Point) -> Days:
    """Part of a month, season or year: contract's "alussa" and "lopussa", and their like."""
    first, last = whole
    if point.unit == "year":
        months = {
            "start": (1, 3),
            "early": (1, 3),
            "middle": (6, 7),
            "late": (10, 12),
            "end": (12, 12),
            "first_half": (1, 6),
            "last_half": (7, 12),
        }
        if point.part == "turn":
            return date(first.year - 1, 12, 22), date(first.year, 1, 10)
        low, high = months[point.part or "start"]
        return date(first.year, low, 1), _month_end(first.year, high)
    if point.unit == "season":
        if point.part in ("start", "early", "first_half"):
            return first, _month_end(first.year, first.month)
        if point.part in ("end", "late", "last_half"):
            return last.replace(day=1), last
        return whole
    if point.part in ("start", "early"):
        return first, first.replace(day=10)
    if point.part in ("end", "late"):
        return last - timedelta(days=9), last
    if point.part == "middle":
        return first.replace(day=11), last - timedelta(days=10)
    if point.part == "first_half":
        return first, first.replace(day=15)
    if point.part == "last_half":
        return last.replace(day=16), last
    return _turn(whole, point)


def _turn(whole: Days, point: Point) -> Days:
    """``heinä–elokuun vaihteessa``: the last ten days of one month and ten of the next."""
    first, last = whole
    if point.last_month and point.last_month != point.month:
        return _month_end(first.year, first.month) - timedelta(days=9), last.replace(day=10)
    return last - timedelta(days=9), last + timedelta(days=10)


def _month_end(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def resolve(
    point: Point, reference: date | None, tense: Tense | None, since: date | None = None
) -> Days | None:
    """Days of a point; a point without a year takes the one that suits reference and tense.

    ``since`` is the day of another date that the sentence names before this one.
    """
    if point.year is not None:
        return days(point, point.year)
    if reference is None:
        return None
    if point.shift is not None:
        return days(point, reference.year + point.shift)
    options = candidates(point, reference)
    if since is not None and point.anchor is None:
        options = following(options, since, reference, tense)
    return choose(options, reference, point.anchor or tense)


def candidates(point: Point, reference: date) -> list[Days]:
    """The point in the years around the reference, in order of time."""
    if point.unit == "week" and point.week is None:
        monday = reference - timedelta(days=reference.weekday())
        weeks = [monday + timedelta(days=7 * n) for n in (-2, -1, 0, 1, 2)]
        return [(day, day + timedelta(days=6)) for day in weeks]
    if point.unit == "month" and point.month is None:
        months = [reference.year * 12 + reference.month - 1 + n for n in (-2, -1, 0, 1, 2)]
        named = [replace(point, month=number % 12 + 1) for number in months]
        found = [days(p, n // 12) for p, n in zip(named, months, strict=True)]
    else:
        found = [days(point, reference.year + n) for n in (-2, -1, 0, 1, 2)]
    return [one for one in found if one]


def following(options: list[Days], since: date, reference: date, how: Tense | None) -> list[Days]:
    """Options for a date that the sentence names after another: it isn't the earlier one.

    Of past ones the first after ``since`` is meant ("alkoi tammikuussa 2020 ja päättyi
    kesäkuussa"). All options where none of them suits.
    """
    later = [one for one in options if one[0] >= since]
    if how == "past":
        return [one for one in later if one[0] <= reference][:1] or options
    return later or options


def choose(options: list[Days], reference: date, how: Anchor | Tense | None) -> Days | None:
    """The option that ``viime``, ``ensi``, a past or future verb means; else the nearest."""
    past = [one for one in options if one[0] <= reference]
    gone = [one for one in options if one[1] < reference]
    if how == "past":
        return past[-1] if past else None
    if how == "future":
        return next((one for one in options if one[1] >= reference), None)
    if how == "last":
        return gone[-1] if gone else None
    if how == "before_last":
        return gone[-2] if len(gone) > 1 else None
    if how == "next":
        return next((one for one in options if one[0] > reference), None)
    if how == "this":
        options = [one for one in options if reference.year in (one[0].year, one[1].year)]
    return min(options, key=lambda one: (_distance(one, reference), one), default=None)


def _distance(option: Days, reference: date) -> int:
    first, last = option
    return max((first - reference).days, (reference - last).days, 0)
