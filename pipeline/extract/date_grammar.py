"""Join points to expressions: ranges, lists of years, open ends, and the words around them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from pipeline.extract.date_points import Tokens, peek, read_point
from pipeline.extract.date_spans import Point, resolve
from pipeline.extract.date_tokens import NEW_PARAGRAPH, NEXT_LINE, TOUCHING

_BARE_UNITS = ("year", "months")


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


def parse(tokens: Tokens) -> list[Expression]:
    """All date expressions in order, leftmost first and longest at every start."""
    found: list[Expression] = []
    index = 0
    while tokens[index].kind != "end":
        expressions = _at(tokens, index)
        if expressions:
            found += expressions
            index = expressions[-1].end
        else:
            index += 1
    return found


def _at(tokens: Tokens, index: int) -> list[Expression]:
    if _blocked(tokens, index):
        return []
    if opened := _open_start(tokens, index):
        return [opened]
    if head := _short_head(tokens, index):
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
    return _accept(tokens, _trailing(tokens, expression))


def _blocked(tokens: Tokens, index: int) -> bool:
    """A number behind ``versio``, ``kohta``, ``Dnro``, or at the head of a section."""
    token = tokens[index]
    if token.kind in ("dmyy", "dm", "my", "num", "year", "pair", "day"):
        before = tokens[index - 1] if index and token.gap < NEW_PARAGRAPH else None
        if before and before.kind in ("dot", "colon") and index > 1:
            before = tokens[index - 2] if before.gap == TOUCHING else before
        if before and before.kind == "blocker" and token.gap < NEXT_LINE:
            return True
    if token.kind in ("dm", "dmyy") and token.gap >= NEXT_LINE:
        # "2.1. Tavoitteet" at the head of a line numbers a section.
        following = tokens[index + 1]
        day, month = token.value if token.kind == "dm" else (token.value.day, token.value.month)
        if following.kind == "word" and following.gap < NEXT_LINE and following.text[0].isupper():
            return bool(day <= 12 and month <= 12)
    return False


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
        if point.unit == "year" and not point.bare and short > point.year:
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
        return _seasons(tokens, index, point, read)
    return Expression(start=index, end=read[1], first=point, last=read[0], is_range=True)


def _seasons(
    tokens: Tokens, index: int, point: Point, read: tuple[Point, int] | None
) -> Expression | None:
    """``kevään ja kesän 2023 aikana``: two neighbouring seasons or months with one year."""
    if read is None or point.dated or not read[0].dated or point.unit != read[0].unit:
        return None
    left, right = point, read[0]
    if left.season and right.season and left.season.last % 12 + 1 == right.season.first:
        return Expression(start=index, end=read[1], first=left, last=right, is_range=True)
    if left.unit == "month" and left.month and right.month == left.month % 12 + 1:
        return Expression(start=index, end=read[1], first=left, last=right, is_range=True)
    return None


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
    if token.kind == "during" and token.text.lower() in ("ajan", "ajalle", "ajaksi", "ajalla"):
        return replace(found, end=end + 1, bare=False)
    if token.kind == "between":
        end += 1 + (peek(tokens, end + 1).kind == "during")
        return replace(found, end=end, bare=False)
    if token.kind == "during":
        return replace(found, end=end + 1, bare=False)
    if token.kind == "until":
        return replace(found, end=end + 1, bound=found.bound or "until", bare=False)
    if token.kind == "from" and not found.is_range:
        return replace(found, end=end + 1, bound="from", is_range=True, bare=False)
    if found.is_range or found.bound:
        return found
    bound = {"Ela": "from", "Ill": "until"}.get(case or "")
    return replace(found, bound=bound)


def _accept(tokens: Tokens, found: Expression) -> list[Expression]:
    """Bare years are dates in date-like company only."""
    before = tokens[found.start - 1] if found.start else None
    if tokens[found.start].gap == NEW_PARAGRAPH:
        before = None
    after = peek(tokens, found.end)
    if tokens[found.start].kind == "dmyy":
        return [found] if _short_year_is_date(found, before and before.kind) else []
    if not found.bare:
        return [found]
    in_brackets = before is not None and before.kind == "open" and after.kind == "close"
    cued = before is not None and before.kind in ("cue", "during", "until", "from", "between")
    if before is not None and before.kind == "colon" and found.start > 1:
        cued = cued or tokens[found.start - 2].kind == "cue"
    if not found.is_range:
        return [found] if in_brackets or cued else []
    if before is not None and before.kind == "slash":
        return []
    if after.kind == "unit" or after.text in ("€", "%", "/"):
        return []
    suffix = after.kind == "dash" and tokens[found.end + 1].kind in ("word", "cue")
    if suffix and tokens[found.end + 1].gap == TOUCHING:
        return [replace(found, named=True)]
    return [replace(found, named=not in_brackets and not cued and _in_name(tokens, found.start))]


def _short_year_is_date(found: Expression, before: str | None) -> bool:
    """``1.8.19``: only in a range, behind a weekday or with a word that bounds it."""
    return found.is_range or found.bound is not None or before in ("cue", "weekday")


def _in_name(tokens: Tokens, index: int) -> bool:
    """Does a capitalised name run up to the number? ``Kestävää kasvua ja työtä 2014–2020``."""
    if tokens[index].gap >= NEXT_LINE or not index:
        return False
    if tokens[index - 1].text[:1].isupper():
        return True
    for back in range(index - 1, max(index - 8, -1), -1):
        token = tokens[back]
        if token.kind not in ("word", "joining") and not token.text[:1].isalpha():
            return False
        if token.text[0].isupper():
            return True
        if token.kind == "cue" or token.gap >= NEXT_LINE:
            return False
    return False
