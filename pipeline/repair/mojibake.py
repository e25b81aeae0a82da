"""UTF-8 that was read as another code page, once or more often: "pÃ¤Ã¤tÃ¶s" is "päätös".

Every run of non-ASCII characters is judged by itself, so clean text beside damaged text stays as
it is. Where two code pages explain a run ("Ã€" is "ä" read as iso-8859-15, "À" read as cp1252),
the one that explains more of the same line, then of the whole text, is believed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from typing import NamedTuple

from pipeline.repair.changes import Change
from pipeline.repair.characters import weight
from pipeline.repair.misreadings import misreadings, suspect

_RUN = re.compile(r"[^\x00-\x7f]+")
_LAYERS = 4  # how often a text is believed to have been encoded wrongly
_LINE_VOTE = 10  # a vote from the same line counts so many times


class _Reading(NamedTuple):
    """What a run may have been, and the code pages it then was read as."""

    text: str
    code_pages: frozenset[str]

    @property
    def gain(self) -> int:
        return sum(map(weight, self.text))


def mojibake(text: str) -> list[Change]:
    """Decode what was read as a wrong code page, where the result is plausible."""
    if not suspect().search(text):
        return []
    lines = [
        [(offset + match.start(), match.group()) for match in _RUN.finditer(line)]
        for offset, line in _lines(text)
    ]
    strong: dict[str, list[_Reading]] = {}
    votes: Counter[str] = Counter()
    for runs in lines:
        votes.update(_votes(runs, strong))
    if not votes:
        return []
    weak: dict[str, list[_Reading]] = {}
    changes = []
    for runs in lines:
        line_votes = _votes(runs, strong)
        ballot = {page: votes[page] + _LINE_VOTE * line_votes[page] for page in votes}
        for start, run in runs:
            after = _best(run, _readings_of(run, weak, weak=True), ballot)
            if after != run:
                changes.append(_trimmed(start, run, after))
    return changes


def _lines(text: str) -> list[tuple[int, str]]:
    offset, lines = 0, []
    for line in text.split("\n"):
        lines.append((offset, line))
        offset += len(line) + 1
    return lines


def _votes(runs: list[tuple[int, str]], known: dict[str, list[_Reading]]) -> Counter[str]:
    votes: Counter[str] = Counter()
    for _, run in runs:
        for reading in _readings_of(run, known, weak=False):
            for page in reading.code_pages:
                votes[page] += reading.gain
    return votes


def _readings_of(run: str, known: dict[str, list[_Reading]], *, weak: bool) -> list[_Reading]:
    if run not in known:
        known[run] = _readings(run, weak=weak) if suspect().search(run) else []
    return known[run]


def _readings(run: str, *, weak: bool) -> list[_Reading]:
    """Every plausible reading of ``run``, without the run itself."""
    pages_of: dict[str, set[str]] = {}
    layer = {run: frozenset[str]()}
    for _ in range(_LAYERS):
        following: dict[str, frozenset[str]] = {}
        for text, pages in layer.items():
            for misreading in misreadings():
                after = misreading.taken_back(text, weak=weak)
                if after != text and after != run:
                    first = pages or frozenset({misreading.code_page})
                    following[after] = following.get(after, frozenset()) | first
        for text, pages in following.items():
            pages_of.setdefault(text, set()).update(pages)
        layer = following
        if not layer:
            break
    unexplained = Counter(character for character in run if not weight(character))
    return [
        _Reading(text, frozenset(pages))
        for text, pages in pages_of.items()
        if all(weight(character) or unexplained[character] for character in text)
    ]


def _best(run: str, readings: list[_Reading], ballot: dict[str, int]) -> str:
    """The reading that leaves least damage, then has most votes; ``run`` where none has any."""
    voted = [
        (_damage(reading.text), -max(ballot.get(page, 0) for page in reading.code_pages), -i)
        for i, reading in enumerate(readings)
    ]
    believed = [vote for vote in voted if vote[1] < 0]
    return readings[-min(believed)[2]].text if believed else run


def _damage(text: str) -> int:
    """How many implausible characters and suspect pairs are left."""
    implausible = sum(1 for character in text if not weight(character))
    return implausible + len(suspect().findall(text))


def _trimmed(start: int, before: str, after: str) -> Change:
    """A change without what ``before`` and ``after`` begin and end with in common."""
    head = _common(before, after, lambda text, i: text[i])
    rest = min(len(before), len(after)) - head
    tail = min(_common(before, after, lambda text, i: text[-1 - i]), rest)
    return Change(start + head, start + len(before) - tail, after[head : len(after) - tail])


def _common(one: str, other: str, at: Callable[[str, int], str]) -> int:
    shared = 0
    while shared < min(len(one), len(other)) and at(one, shared) == at(other, shared):
        shared += 1
    return shared
