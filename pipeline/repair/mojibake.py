"""UTF-8 that was read as another code page, once or more often: "pÃ¤Ã¤tÃ¶s" is "päätös".

Every run of non-ASCII characters is judged by itself, so clean text beside damaged text stays as
it is. Where two code pages explain a run ("Ã€" is "ä" read as iso-8859-15, "À" read as cp1252),
the one that explains more of the same line, then of the whole text, is believed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from typing import NamedTuple

from pipeline.repair.changes import Change
from pipeline.repair.characters import weight
from pipeline.repair.misreadings import misreadings, suspect

_RUN = re.compile(r"[^\x00-\x7f]+")
_LAYERS = 4  # how often a text is believed to have been encoded wrongly
_PURE_BONUS = 50  # hundredths of a weight; the same mistake twice is likelier than two mistakes
_LINE_VOTE = 10  # a vote from the same line counts so many times


class _Way(NamedTuple):
    """How a run came to be: read as ``code_page`` last, always so if ``pure``, so many times."""

    code_page: str
    pure: bool
    times: int


class _Reading(NamedTuple):
    """What a run may have been, and the ways it may have come from there."""

    text: str
    ways: frozenset[_Way]
    merit: int  # mean weight of its characters, in hundredths

    @property
    def damage(self) -> int:
        """How many implausible characters and wrongly read sequences are left."""
        implausible = sum(1 for character in self.text if not weight(character))
        if not suspect().search(self.text):
            return implausible
        return implausible + max(misread.plausible(self.text) for misread in misreadings())


Votes = Mapping[_Way, int]


def mojibake(text: str) -> list[Change]:
    """Decode what was read as a wrong code page, where the result is plausible."""
    if not suspect().search(text):
        return []
    found = [
        [(offset + match.start(), match.group()) for match in _RUN.finditer(line)]
        for offset, line in _lines(text)
    ]
    lines = [[run for _, run in runs] for runs in found]
    for _ in range(_LAYERS):
        mended = _mended(lines)
        if mended == lines:
            break
        lines = mended
    return [
        _trimmed(start, run, after)
        for runs, afters in zip(found, lines, strict=True)
        for (start, run), after in zip(runs, afters, strict=True)
        if after != run
    ]


def _lines(text: str) -> list[tuple[int, str]]:
    offset, lines = 0, []
    for line in text.split("\n"):
        lines.append((offset, line))
        offset += len(line) + 1
    return lines


def _mended(lines: list[list[str]]) -> list[list[str]]:
    """Every run as the best reading of it, or as it was."""
    runs = {run for line in lines for run in line if suspect().search(run)}
    merits = {run: _merits(_readings(run, weak=False)) for run in runs}
    ballots = [_ballot(line, merits) for line in lines]
    votes = sum(ballots, Counter())
    if not votes:
        return lines
    readings = {run: _readings(run, weak=True) for run in runs}
    mended = []
    for line, own in zip(lines, ballots, strict=True):
        ballot = {way: count + _LINE_VOTE * own[way] for way, count in votes.items()}
        mended.append([_best(run, readings.get(run, []), ballot) for run in line])
    return mended


def _ballot(line: list[str], merits: Mapping[str, Votes]) -> Counter[_Way]:
    ballot: Counter[_Way] = Counter()
    for run in line:
        ballot.update(merits.get(run, {}))
    return ballot


def _merits(readings: list[_Reading]) -> Votes:
    """How well each way explains a run: by the best of the readings with least damage."""
    least = min((reading.damage for reading in readings), default=0)
    merits: dict[_Way, int] = {}
    for reading in readings:
        if reading.damage == least:
            for way in reading.ways:
                merit = reading.merit + (_PURE_BONUS if way.pure else 0)
                merits[way] = max(merits.get(way, 0), merit)
    return merits


def _readings(run: str, *, weak: bool) -> list[_Reading]:
    """Every plausible reading of ``run``, without the run itself.

    What clean text may hold as well is read only if ``weak``, or beside what it may not hold.
    """
    ways_of: dict[str, set[_Way]] = {}
    layer: dict[str, frozenset[_Way]] = {run: frozenset()}
    for _ in range(_LAYERS):
        following: dict[str, frozenset[_Way]] = {}
        for text, ways in layer.items():
            for misreading in misreadings():
                if text == run and not (weak or misreading.is_certain(run)):
                    continue
                after = misreading.taken_back(text)
                if after not in (text, run):
                    on = _ways_on(ways, misreading.code_page)
                    following[after] = following.get(after, frozenset()) | on
        for text, ways in following.items():
            ways_of.setdefault(text, set()).update(ways)
        layer = following
        if not layer:
            break
    unexplained = Counter(character for character in run if not weight(character))
    return [
        _Reading(text, frozenset(ways), _merit(text, run))
        for text, ways in ways_of.items()
        if all(weight(character) or unexplained[character] for character in text)
    ]


def _merit(text: str, run: str) -> int:
    """Mean weight of the characters; pairs of the run left as suspect as they were get none."""
    mended = suspect().sub(lambda pair: "" if pair.group() in run else pair.group(), text)
    return 100 * sum(map(weight, mended)) // len(text)


def _ways_on(ways: frozenset[_Way], code_page: str) -> frozenset[_Way]:
    """Ways after one more layer that was read as ``code_page``."""
    if not ways:
        return frozenset({_Way(code_page, pure=True, times=1)})
    return frozenset(
        _Way(way.code_page, way.pure and way.code_page == code_page, way.times + 1) for way in ways
    )


def _best(run: str, readings: list[_Reading], ballot: Votes) -> str:
    """The reading with least damage, then most votes and merit; ``run`` where none has votes."""
    believed = []
    for number, reading in enumerate(readings):
        votes = max(ballot.get(way, 0) for way in reading.ways)
        if votes:
            believed.append((reading.damage, -votes, -reading.merit, number))
    return readings[min(believed)[-1]].text if believed else run


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
