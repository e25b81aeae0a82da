"""Regular expressions that look for letters they cannot do without before they search.

Most patterns of the lexicon stand in no text at all. Python's ``re`` finds that out by trying all
alternatives at every letter; an index of how the words of a text begin tells it at once.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from sys import maxsize
from typing import Any, NamedTuple

from pipeline.needs import part_of, worth

OPENING = 3  # letters of a word by which the index knows it
TELLING = 3  # letters; shorter strings stand in every text, unless they have one of these
RARE = frozenset('@§%€|\t”“„»«"')
MOST = 16  # strings; looking for more takes as long as the search itself
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
    part, at_word = part_of(pattern, flags)
    openings = frozenset(map(_opening, part.begins))
    if "" not in openings and at_word:
        return Needs(openings=openings)
    inside = [strings for each in (part.begins, *part.inside) if (strings := _telling(each))]
    return Needs(strings=max(inside, key=worth, default=()))


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
