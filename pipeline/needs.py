"""What a regular expression cannot do without: strings of which every match holds one.

``patterns`` spares a search by them; ``reach`` tells by them which announcements an edited entry of
the lexicon can matter to.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import product
from re import _constants as op  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from typing import Any, NamedTuple

_MOST_READ = 200  # strings that are followed through a pattern
_REPEATS = {op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT}
_ZERO_WIDTH = {op.AT, op.ASSERT, op.ASSERT_NOT}
_AHEAD, _BEHIND = 1, -1
_NONE = frozenset({""})


class Part(NamedTuple):
    """What part of a pattern matches.

    ``exact``: the only strings that it can match, ``None`` if there are more; ``begins``: strings
    one of which each match begins with; ``inside``: sets of strings one of which it contains.
    """

    exact: frozenset[str] | None
    begins: frozenset[str]
    inside: tuple[frozenset[str], ...] = ()


_UNKNOWN = Part(None, _NONE)


def part_of(pattern: str, flags: int = 0) -> tuple[Part, bool]:
    """What a whole pattern matches, in lower case, and whether only where a word begins.

    Raises ``re.error``.
    """
    tree = _parser.parse(pattern, flags)
    return _sequence(tree), _at_word(tree)


def runs_of_letters(pattern: str) -> frozenset[str]:
    """Runs of letters, in lower case, of which every match of ``pattern`` holds one at least.

    Empty where no letter is needed. What is no regular expression is taken as it is written.
    White space and marks play no part, as texts have them otherwise than patterns.
    """
    try:
        part, _ = part_of(pattern)
    except re.error:
        part, _ = part_of(re.escape(pattern))
    found = [frozenset(map(_longest_run, strings)) for strings in (part.begins, *part.inside)]
    return max((runs for runs in found if "" not in runs), key=worth, default=frozenset())


def worth(strings: Iterable[str]) -> tuple[int, int]:
    """How seldom one of the strings will stand in a text: the longer and the fewer."""
    lengths = list(map(len, strings))
    return min(lengths, default=0), -len(lengths)


def _longest_run(string: str) -> str:
    return max(re.findall(r"[^\W\d_]+", string), key=len, default="")


def _sequence(items: Any) -> Part:
    runs: list[frozenset[str]] = []
    inside: list[frozenset[str]] = []
    run, whole = _NONE, True
    for code, value in items:
        part = _part(code, value)
        inside.extend(part.inside)
        joined = _joined(run, part.begins if part.exact is None else part.exact)
        if joined is not None:
            run = joined
        if joined is None or part.exact is None:
            runs.append(run)
            run, whole = _NONE, False
            if joined is None and part.exact is not None:
                run = part.exact
    runs.append(run)
    return Part(run if whole else None, runs[0], (*inside, *runs))


def _joined(ones: frozenset[str], others: frozenset[str]) -> frozenset[str] | None:
    """All of the ones with all of the others behind them, unless they are too many."""
    if len(ones) * len(others) > _MOST_READ:
        return None
    return frozenset(one + other for one, other in product(ones, others))


def _part(code: Any, value: Any) -> Part:
    if code is op.ASSERT and value[0] == _AHEAD:
        part = _sequence(value[1])
        return Part(_NONE, _NONE, part.inside)
    if code in _ZERO_WIDTH:
        return Part(_NONE, _NONE)
    if code is op.LITERAL:
        return _letters([value])
    if code is op.IN and all(kind is op.LITERAL for kind, _ in value):
        return _letters([letter for _, letter in value])
    if code is op.SUBPATTERN and value[1] in (0, re.IGNORECASE):
        return _sequence(value[3])
    if code is op.ATOMIC_GROUP:
        return _sequence(value)
    if code is op.BRANCH:
        return _branches([_sequence(branch) for branch in value[1]])
    if code in _REPEATS:
        least, most, items = value
        part = _sequence(items)
        if least:
            return part if least == most == 1 else Part(None, part.begins, part.inside)
        if most == 1 and part.exact is not None:
            exact = part.exact | _NONE
            return Part(exact, exact)
    return _UNKNOWN


def _letters(codes: list[int]) -> Part:
    letters = frozenset(chr(code).lower() for code in codes)
    return Part(letters, letters)


def _branches(parts: list[Part]) -> Part:
    exact: frozenset[str] | None = frozenset()
    begins: frozenset[str] = frozenset()
    inside: frozenset[str] = frozenset()
    for part in parts:
        exact = None if exact is None or part.exact is None else exact | part.exact
        begins |= part.begins
        best = max(part.inside, key=worth, default=_NONE)
        inside |= best or _NONE
    return Part(exact, begins, (inside,))


def _at_word(items: Any) -> bool:
    """Whether a pattern begins with ``\\b`` or ``(?<!\\w)``."""
    first: tuple[Any, Any] = next(iter(items), (None, None))
    code, value = first
    if code is op.ASSERT_NOT and value[0] == _BEHIND and len(value[1]) == 1:
        kind, unwanted = value[1][0]
        kinds = unwanted if kind is op.IN else [(kind, unwanted)]
        return (op.CATEGORY, op.CATEGORY_WORD) in kinds
    return code is op.AT and value is op.AT_BOUNDARY
