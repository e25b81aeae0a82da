"""Gathers what is proposed as a project's name: one candidate a name, with all its places."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from pipeline.extract.finds import EntityFind
from pipeline.extract.folding import fold

# Rules that say where a name might be; all others read words that say one.
GENEROUS = ("line", "learned")
PLACES = 5  # places of a candidate that are looked at


class Candidate(msgspec.Struct, frozen=True, kw_only=True):
    """A name that may be a project's; ``finds`` are its proposals in text order."""

    key: str
    finds: tuple[EntityFind, ...]

    @property
    def spans(self) -> tuple[tuple[int, int], ...]:
        """Where it stands, each place once, in text order."""
        return tuple(dict.fromkeys((f.start, f.end) for f in self.finds))

    def names_in(self, text: str) -> list[tuple[int, int]]:
        """Where it stands, without a head behind the name and with it, at most ``PLACES`` twice."""
        names = [
            (find.start, find.start + len(find.name))
            for find in self.finds
            if text.startswith(find.name, find.start)
        ]
        return list(dict.fromkeys([*names, *self.spans]))[: 2 * PLACES]

    @property
    def votes(self) -> dict[str, float]:
        """Each rule that proposes it, with its greatest confidence."""
        votes: dict[str, float] = {}
        for find in self.finds:
            votes[find.rule] = max(votes.get(find.rule, 0.0), find.confidence)
        return votes


class Others:
    """All candidates of a page, so that each can look up those it meets instead of asking all."""

    def __init__(self, candidates: Sequence[Candidate], outright: Sequence[Candidate]) -> None:
        self.outright = _ByWord(outright)
        self.repeated = _ByWord(other for other in candidates if len(other.spans) > 1)
        self.by_start: defaultdict[int, list[tuple[Candidate, int]]] = defaultdict(list)
        self.by_end: defaultdict[int, list[tuple[Candidate, int]]] = defaultdict(list)
        for other in candidates:
            for start, end in other.spans:
                self.by_start[start].append((other, end))
                self.by_end[end].append((other, start))


class _ByWord:
    """Candidates that can be asked which share words with a name, one after the other in both."""

    def __init__(self, candidates: Iterable[Candidate]) -> None:
        self._holding: defaultdict[str, list[tuple[int, Candidate, str]]] = defaultdict(list)
        self._beginning: defaultdict[str, list[tuple[int, Candidate, str]]] = defaultdict(list)
        for number, other in enumerate(other for other in candidates if other.key):
            words = _words(other.key)
            for word in {*words}:
                self._holding[word].append((number, other, f" {other.key} "))
            self._beginning[words[0]].append((number, other, f" {other.key} "))

    def sharing(self, candidate: Candidate) -> Iterator[tuple[Candidate, str]]:
        """Others that may hold all its words or be held by it, each with its words in spaces."""
        words = _words(candidate.key)
        found = {number: (other, said) for number, other, said in self._holding[words[0]]}
        for word in words:
            found.update((number, (other, said)) for number, other, said in self._beginning[word])
        return (found[number] for number in sorted(found) if found[number][0] is not candidate)


def _words(key: str) -> Sequence[str]:
    return re.split(r"[ -]", key)


def is_outright(rule: str) -> bool:
    """Does a rule read words that say a name, and not merely where one might be?"""
    return not rule.startswith(GENEROUS)


def gather(proposals: Iterable[EntityFind]) -> list[Candidate]:
    """Candidates in order of their first place."""
    by_key: dict[str, list[EntityFind]] = {}
    for find in proposals:
        key = fold(find.name)
        if key:
            by_key.setdefault(key, []).append(find)
    found = [
        Candidate(key=key, finds=tuple(sorted(finds, key=lambda f: (f.start, f.end, f.rule))))
        for key, finds in by_key.items()
    ]
    return sorted(found, key=lambda candidate: (candidate.finds[0].start, candidate.key))
