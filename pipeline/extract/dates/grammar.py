"""Join points to expressions: ranges, lists of years, open ends, and the words around them."""

from __future__ import annotations

from dataclasses import replace

from pipeline.extract.dates.company import accept, blocked
from pipeline.extract.dates.expression import Expression, Point
from pipeline.extract.dates.points import begins, read_point, skip_weekday
from pipeline.extract.dates.reading import Tokens, peek
from pipeline.extract.dates.spans import resolve
from pipeline.extract.dates.tokens import NEXT_LINE, TOUCHING


def parse(tokens: Tokens) -> list[Expression]:
    """All date expressions in order, leftmost first and longest at every start."""
    found: list[Expression] = []
    index = 0
    while (kind := tokens[index].kind) != "end":
        expressions = _at(tokens, index) if kind in ("dash", "pair") or begins(kind) else []
        if expressions:
            found += expressions
            index = expressions[-1].end
        else:
            index += 1
    return found


def _at(tokens: Tokens, index: int) -> list[Expression]:
    if blocked(tokens, index):
        return []
    if opened := _open_start(tokens, index):
        return [opened]
    if whole := _weekday_first(tokens, index):
        return whole
    if head := _pair(tokens, index) or _short_head(tokens, index) or _seasons(tokens, index):
        return head
    read = read_point(tokens, index)
    if read is None:
        return []
    point, after = read
    several = _years(tokens, index, point, after)
    if several:
        return several
    expression = (
        _dashed(tokens, index, point, after)
        or _between(tokens, index, point, after)
        or _from_to(tokens, index, point, after)
        or Expression(start=index, end=after, first=point, bare=point.bare)
    )
    return accept(tokens, _trailing(tokens, expression))


def _open_start(tokens: Tokens, index: int) -> Expression | None:
    """``(–2023)``, ``Toteutusaika: –31.12.2025``."""
    token = tokens[index]
    if token.kind != "dash" or not index or tokens[index - 1].kind not in ("open", "colon"):
        return None
    if tokens[index + 1].gap != TOUCHING:
        return None
    read = read_point(tokens, index + 1)
    if read is None or not read[0].dated:
        return None
    return Expression(start=index, end=read[1], first=None, last=read[0], is_range=True)


def _weekday_first(tokens: Tokens, index: int) -> list[Expression]:
    """``pe–su 3.–5.5.2024``: the weekdays belong to the range behind them."""
    if not tokens[index].kind.startswith("weekday"):
        return []
    behind = skip_weekday(tokens, index)
    if peek(tokens, behind).kind not in ("dmy", "dmyy", "dm", "day"):
        return []
    found = _at(tokens, behind)
    return [replace(found[0], start=index), *found[1:]] if found else []


def _pair(tokens: Tokens, index: int) -> list[Expression]:
    """``2021/2022``."""
    token = tokens[index]
    if token.kind != "pair":
        return []
    first, last = (Point(unit="year", year=year, bare=True) for year in token.value)
    whole = Expression(start=index, end=index + 1, first=first, last=last, is_range=True, bare=True)
    return accept(tokens, _trailing(tokens, whole))


def _short_head(tokens: Tokens, index: int) -> list[Expression]:
    """A left end that lacks its month: ``1.–15.3.2021``, ``1. ja 2. toukokuuta``."""
    token = tokens[index]
    if token.kind not in ("day", "num"):
        return []
    joint = peek(tokens, index + 1)
    if joint.kind not in ("dash", "joining") or (joint.kind == "joining" and token.kind == "num"):
        return []
    read = read_point(tokens, index + 2) if peek(tokens, index + 2).kind != "end" else None
    if read is None:
        return []
    right, after = read
    if right.unit == "month" and tokens[index + 2].kind == "my" and token.kind == "num":
        left = Point(unit="month", month=token.value, year=right.year)
        good = 1 <= token.value < (right.month or 0) and joint.kind == "dash"
    elif right.unit == "day" and (token.kind == "day" or tokens[index + 2].kind in ("day", "dm")):
        left = replace(right, day=token.value, case=None)
        good = bool(token.value and right.day and token.value < right.day)
        if good and joint.kind == "joining" and right.day != token.value + 1:
            single = Expression(start=index, end=index + 1, first=left)
            return [single, _trailing(tokens, Expression(start=index + 2, end=after, first=right))]
    else:
        return []
    if not good:
        return []
    whole = Expression(start=index, end=after, first=left, last=right, is_range=True)
    return [_trailing(tokens, whole)]


def _years(tokens: Tokens, index: int, point: Point, after: int) -> list[Expression]:
    """``vuosina 2021 ja 2022``, ``vuosille 2024, 2025 ja 2026``."""
    if point.unit != "year" or point.year is None or point.part or point.bare:
        return []
    last, end, others = point.year, after, []
    while peek(tokens, end).kind in ("comma", "joining") and peek(tokens, end + 1).kind == "year":
        if tokens[end + 2].kind in ("part", "dash") and tokens[end + 2].gap <= NEXT_LINE:
            break
        others.append((tokens[end + 1].value, end + 1))
        end += 2
    if not others:
        return []
    if peek(tokens, end).kind == "between" or [year for year, _ in others] == list(
        range(last + 1, last + 1 + len(others))
    ):
        right = replace(point, year=others[-1][0])
        whole = Expression(start=index, end=end, first=point, last=right, is_range=True)
        return [_trailing(tokens, whole)]
    singles = [Expression(start=index, end=after, first=point)]
    for year, at in others:
        singles.append(Expression(start=at, end=at + 1, first=replace(point, year=year)))
    return singles


def _dashed(tokens: Tokens, index: int, point: Point, after: int) -> Expression | None:
    """``x–y`` and the open ``x–``."""
    dash = peek(tokens, after)
    if dash.kind != "dash":
        return None
    beyond = peek(tokens, after + 1)
    read = read_point(tokens, after + 1) if beyond.kind != "end" else None
    if read is None and beyond.kind == "num" and point.year and len(beyond.text) == 2:
        short = point.year // 100 * 100 + beyond.value  # "vuosina 2021–23"
        bracketed = index > 0 and tokens[index - 1].kind == "open"
        told = not point.bare or (bracketed and peek(tokens, after + 2).kind == "close")
        if point.unit == "year" and told and short > point.year:
            read = replace(point, year=short), after + 2
    if read and _ordered(point, read[0]):
        right, end = read
        left_bare = point.bare and right.bare
        return Expression(
            start=index, end=end, first=point, last=right, is_range=True, bare=left_bare
        )
    if beyond.kind == "indefinite" and beyond.text.lower() == "toistaiseksi":
        return Expression(start=index, end=after + 2, first=point, is_range=True, bound="from")
    open_end = beyond.kind in ("end", "close", "comma") or beyond.gap >= NEXT_LINE
    touching = dash.gap == TOUCHING or not point.bare
    if read is None and open_end and touching and point.dated and not point.part:
        return Expression(
            start=index,
            end=after + 1,
            first=point,
            is_range=True,
            bound="from",
            bare=point.bare,
        )
    return None


def _ordered(left: Point, right: Point) -> bool:
    """A range runs forward; ends of unlike years are compared by year only."""
    if left.year is None or right.year is None:
        return not (right.bare and left.dated)
    low, high = resolve(left, None, None), resolve(right, None, None)
    return bool(low and high and low[0] <= high[1])


def _between(tokens: Tokens, index: int, point: Point, after: int) -> Expression | None:
    """``1.1.2023 ja 31.12.2025 välisenä aikana``."""
    if peek(tokens, after).kind != "joining":
        return None
    read = read_point(tokens, after + 1)
    if read is None or peek(tokens, read[1]).kind != "between":
        return None
    return Expression(start=index, end=read[1], first=point, last=read[0], is_range=True)


def _seasons(tokens: Tokens, index: int) -> list[Expression]:
    """``kevään ja kesän 2023 aikana``, ``elokuussa ja syyskuussa 2023``: neighbours."""
    left, joint = tokens[index], peek(tokens, index + 1)
    right = peek(tokens, index + 2)
    if left.kind not in ("season", "month") or joint.kind != "joining" or right.kind != left.kind:
        return []
    read = read_point(tokens, index + 2)
    if read is None:
        return []
    end = read[0]
    if left.kind == "season" and end.season and left.value.last % 12 + 1 == end.season.first:
        start = Point(unit="season", season=left.value, case=left.case)
    elif end.unit == "month" and left.kind == "month" and end.month == left.value % 12 + 1:
        start = Point(unit="month", month=left.value, case=left.case)
    else:
        return []
    whole = Expression(start=index, end=read[1], first=start, last=end, is_range=True)
    return [_trailing(tokens, whole)]


def _from_to(tokens: Tokens, index: int, point: Point, after: int) -> Expression | None:
    """``syyskuusta 2021 elokuuhun 2023``, ``1.1.2023 alkaen 31.12.2025 asti``."""
    said_from = peek(tokens, after).kind == "from"
    if point.case != "Ela" and not said_from:
        return None
    start_of_right = after + 1 if said_from else after
    if peek(tokens, start_of_right).kind in ("joining", "dash"):
        start_of_right += 1
    if peek(tokens, start_of_right).text.lower() == "aina":
        start_of_right += 1
    if peek(tokens, start_of_right).kind == "end":
        return None
    read = read_point(tokens, start_of_right)
    if read is None:
        return None
    right, end = read
    if right.case != "Ill" and peek(tokens, end).kind != "until":
        return None
    if not _ordered(point, right):
        return None
    return Expression(start=index, end=end, first=point, last=right, is_range=True)


def _trailing(tokens: Tokens, found: Expression) -> Expression:
    """Take in ``alkaen``, ``asti``, ``aikana``, ``välillä`` and the time of day before them."""
    token, end = peek(tokens, found.end), found.end
    case = (found.last or found.first or Point(unit="day")).case
    if token.kind == "time" and peek(tokens, end + 1).kind in ("until", "from"):
        token, end = peek(tokens, end + 1), end + 1
    if token.kind == "between":
        end += 1 + (peek(tokens, end + 1).kind == "during")
        return replace(found, end=end, bare=False)
    if token.kind == "during":
        return replace(found, end=end + 1, bare=False)
    if token.kind == "until" and case == "Ela" and not found.is_range:  # "vuodesta 2015 asti"
        return replace(found, end=end + 1, bound="from", is_range=True, bare=False)
    if token.kind == "until":
        return replace(found, end=end + 1, bound=found.bound or "until", bare=False)
    if token.kind == "from" and not found.is_range:
        return replace(found, end=end + 1, bound="from", is_range=True, bare=False)
    if found.is_range or found.bound:
        return found
    bound = {"Ela": "from", "Ill": "until"}.get(case or "")
    return replace(found, bound=bound)
