"""Read one date as written (a point) from tokens: ``15. syyskuuta 2021``, ``ensi vuoden alussa``.

Every reader takes the tokens and a position and gives the point with the position behind it, or
``None``. A point never runs over a blank line.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple

from pipeline.extract.date_spans import Point
from pipeline.extract.date_tokens import END, NEW_PARAGRAPH, TOUCHING, Token
from pipeline.extract.date_words import lone_season_cases, month_stems, plural_years

Tokens = Sequence[Token]
Read = tuple[Point, int]


class Year(NamedTuple):
    """A year as said: its number, or how many years from the reference's."""

    number: int | None
    shift: int | None
    case: str | None
    end: int
    bare: bool = False


_SHIFTS = {"last": -1, "this": 0, "next": 1, "before_last": -2}


def peek(tokens: Tokens, index: int) -> Token:
    """The token if it continues the paragraph, else ``END``."""
    token = tokens[index]
    return END if token.gap == NEW_PARAGRAPH else token


def read_year(tokens: Tokens, index: int) -> Year | None:
    """``2021``, ``vuonna 2021``, ``v. 2021``, ``ensi vuonna``, ``kuluvan vuoden``."""
    first = tokens[index]
    if first.kind == "year":
        return Year(first.value, None, None, index + 1, bare=True)
    if first.kind == "anchor" and peek(tokens, index + 1).kind == "year_word":
        word = tokens[index + 1]
        if word.case is not None and word.text.lower() not in plural_years():
            return Year(None, _SHIFTS[first.value], word.case, index + 2)
    if first.kind == "year_word":
        after = index + 1
        if first.case is None and peek(tokens, after).kind == "dot":
            after += 1
        if peek(tokens, after).kind == "year":
            return Year(tokens[after].value, None, first.case, after + 1)
    return None


def read_point(tokens: Tokens, index: int) -> Read | None:
    """The longest single date that starts at ``index``."""
    reader = _READERS.get(tokens[index].kind)
    return reader(tokens, index) if reader else None


def _with_year(tokens: Tokens, read: Read) -> Read:
    """Add a year behind a point that has none: ``elokuussa 2020``, ``… vuonna 2020``."""
    point, index = read
    if point.dated or tokens[index].gap == NEW_PARAGRAPH:
        return read
    year = read_year(tokens, index)
    if year is None:
        return read
    return replace(point, year=year.number, shift=year.shift), year.end


def _with_part(tokens: Tokens, read: Read) -> Read:
    """Add ``alussa``, ``lopussa``, ``puolivälissä`` behind a genitive or a bare year."""
    point, index = read
    token = peek(tokens, index)
    if token.kind != "part" or point.part or point.case not in ("Gen", None):
        return read
    return replace(point, part=token.value, case=token.case, bare=False), index + 1


def _full_day(tokens: Tokens, index: int) -> Read | None:
    value: date = tokens[index].value
    return Point(unit="day", year=value.year, month=value.month, day=value.day), index + 1


def _day_month(tokens: Tokens, index: int) -> Read | None:
    day, month = tokens[index].value
    return _with_year(tokens, (Point(unit="day", month=month, day=day), index + 1))


def _day_first(tokens: Tokens, index: int) -> Read | None:
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
    return _with_year(tokens, (point, after + 1))


def _month_first(tokens: Tokens, index: int) -> Read | None:
    """``elokuussa 2020``, ``huhtikuun 2017 alussa``, ``syyskuun 15. päivänä 2021``."""
    word = tokens[index]
    if word.case == "Gen" and (day := _day_after_month(tokens, index + 1, word.value)):
        return _with_year(tokens, day)
    point = Point(unit="month", month=word.value, case=word.case)
    read = _month_week(tokens, _with_year(tokens, (point, index + 1)))
    return _with_year(tokens, _with_part(tokens, read))


def _day_after_month(tokens: Tokens, index: int, month: int) -> Read | None:
    token = peek(tokens, index)
    if token.kind not in ("day", "num", "ordinal") or peek(tokens, index + 1).kind != "day_word":
        return None
    if not 1 <= token.value <= 31:
        return None
    case = tokens[index + 1].case
    return Point(unit="day", month=month, day=token.value, case=case), index + 2


def _month_week(tokens: Tokens, read: Read) -> Read:
    """``heinäkuun viimeisellä viikolla``, ``elokuun viimeisinä päivinä``."""
    point, index = read
    if point.case == "Gen" and peek(tokens, index).kind == "ordinal":
        word = peek(tokens, index + 1)
        if word.kind == "week":
            number = tokens[index].value
            return replace(point, unit="week", week=number, case=word.case), index + 2
    return read


def _month_stem(tokens: Tokens, index: int) -> Read | None:
    """``touko–syyskuussa 2024``, ``elo- ja syyskuun vaihteessa``."""
    number, after = month_stems().get(tokens[index].text.lower()), index + 1
    if number is None or peek(tokens, after).kind != "dash":
        return None
    after += 1
    if peek(tokens, after).kind == "joining":
        after += 1
    if peek(tokens, after).kind != "month":
        return None
    read = _month_first(tokens, after)
    if read is None or read[0].unit != "month":
        return None
    point, end = read
    return replace(point, month=number, last_month=point.month), end


def _season(tokens: Tokens, index: int) -> Read | None:
    """``syksyllä 2022``, ``kevään 2023 alussa``, ``talvella 2022–2023``, ``keväällä``."""
    word = tokens[index]
    point = Point(unit="season", season=word.value, case=word.case)
    read = _season_pair(tokens, (point, index + 1)) or _with_year(tokens, (point, index + 1))
    read = _with_year(tokens, _with_part(tokens, read))
    point, end = read
    if point.dated or point.part or word.case in lone_season_cases():
        return read
    return read if word.case == "Gen" and peek(tokens, end).kind == "during" else None


def _season_pair(tokens: Tokens, read: Read) -> Read | None:
    """The two years of a season that crosses the new year."""
    point, index = read
    if point.season is None or point.season.last >= point.season.first:
        return None
    token = peek(tokens, index)
    if token.kind == "pair":
        first, end = token.value[0], index + 1
    elif token.kind == "year" and peek(tokens, index + 1).kind == "dash":
        second = peek(tokens, index + 2)
        if second.kind not in ("year", "num") or second.value % 100 != (token.value + 1) % 100:
            return None
        first, end = token.value, index + 3
    else:
        return None
    return replace(point, year=first + (point.season.names == "last")), end


def _year_first(tokens: Tokens, index: int) -> Read | None:
    """``vuonna 2021``, ``vuoden 2018 lopussa``, ``vuoden 2023 keväällä``, ``vuoden alussa``."""
    year = read_year(tokens, index)
    if year is None:
        return _undated_year(tokens, index)
    whole = Point(unit="year", year=year.number, shift=year.shift, case=year.case, bare=year.bare)
    return _inside_year(tokens, (whole, year.end)) or _with_part(tokens, (whole, year.end))


def _undated_year(tokens: Tokens, index: int) -> Read | None:
    """``vuoden alussa``, ``vuoden loppuun``: the year is the reference's to say."""
    word = tokens[index]
    if word.kind != "year_word" or word.text.lower() != "vuoden":
        return None
    whole = Point(unit="year", case="Gen")
    read = _with_part(tokens, (whole, index + 1))
    if read[0].part is None:
        return _inside_year(tokens, (whole, index + 1), units=("quarter", "half", "third"))
    return _with_year(tokens, read)


def _inside_year(
    tokens: Tokens,
    read: Read,
    units: tuple[str, ...] = ("month", "stem", "season", "quarter", "half", "third"),
) -> Read | None:
    """A month, season, half or quarter after a year: ``ensi vuoden syyskuussa``."""
    year, index = read
    if year.case not in ("Gen", "Ess"):
        return None
    token = peek(tokens, index)
    inner: Read | None = None
    if token.kind == "month" and token.kind in units:
        inner = _month_first(tokens, index)
    elif token.kind == "stem" and token.kind in units:
        inner = _month_stem(tokens, index)
    elif token.kind == "season" and token.kind in units:
        point = Point(unit="season", season=token.value, case=token.case)
        inner = _with_part(tokens, (point, index + 1))
    elif token.kind in ("ordinal", "day"):
        inner = _fraction(tokens, index)
    if inner is None or inner[0].dated:
        return None
    return replace(inner[0], year=year.year, shift=year.shift), inner[1]


_FRACTIONS = {"quarter": 3, "third": 4, "half": 6}


def _fraction(tokens: Tokens, index: int) -> Read | None:
    """``ensimmäinen puolisko``, ``viimeisellä neljänneksellä``: months of a year."""
    word = peek(tokens, index + 1)
    length = _FRACTIONS.get(word.kind)
    number = tokens[index].value
    if length is None or not -1 <= number <= 12 // length:
        return None
    last = 12 if number < 0 else number * length
    point = Point(unit="months", month=last - length + 1, last_month=last, case=word.case)
    return _with_year(tokens, (point, index + 2))


def _part_year(tokens: Tokens, index: int) -> Read | None:
    """``alkuvuodesta 2023``, ``loppuvuonna``."""
    word = tokens[index]
    point = Point(unit="year", part=word.value, case=word.case)
    return _with_year(tokens, (point, index + 1))


def _year_turn(tokens: Tokens, index: int) -> Read | None:
    """``vuodenvaihteessa``, ``vuodenvaihteessa 2023–2024`` (the turn into 2024)."""
    point = Point(unit="year_turn", case=tokens[index].case)
    token, dash, second = (peek(tokens, index + n) for n in (1, 2, 3))
    if token.kind == "pair":
        return replace(point, year=token.value[1]), index + 2
    if token.kind == "year" and dash.kind == "dash" and second.kind == "year":
        return replace(point, year=second.value), index + 4
    return _with_year(tokens, (point, index + 1))


def _anchored(tokens: Tokens, index: int) -> Read | None:
    """``viime syksynä``, ``ensi tammikuussa``, ``tällä viikolla``, ``ensi kuussa``."""
    anchor, word = tokens[index], peek(tokens, index + 1)
    if word.kind == "year_word":
        return _year_first(tokens, index)
    point: Point | None = None
    if word.kind == "season":
        point = Point(unit="season", season=word.value, case=word.case)
    elif word.kind == "month":
        point = Point(unit="month", month=word.value, case=word.case)
    elif word.kind == "moon":
        point = Point(unit="month", case=word.case)
    elif word.kind == "week" and word.case:
        point = Point(unit="week", case=word.case)
    elif word.kind == "year_turn":
        point = Point(unit="year_turn", case=word.case)
    elif word.kind == "part_year":
        point = Point(unit="year", part=word.value, case=word.case)
    if point is None:
        return None
    return _with_part(tokens, (replace(point, anchor=anchor.value), index + 2))


def _moon(tokens: Tokens, index: int) -> Read | None:
    """``kuun lopussa``: this month's, or the nearest one's."""
    if tokens[index].case != "Gen":
        return None
    read = _with_part(tokens, (Point(unit="month", case="Gen"), index + 1))
    return read if read[0].part else None


def _week(tokens: Tokens, index: int) -> Read | None:
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
    return _with_year(tokens, (point, after))


def _month_year(tokens: Tokens, index: int) -> Read | None:
    month, year = tokens[index].value
    return (Point(unit="month", month=month, year=year), index + 1) if month <= 12 else None


def _quarter_year(tokens: Tokens, index: int) -> Read | None:
    letter, number, year = tokens[index].value
    length = 3 if letter == "Q" else 6
    last = number * length
    return Point(unit="months", month=last - length + 1, last_month=last, year=year), index + 1


def _weekday(tokens: Tokens, index: int) -> Read | None:
    """``maanantaina 18.11.2024``, ``pe–la 3.–4.5.``: the weekday is part of the date."""
    after = index + 1
    if peek(tokens, after).kind == "dash" and peek(tokens, after + 1).kind.startswith("weekday"):
        after += 2
    while peek(tokens, after).kind in ("dot", "comma"):
        after += 1
    if peek(tokens, after).kind in ("dmy", "dmyy", "dm", "day"):
        return read_point(tokens, after)
    return None


_READERS: dict[str, Callable[[Tokens, int], Read | None]] = {
    "dmy": _full_day,
    "dmyy": _full_day,
    "dm": _day_month,
    "day": lambda tokens, index: _day_first(tokens, index) or _fraction(tokens, index),
    "num": _day_first,
    "month": _month_first,
    "stem": _month_stem,
    "season": lambda tokens, index: _month_stem(tokens, index) or _season(tokens, index),
    "year": _year_first,
    "year_word": _year_first,
    "part_year": _part_year,
    "year_turn": _year_turn,
    "anchor": _anchored,
    "moon": _moon,
    "week": _week,
    "my": _month_year,
    "q": _quarter_year,
    "ordinal": lambda tokens, index: _fraction(tokens, index),
    "weekday": _weekday,
    "weekday_short": _weekday,
}

__all__ = ["TOUCHING", "Read", "Tokens", "peek", "read_point", "read_year"]
