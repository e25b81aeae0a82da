"""Find the date expressions of a Finnish text and say which days they can mean.

A grammar over tokens finds and cuts them (``tokens``, ``points``, ``grammar``),
``spans`` turns them into days. The day of the run plays no part: what is not written out is
counted from ``reference`` alone.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from pipeline.extract.dates.expression import Expression, Point
from pipeline.extract.dates.grammar import parse
from pipeline.extract.dates.spans import (
    Days,
    Tense,
    choose,
    coarser,
    days,
    precision,
    resolve,
)
from pipeline.extract.dates.tense import prolonged, tense_near
from pipeline.extract.dates.tokens import Token, sentence_bounds, sentence_starts, tokens
from pipeline.extract.finds import DateFind

OpenDays = tuple[date | None, date | None]


class Circumstances(NamedTuple):
    """What an undated expression is read by: see ``spans.resolve``."""

    reference: date | None
    tense: Tense | None
    since: date | None


_CONFIDENCE = {"dated": 0.97, "bare": 0.85, "named": 0.5, "tensed": 0.85, "nearest": 0.65}


def find_dates(text: str, reference: date | None) -> list[DateFind]:
    """All date expressions of ``text`` in order, none crossing another.

    ``reference`` is the day the text was published: ``ensi vuonna``, a month or a season without
    its year and ``4.11.`` are read from it and from the tense of the verbs in the sentence.
    Without it such finds have neither ``first`` nor ``last``.

    The find's ``rule`` is its unit (``day``, ``month``, ``season``, ``year`` …) and ``-range``,
    ``-from`` (``alkaen``, elative: a start) or ``-until`` (``asti``, illative: an end);
    ``name-years`` are years that look like part of a name.
    """
    cut, expressions = _read(text)
    starts: list[int] | None = None
    found: list[DateFind] = []
    year: int | None = None  # the last one named
    for raw in expressions:
        expression = _in_context(raw, year)
        if expression is None:
            continue
        span = cut[expression.start].start, cut[expression.end - 1].end
        tense, since = None, None
        if reference is not None and not any(end.dated for end in _ends(expression)):
            starts = sentence_starts(text) if starts is None else starts
            sentence = sentence_bounds(text, starts, span[0])
            tense = tense_near(text, sentence, span)
            if expression.bound == "until" and (tense is None or prolonged(text, sentence)):
                tense = "future"  # a deadline
            since = _exact_since(found, sentence[0])
        find = _find(expression, span, Circumstances(reference, tense, since))
        if find is not None:
            found.append(find)
            year = max((end.year for end in _ends(expression) if end.year), default=year)
    return found


@lru_cache(maxsize=4)  # a text is read for the page's own dates, and again from these
def _read(text: str) -> tuple[list[Token], list[Expression]]:
    cut = tokens(text)
    return cut, parse(cut)


_EXACT = timedelta(days=100)  # a season at most


def _exact_since(found: list[DateFind], sentence_start: int) -> date | None:
    """The last date named in the sentence, if it is no whole year."""
    if not found or found[-1].start < sentence_start:
        return None
    first, last = found[-1].first, found[-1].last
    return first if first and last and last - first < _EXACT else None


def _find(
    expression: Expression, span: tuple[int, int], circumstances: Circumstances
) -> DateFind | None:
    ends = _with_years(expression)
    relative = any(end.year is None for end in ends)
    meant: OpenDays | None = (None, None)
    if circumstances.reference is not None or not relative:
        meant = _days(expression, ends, circumstances)
    if meant is None:
        return None  # no such day
    exact = [precision(end) for end in ends]
    months = ends[0].unit == "month" and ends[0].last_month not in (None, ends[0].month)
    return DateFind(
        start=span[0],
        end=span[1],
        rule=_rule(expression, ends),
        confidence=_confidence(expression, ends, circumstances.tense),
        first=meant[0],
        last=meant[1],
        precision=coarser(exact[0], exact[-1]),
        first_precision=exact[0] if expression.first else None,
        last_precision=None if _open_end(expression) else exact[-1],
        relative=relative,
        is_range=expression.is_range or months,
    )


def _ends(expression: Expression) -> list[Point]:
    return [end for end in (expression.first, expression.last) if end]


def _in_context(expression: Expression, year: int | None) -> Expression | None:
    """Give ``saman vuoden`` the year named last; ``None`` when none was."""
    if all(end.context is None for end in _ends(expression)):
        return expression
    ends = {
        name: replace(end, year=year + end.context, context=None)
        for name, end in (("first", expression.first), ("last", expression.last))
        if end and end.context is not None and year is not None
    }
    if any(end.context is not None for end in _ends(expression)) and not ends:
        return None
    return replace(expression, **ends)  # type: ignore[arg-type]


def _open_end(expression: Expression) -> bool:
    return expression.is_range and expression.last is None


def _with_years(expression: Expression) -> list[Point]:
    """The ends, one's year given to the other where only one of them says it."""
    ends = _ends(expression)
    if len(ends) < 2 or ends[0].dated == ends[1].dated:
        return ends
    first, last = ends
    if last.dated:
        first = replace(first, year=last.year, shift=last.shift, anchor=last.anchor)
        return [_moved(first, -1) if _later(first, last) else first, last]
    last = replace(last, year=first.year, shift=first.shift, anchor=first.anchor)
    return [first, _moved(last, 1) if _later(first, last) else last]


def _later(first: Point, last: Point) -> bool:
    """Does ``first`` begin after ``last`` ends when both lie in one year?"""
    one, other = days(first, 2000), days(last, 2000)
    return bool(one and other and one[0] > other[1])


def _moved(point: Point, years: int) -> Point:
    if point.year is not None:
        return replace(point, year=point.year + years)
    return replace(point, shift=(point.shift or 0) + years) if point.shift is not None else point


def _days(
    expression: Expression, ends: list[Point], circumstances: Circumstances
) -> OpenDays | None:
    """First and last day of an expression; ``None`` when the calendar has no such day."""
    reference, tense, _ = circumstances
    if len(ends) == 2 and reference is not None and not any(end.dated for end in ends):
        return choose(_pairs(ends, reference), reference, tense)
    meant = [resolve(end, *circumstances) for end in ends]
    if None in meant:
        return None
    whole = [one for one in meant if one]
    first, last = whole[0][0], whole[-1][1]
    if expression.first is None:
        return None, last
    if _open_end(expression):
        return first, None
    return (first, last) if first <= last else None


def _pairs(ends: list[Point], reference: date) -> list[Days]:
    """An undated range in the years around the reference; it may cross the new year."""
    pairs = []
    for year in range(reference.year - 2, reference.year + 3):
        one, other = days(ends[0], year), days(ends[1], year)
        if one and other and other[1] < one[0]:
            other = days(ends[1], year + 1)
        if one and other:
            pairs.append((one[0], other[1]))
    return pairs


def _rule(expression: Expression, ends: list[Point]) -> str:
    if expression.named:
        return "name-years"
    unit = ends[-1].unit.replace("_", "-")
    if expression.is_range and expression.first and expression.last:
        return f"{unit}-range"
    if expression.first is None:
        return f"{unit}-until"
    return f"{unit}-{expression.bound}" if expression.bound else unit


def _confidence(expression: Expression, ends: list[Point], tense: Tense | None) -> float:
    if expression.named:
        return _CONFIDENCE["named"]
    if not any(end.dated for end in ends):
        return _CONFIDENCE["tensed" if tense else "nearest"]
    return _CONFIDENCE["bare" if expression.bare else "dated"]
