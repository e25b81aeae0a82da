"""Read days and weeks from tokens: ``15. syyskuuta 2021``, ``4.11.``, ``viikolla 45/2021``."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from pipeline.extract.dates.expression import Point
from pipeline.extract.dates.reading import Read, Tokens, peek, with_year


def read_full_day(tokens: Tokens, index: int) -> Read | None:
    """``1.8.2019``, ISO."""
    value: date = tokens[index].value
    return Point(unit="day", year=value.year, month=value.month, day=value.day), index + 1


def read_day_month(tokens: Tokens, index: int) -> Read | None:
    """``4.11.``, ``4.11. 2024``."""
    day, month = tokens[index].value
    return with_year(tokens, (Point(unit="day", month=month, day=day), index + 1))


def read_day_first(tokens: Tokens, index: int) -> Read | None:
    """``15. syyskuuta 2021``, ``15 päivänä syyskuuta 2021``."""
    day, after, case = tokens[index].value, index + 1, None
    if not 1 <= day <= 31:
        return None
    if peek(tokens, after).kind == "day_word":
        case, after = tokens[after].case, after + 1
    month = peek(tokens, after)
    if month.kind != "month" or month.case not in ("Par", "Nom"):
        return None
    point = Point(unit="day", month=month.value, day=day, case=case)
    return with_year(tokens, (point, after + 1))


def read_day_after_month(tokens: Tokens, index: int, month: int) -> Read | None:
    """``15. päivänä``, ``ensimmäisenä päivänä`` behind a month."""
    token = peek(tokens, index)
    if token.kind not in ("day", "num", "ordinal") or peek(tokens, index + 1).kind != "day_word":
        return None
    if not 1 <= token.value <= 31:
        return None
    case = tokens[index + 1].case
    return Point(unit="day", month=month, day=token.value, case=case), index + 2


def read_holiday(tokens: Tokens, index: int) -> Read | None:
    """``uudenvuodenpäivänä``, ``vappuna 2024``; in a case that dates, or with its year."""
    day, month = tokens[index].value
    point = Point(unit="day", month=month, day=day, case=tokens[index].case)
    read = with_year(tokens, (point, index + 1))
    return read if read[0].dated or point.case not in ("Nom", "Gen") else None


def read_week(tokens: Tokens, index: int) -> Read | None:
    """``viikolla 45/2021``, ``viikoilla 45–46``, ``vko 7``."""
    after = index + 1
    if peek(tokens, after).kind == "dot":
        after += 1
    token, case = peek(tokens, after), tokens[index].case
    if token.kind == "my" and "/" in token.text:
        month, year = token.value
        return Point(unit="week", week=month, year=year, case=case), after + 1
    if token.kind != "num" or not 1 <= token.value <= 53:
        return None
    point, after = Point(unit="week", week=token.value, case=case), after + 1
    if peek(tokens, after).kind == "dash" and peek(tokens, after + 1).kind in ("num", "my"):
        last: Any = tokens[after + 1].value
        if isinstance(last, tuple):
            return replace(point, last_week=last[0], year=last[1]), after + 2
        if point.week is not None and point.week < last <= 53:
            point, after = replace(point, last_week=last), after + 2
    if peek(tokens, after).kind == "slash" and peek(tokens, after + 1).kind == "year":
        return replace(point, year=tokens[after + 1].value), after + 2
    return with_year(tokens, (point, after))
