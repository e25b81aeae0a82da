"""Weighs the candidates of a page once more, beside each other: names stand where others stand.

``Matala taajuus`` heads a card as the surer ``KOTKOT`` does the next; of candidates that share
words one is a name; a page full of names holds more of them than one of prose.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pipeline.evidence import Evidence
from pipeline.evidence.votes import BY_ITSELF
from pipeline.extract.layout import Layout
from pipeline.extract.projects.candidate_signs import Signs
from pipeline.extract.projects.candidates import PLACES, Candidate
from pipeline.extract.projects.decision import Weighed
from pipeline.extract.spans import Spans

SINGLE, JOINT = "projects", "projects_joint"
"""The decisions on a name by itself, and beside the page's other candidates."""
LINES = 4  # set as the candidate's own is, that are looked at
OPENS = 4  # characters from a line's beginning within which a name opens it

Told = Sequence[tuple[Candidate, Signs]]
"""Candidates with their signs."""


def weighed_jointly(page: Layout, told: Told, evidence: Evidence) -> list[Weighed]:
    """Each candidate with how likely it is a name, seen beside the others."""
    beside = in_company(page, told, evidence)
    chances = evidence.model(JOINT).probabilities([signs for _, signs in beside])
    return [(candidate, sure) for (candidate, _), sure in zip(beside, chances, strict=True)]


def in_company(page: Layout, told: Told, evidence: Evidence) -> list[tuple[Candidate, Signs]]:
    """The same candidates with the signs of their company in the place of their own."""
    candidates = [candidate for candidate, _ in told]
    alone = evidence.model(SINGLE).probabilities([signs for _, signs in told])
    signs = joint_signs(page, list(zip(candidates, alone, strict=True)))
    return list(zip(candidates, signs, strict=True))


class _Place(NamedTuple):
    """A place of the candidate with that number."""

    start: int
    end: int
    number: int


Shape = tuple[str, bool]
"""The kind of a line, and whether the name opens it."""


def joint_signs(page: Layout, weighed: Sequence[Weighed]) -> list[Signs]:
    """What each candidate's company says of it; ``weighed`` tells how likely each is by itself."""
    chances = [sure for _, sure in weighed]
    places = Spans(
        _Place(start, end, number)
        for number, (candidate, _) in enumerate(weighed)
        for start, end in candidate.spans[:PLACES]
    )
    lines = [_line(page, candidate.finds[0].start) for candidate, _ in weighed]
    surest: defaultdict[Shape, dict[int, float]] = defaultdict(dict)
    for (shape, start), sure in zip(lines, chances, strict=True):
        surest[shape][start] = max(sure, surest[shape].get(start, 0.0))
    alike = {shape: sorted(of.items()) for shape, of in surest.items()}
    total = sum(chances)
    told: list[Signs] = []
    for number, (candidate, sure) in enumerate(weighed):
        shape, start = lines[number]
        rivals = [chances[rival] for rival in _rivals(places, candidate, number)]
        found = {
            BY_ITSELF: sure,
            "rival": max(rivals, default=0.0),
            "rivals": sum(rivals),
            "total": total - sure,
            f"set_{shape[0]}_{'opens' if shape[1] else 'within'}": 1.0,
            **dict(_of_lines(alike[shape], start)),
        }
        told.append({sign: value for sign, value in found.items() if value})
    return told


def _line(page: Layout, position: int) -> tuple[Shape, int]:
    """How the line at ``position`` is set, and where it begins."""
    block = page.block(position)
    if block is None:
        return ("none", False), position
    return (block.kind, position - block.start < OPENS), block.start


def _rivals(places: Spans[_Place], candidate: Candidate, number: int) -> set[int]:
    """The numbers of the candidates that share words with one."""
    touching = (places.touching(start, end) for start, end in candidate.spans[:PLACES])
    return {place.number for some in touching for place in some} - {number}


def _of_lines(lines: Sequence[tuple[int, float]], start: int) -> Iterator[tuple[str, float]]:
    """How likely the nearest other lines of the same shape name something."""
    at = bisect_left(lines, (start, 0.0))
    around = [*lines[max(0, at - LINES) : at], *lines[at + 1 : at + 1 + LINES]]
    around.sort(key=lambda line: (abs(line[0] - start), line[0]))
    nearest = [sure for _, sure in around[:LINES]]
    for number, sure in enumerate(nearest, start=1):
        yield f"nearest_{number}", sure
    yield "nearest_mean", sum(nearest) / LINES
    yield "lines_alike", float(min(len(lines) - 1, 10))
