"""Read months, seasons, years and their parts from tokens: ``ensi vuoden syyskuun alussa``."""

from __future__ import annotations

from dataclasses import replace

from pipeline.extract.dates.day_points import read_day_after_month
from pipeline.extract.dates.expression import Point
from pipeline.extract.dates.reading import Read, Tokens, peek, read_year, with_part, with_year
from pipeline.extract.dates.words import lone_season_cases, month_stems


def read_month_first(tokens: Tokens, index: int) -> Read | None:
    """``elokuussa 2020``, ``huhtikuun 2017 alussa``, ``syyskuun 15. päivänä 2021``."""
    word = tokens[index]
    if word.case == "Gen" and (day := read_day_after_month(tokens, index + 1, word.value)):
        return with_year(tokens, day)
    point = Point(unit="month", month=word.value, case=word.case)
    read = _month_week(tokens, with_year(tokens, (point, index + 1)))
    return with_year(tokens, with_part(tokens, read))


def _month_week(tokens: Tokens, read: Read) -> Read:
    """``heinäkuun viimeisellä viikolla``, ``elokuun viimeisinä päivinä``."""
    point, index = read
    if point.case == "Gen" and peek(tokens, index).kind == "ordinal":
        word = peek(tokens, index + 1)
        if word.kind == "week":
            number = tokens[index].value
            return replace(point, unit="week", week=number, case=word.case), index + 2
    return read


def read_month_stem(tokens: Tokens, index: int) -> Read | None:
    """``touko–syyskuussa 2024``, ``elo- ja syyskuun vaihteessa``."""
    number, after = month_stems().get(tokens[index].text.lower()), index + 1
    if number is None or peek(tokens, after).kind != "dash":
        return None
    after += 1
    if peek(tokens, after).kind == "joining":
        after += 1
    if peek(tokens, after).kind != "month":
        return None
    read = read_month_first(tokens, after)
    if read is None or read[0].unit != "month":
        return None
    point, end = read
    return replace(point, month=number, last_month=point.month), end


def read_month_year(tokens: Tokens, index: int) -> Read | None:
    """``9/2020``."""
    month, year = tokens[index].value
    return (Point(unit="month", month=month, year=year), index + 1) if month <= 12 else None


def read_quarter_year(tokens: Tokens, index: int) -> Read | None:
    """``Q1/2022``, ``H2 2023``."""
    letter, number, year = tokens[index].value
    length = 3 if letter == "Q" else 6
    last = number * length
    return Point(unit="months", month=last - length + 1, last_month=last, year=year), index + 1


def read_season(tokens: Tokens, index: int) -> Read | None:
    """``syksyllä 2022``, ``kevään 2023 alussa``, ``talvella 2022–2023``, ``keväällä``."""
    word = tokens[index]
    point = Point(unit="season", season=word.value, case=word.case)
    read = _season_pair(tokens, (point, index + 1)) or with_year(tokens, (point, index + 1))
    read = with_year(tokens, with_part(tokens, read))
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


def read_year_first(tokens: Tokens, index: int) -> Read | None:
    """``vuonna 2021``, ``vuoden 2018 lopussa``, ``vuoden 2023 keväällä``, ``vuoden alussa``."""
    year = read_year(tokens, index)
    if year is None:
        return _undated_year(tokens, index)
    whole = Point(
        unit="year",
        year=year.number,
        shift=year.shift,
        context=year.context,
        case=year.case,
        bare=year.bare,
    )
    return _inside_year(tokens, (whole, year.end)) or with_part(tokens, (whole, year.end))


def _undated_year(tokens: Tokens, index: int) -> Read | None:
    """``vuoden alussa``, ``vuoden loppuun``: the year is the reference's to say."""
    word = tokens[index]
    if word.kind != "year_word" or word.text.lower() != "vuoden":
        return None
    whole = Point(unit="year", case="Gen")
    read = with_part(tokens, (whole, index + 1))
    if read[0].part is None:
        return _inside_year(tokens, (whole, index + 1), units=("quarter", "half", "third"))
    return with_year(tokens, read)


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
        inner = read_month_first(tokens, index)
    elif token.kind == "stem" and token.kind in units:
        inner = read_month_stem(tokens, index)
    elif token.kind == "season" and token.kind in units:
        point = Point(unit="season", season=token.value, case=token.case)
        inner = with_part(tokens, (point, index + 1))
    elif token.kind in ("ordinal", "day"):
        inner = read_fraction(tokens, index)
    if inner is None or inner[0].dated:
        return None
    return replace(inner[0], year=year.year, shift=year.shift, context=year.context), inner[1]


_FRACTIONS = {"quarter": 3, "third": 4, "half": 6}


def read_fraction(tokens: Tokens, index: int) -> Read | None:
    """``ensimmäinen puolisko``, ``viimeisellä neljänneksellä``: months of a year."""
    word = peek(tokens, index + 1)
    length = _FRACTIONS.get(word.kind)
    number = tokens[index].value
    if length is None or not -1 <= number <= 12 // length:
        return None
    last = 12 if number < 0 else number * length
    point = Point(unit="months", month=last - length + 1, last_month=last, case=word.case)
    return with_year(tokens, (point, index + 2))


def read_part_year(tokens: Tokens, index: int) -> Read | None:
    """``alkuvuodesta 2023``, ``loppuvuonna``."""
    word = tokens[index]
    point = Point(unit="year", part=word.value, case=word.case)
    return with_year(tokens, (point, index + 1))


def read_year_turn(tokens: Tokens, index: int) -> Read | None:
    """``vuodenvaihteessa``, ``vuodenvaihteessa 2023–2024`` (the turn into 2024)."""
    point = Point(unit="year_turn", case=tokens[index].case)
    token, dash, second = (peek(tokens, index + n) for n in (1, 2, 3))
    if token.kind == "pair":
        return replace(point, year=token.value[1]), index + 2
    if token.kind == "year" and dash.kind == "dash" and second.kind == "year":
        return replace(point, year=second.value), index + 4
    return with_year(tokens, (point, index + 1))


def read_anchored(tokens: Tokens, index: int) -> Read | None:
    """``viime syksynä``, ``ensi tammikuussa``, ``tällä viikolla``, ``ensi kuussa``."""
    anchor, word = tokens[index], peek(tokens, index + 1)
    if word.kind == "year_word":
        return read_year_first(tokens, index)
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
    return with_part(tokens, (replace(point, anchor=anchor.value), index + 2))


def read_moon(tokens: Tokens, index: int) -> Read | None:
    """``kuun lopussa``: this month's, or the nearest one's."""
    if tokens[index].case != "Gen":
        return None
    read = with_part(tokens, (Point(unit="month", case="Gen"), index + 1))
    return read if read[0].part else None
