"""Is a number a date in this company? What stands before and behind decides."""

from __future__ import annotations

from dataclasses import replace

from pipeline.extract.dates.expression import Expression
from pipeline.extract.dates.reading import Tokens, peek
from pipeline.extract.dates.tense import tense_of
from pipeline.extract.dates.tokens import NEW_PARAGRAPH, NEXT_LINE, TOUCHING


def blocked(tokens: Tokens, index: int) -> bool:
    """A number behind ``versio``, ``kohta``, ``Dnro``, or at the head of a section."""
    token = tokens[index]
    if token.kind in ("dmyy", "dm", "my", "num", "year", "pair", "day"):
        before = tokens[index - 1] if index else None
        if before and before.kind in ("dot", "colon"):
            # Before the first token stands END.
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


def accept(tokens: Tokens, found: Expression) -> list[Expression]:
    """Bare years are dates in date-like company only."""
    before = tokens[found.start - 1] if found.start else None
    if tokens[found.start].gap == NEW_PARAGRAPH:
        before = None
    after = peek(tokens, found.end)
    if tokens[found.start].kind == "dmyy":
        return [found] if _short_year_is_date(found, before and before.kind) else []
    if not found.bare:
        return [found]
    if not _recent(found):
        return []
    in_brackets = before is not None and before.kind == "open" and after.kind == "close"
    cued = before is not None and before.kind in ("cue", "during", "until", "from", "between")
    if before is not None and before.kind == "colon":
        cued = cued or tokens[found.start - 2].kind == "cue"
    if not found.is_range:
        cued = cued or _dates_a_verb(tokens, found)
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


def _recent(found: Expression) -> bool:
    """Four bare digits are hardly ever a year before 1900."""
    years = [end.year for end in (found.first, found.last) if end]
    return all(year is None or year >= 1900 for year in years)


def _dates_a_verb(tokens: Tokens, found: Expression) -> bool:
    """``Talo rakennettiin 1998.``: a verb before, the clause's end behind."""
    if not found.start or tokens[found.start].gap > NEXT_LINE:
        return False
    before, after = tokens[found.start - 1], tokens[found.end]
    closed = after.kind in ("dot", "comma", "close", "joining") or after.gap == NEW_PARAGRAPH
    return closed and tense_of(before.text) is not None
