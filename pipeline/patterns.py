"""Regular expressions that look for letters they cannot do without before they search.

Most patterns of the lexicon stand in no text at all. Python's ``re`` finds that out by trying all
alternatives at every letter; an index of how the words of a text begin tells it at once.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import product
from re import _constants as op  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from sys import maxsize
from typing import Any, NamedTuple

OPENING = 3  # letters of a word by which the index knows it
TELLING = 3  # letters; shorter strings stand in every text, unless they have one of these
RARE = frozenset('@§%€|\t”“„»«"')
MOST = 16  # strings; looking for more takes as long as the search itself
_MOST_READ = 200  # strings that are followed through a pattern

_REPEATS = {op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT}
_ZERO_WIDTH = {op.AT, op.ASSERT, op.ASSERT_NOT}
_AHEAD, _BEHIND = 1, -1
_NONE = frozenset({""})
_OPENING = re.compile(rf"\b\w{{1,{OPENING}}}")
# Letters that IGNORECASE takes for another letter, but ``str.lower`` does not.
_ODD_LETTERS = str.maketrans("İıſ", "iis")


class Needs(NamedTuple):
    """What stands in all that a pattern matches, in lower case.

    Either each match begins with a word that has one of the ``openings``, or it contains one of
    the ``strings``; both are empty where a pattern has nothing telling.
    """

    openings: frozenset[str] = frozenset()
    strings: tuple[str, ...] = ()


class Pattern:
    """A compiled pattern with the methods of ``re.Pattern`` that rules use, and their results."""

    __slots__ = ("_last", "_needs", "regex")

    def __init__(self, pattern: str, flags: int = 0) -> None:
        self.regex = re.compile(pattern, flags)
        self._needs = needs(pattern, flags)
        self._last: tuple[str, Sequence[int]] = ("", ())

    def search(self, text: str, start: int = 0, end: int = maxsize) -> re.Match[str] | None:
        """The first match in ``text[start:end]``."""
        if self._needs.openings:
            for place in self._places(text):
                if start <= place < end and (match := self.regex.match(text, place, end)):
                    return match
            return None
        return self.regex.search(text, start, end) if self._may(text, start, end) else None

    def finditer(self, text: str, start: int = 0, end: int = maxsize) -> Iterator[re.Match[str]]:
        """All matches in ``text[start:end]`` that do not overlap."""
        if self._needs.openings and self._places(text):
            return self._at_words(text, start, end)
        return self.regex.finditer(text, start, end) if self._may(text, start, end) else iter(())

    def match(self, text: str, start: int = 0, end: int = maxsize) -> re.Match[str] | None:
        """The match at ``start``."""
        if self._needs.openings or self._may(text, start, end):  # beginnings re sees at once
            return self.regex.match(text, start, end)
        return None

    def findall(self, text: str) -> list[Any]:
        """What ``re.Pattern.findall`` gives of a whole text."""
        return self.regex.findall(text) if self._may(text) else []

    def sub(self, by: str | Callable[[re.Match[str]], str], text: str) -> str:
        """The text with something else for each match."""
        return self.regex.sub(by, text) if self._may(text) else text

    def _may(self, text: str, start: int = 0, end: int = maxsize) -> bool:
        """Whether there can be a match between ``start`` and ``end``."""
        if not self._needs.openings and not self._needs.strings:
            return True
        places = self._places(text)
        first = bisect_left(places, start)
        return first < len(places) and places[first] < end

    def _at_words(self, text: str, start: int, end: int) -> Iterator[re.Match[str]]:
        for place in self._places(text):
            if start <= place < end and (match := self.regex.match(text, place, end)):
                yield match
                start = match.end()

    def _places(self, text: str) -> Sequence[int]:
        """Where the needed letters stand in a text, in order; the last text's are remembered."""
        last, places = self._last
        if last is not text:
            openings, strings = self._needs
            places = _of_words(openings, text) if openings else _of_strings(strings, text)
            self._last = text, places
        return places


def _of_words(openings: frozenset[str], text: str) -> Sequence[int]:
    index = _index(text)
    places = [place for opening in openings & index.keys() for place in index[opening]]
    return sorted(places) if places else ()


def _of_strings(strings: Iterable[str], text: str) -> Sequence[int]:
    text = lowered(text)
    places: list[int] = []
    for string in strings:
        at = text.find(string)
        while at >= 0:
            places.append(at)
            at = text.find(string, at + 1)
    return sorted(places) if places else ()


@lru_cache(maxsize=64)  # a text and its sentences are searched for many patterns
def _index(text: str) -> dict[str, list[int]]:
    """Where words begin, by their first letters."""
    index: dict[str, list[int]] = {}
    for match in _OPENING.finditer(lowered(text)):
        index.setdefault(match.group(), []).append(match.start())
    return index


@lru_cache(maxsize=64)
def lowered(text: str) -> str:
    """The text as IGNORECASE compares it, letter by letter, for the letters of our patterns."""
    return text.translate(_ODD_LETTERS).lower()


def needs(pattern: str, flags: int = 0) -> Needs:
    """What a pattern cannot do without."""
    tree = _parser.parse(pattern, flags)
    part = _sequence(tree)
    openings = frozenset(map(_opening, part.begins))
    if "" not in openings and _at_word(tree):
        return Needs(openings=openings)
    inside = [strings for each in (part.begins, *part.inside) if (strings := _telling(each))]
    return Needs(strings=max(inside, key=_worth, default=()))


def _at_word(items: Any) -> bool:
    """Whether a pattern begins with ``\\b`` or ``(?<!\\w)``."""
    first: tuple[Any, Any] = next(iter(items), (None, None))
    code, value = first
    if code is op.ASSERT_NOT and value[0] == _BEHIND and len(value[1]) == 1:
        kind, unwanted = value[1][0]
        kinds = unwanted if kind is op.IN else [(kind, unwanted)]
        return (op.CATEGORY, op.CATEGORY_WORD) in kinds
    return code is op.AT and value is op.AT_BOUNDARY


def _opening(string: str) -> str:
    """The key of the index for a match that begins with a string, "" if there may be several."""
    match = _OPENING.match(string)
    told = match is not None and (match.end() == OPENING or match.end() < len(string))
    return match.group() if match and told else ""


def _telling(strings: frozenset[str]) -> tuple[str, ...]:
    """The strings, none a part of another; none if they are too many or tell too little."""
    kept = [s for s in strings if not any(other in s for other in strings if other != s)]
    told = all(len(string) >= TELLING or not RARE.isdisjoint(string) for string in kept)
    return tuple(sorted(kept)) if told and len(kept) <= MOST else ()


def _worth(strings: tuple[str, ...]) -> tuple[int, int]:
    return min(map(len, strings), default=0), -len(strings)


class _Part(NamedTuple):
    """What part of a pattern matches.

    ``exact``: the only strings that it can match, ``None`` if there are more; ``begins``: strings
    one of which each match begins with; ``inside``: sets of strings one of which it contains.
    """

    exact: frozenset[str] | None
    begins: frozenset[str]
    inside: tuple[frozenset[str], ...] = ()


_UNKNOWN = _Part(None, _NONE)


def _sequence(items: Any) -> _Part:
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
    return _Part(run if whole else None, runs[0], (*inside, *runs))


def _joined(ones: frozenset[str], others: frozenset[str]) -> frozenset[str] | None:
    """All of the ones with all of the others behind them, unless they are too many."""
    if len(ones) * len(others) > _MOST_READ:
        return None
    return frozenset(one + other for one, other in product(ones, others))


def _part(code: Any, value: Any) -> _Part:
    if code is op.ASSERT and value[0] == _AHEAD:
        part = _sequence(value[1])
        return _Part(_NONE, _NONE, part.inside)
    if code in _ZERO_WIDTH:
        return _Part(_NONE, _NONE)
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
            return part if least == most == 1 else _Part(None, part.begins, part.inside)
        if most == 1 and part.exact is not None:
            exact = part.exact | _NONE
            return _Part(exact, exact)
    return _UNKNOWN


def _letters(codes: list[int]) -> _Part:
    letters = frozenset(chr(code).lower() for code in codes)
    return _Part(letters, letters)


def _branches(parts: list[_Part]) -> _Part:
    exact: frozenset[str] | None = frozenset()
    begins: frozenset[str] = frozenset()
    inside: frozenset[str] = frozenset()
    for part in parts:
        exact = None if exact is None or part.exact is None else exact | part.exact
        begins |= part.begins
        best = max((_telling(each) for each in part.inside), key=_worth, default=())
        inside |= frozenset(best) or _NONE
    return _Part(exact, begins, (inside,))
