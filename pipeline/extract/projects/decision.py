"""Chooses the names of an announcement: the likeliest candidates that do not share their words."""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from pipeline.extract.finds import EntityFind
from pipeline.extract.folding import fold
from pipeline.extract.projects.candidates import Candidate, is_outright
from pipeline.extract.spans import Spans, Taken

LEAST_FULL = 0.15  # probability from which a full name stands in for its short one
TIE = 1e-6
_SUBTITLE = re.compile(r"\s[–—-]\s")

Weighed = tuple[Candidate, float]
"""A candidate and how likely it is a project's name."""


def decide(weighed: Sequence[Weighed], least: float) -> list[EntityFind]:
    """The places of the accepted candidates in text order, not overlapping.

    The likeliest candidate takes its words, but not where a longer one surely stands; one whose
    every word is taken, or that is less likely than ``least``, is none. Each find's ``confidence``
    is its candidate's probability.
    """
    kept: list[EntityFind] = []
    taken = Taken()
    ranked = sorted(_fullest(weighed), key=lambda pair: (-pair[1], pair[0].key))
    accepted = [(_places(candidate), sure) for candidate, sure in ranked if sure >= least]
    every = Spans(find for places, _ in accepted for find in places)
    for places, sure in accepted:
        own = [find for find in places if not _outdone(find, every)] or places
        free = [find for find in own if taken.take(find.start, find.end)]
        kept += [msgspec.structs.replace(find, confidence=round(sure, 3)) for find in free]
    return sorted(kept, key=lambda find: find.start)


def _outdone(find: EntityFind, every: Spans[EntityFind]) -> bool:
    """Is it surer that a longer name stands there? ``Meren mieli`` in ``Meren mieli 2``."""
    return any(
        other.start <= find.start
        and find.end <= other.end
        and other.end - other.start > find.end - find.start
        and other.confidence > find.confidence
        for other in every.touching(find.start, find.end)
    )


def _fullest(weighed: Sequence[Weighed]) -> list[Weighed]:
    """The candidates, a full name at least as likely as its own short name.

    ``Puhdas Pielinen – yhteiset vesihuollot`` is the same project as ``Puhdas Pielinen``: where the
    short one is a name and the full one is likely enough, the full one is what it is called.
    """
    chances = {candidate.key: sure for candidate, sure in weighed}
    raised: list[Weighed] = []
    for candidate, sure in weighed:
        shorter = [
            chances.get(fold(name.name), 0.0)
            for find in candidate.finds
            if _SUBTITLE.search(find.name)
            for name in find.names[1:]
            if name.kind != "alias"
        ]
        if sure >= LEAST_FULL and shorter:
            sure = max([sure, *(min(other + TIE, 1.0) for other in shorter)])
        raised.append((candidate, sure))
    return raised


def _places(candidate: Candidate) -> list[EntityFind]:
    """One find a place: the widest at each beginning, under the rule that is surest there.

    A rule that reads words that say a name goes before one that only sees where one might be.
    """
    by_start: dict[int, list[EntityFind]] = {}
    for find in candidate.finds:
        by_start.setdefault(find.start, []).append(find)
    places: list[EntityFind] = []
    for finds in by_start.values():
        surest = max(finds, key=lambda find: (is_outright(find.rule), find.confidence, find.end))
        end = max(find.end for find in finds)
        places.append(msgspec.structs.replace(surest, end=end))
    return [
        find
        for find in places
        if not any(
            other is not find
            and other.start < find.end
            and find.start < other.end
            and (other.end - other.start, -other.start) > (find.end - find.start, -find.start)
            for other in places
        )
    ]
