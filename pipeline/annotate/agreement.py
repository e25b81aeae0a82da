"""Let the names of a text agree: what a word is in one sentence tells what it is in the next.

``Simonides vaelsi`` may be a body to the network and ``tapasi Simonideen`` a person. A name of one
word is judged anew by the network's opinions of all its mentions nearby, whatever their case; the
parts of a person's whole name speak for the person, and the same word in lower case against a name
at a sentence's beginning.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from pipeline.annotate.moves import OUTSIDE, Chosen, Opinions

KINDS = frozenset({"PERSON", "ORG", "GPE", "LOC", "PRODUCT"})  # a word is one of these all along
PERSON = "PERSON"
NOTHING = 0  # the number of ``OUTSIDE`` among the kinds

NEARBY = 300  # words before and after
TRUST = 3.0  # weight of all other mentions together, against 1 for the word's own sentence …
DOUBT = 2.0  # … reached slowly: n mentions weigh TRUST * n / (n + DOUBT)
NO_NAME = 0.5  # weight of a capitalised word that the network takes for no name
LOWER_CASE = 0.25  # weight of a mention in lower case
FLOOR = 1e-4  # no opinion is surer than that
SURE = 0.95  # how sure a part of a person's name is of being one
LONGEST_PERSON = 4  # words
SHORTEST = 3  # characters of a word that is compared
CHANGING = 2  # last characters that inflection may change
LONGEST_ENDING = 6  # characters that an inflected form has beyond what two forms share …
SHORT, SHORT_ENDING = 5, 4  # … and a word of no more than five
NEN = re.compile("nen$")


@dataclass(frozen=True)
class Reading:
    """A line as the network reads it: words, spans found, opinions on each word."""

    words: Sequence[str]
    ends: Sequence[bool]  # whether a sentence ends with the word
    spans: Sequence[Chosen]
    opinions: Opinions


@dataclass(frozen=True)
class _Mention:
    line: int
    word: int
    place: int  # its number in the text
    form: str  # in lower case
    opinion: NDArray[np.float32]  # logarithms
    favourite: int  # the likeliest kind's number
    judged: bool = False  # a name of one word, or a capitalised word that is no name
    opens: bool = False  # a sentence
    lower: bool = False  # written in lower case

    @property
    def weight(self) -> float:
        if self.lower:
            return LOWER_CASE
        return NO_NAME if self.favourite == NOTHING else 1.0


def agreed(lines: Sequence[Reading], kinds: Sequence[str]) -> list[list[Chosen]]:
    """The spans of each line of one text after agreement, in order; none overlaps another.

    ``kinds`` names the columns of the opinions, ``OUTSIDE`` the first. Spans of several words stay
    as they are, and so does what the network knows as anything but a kind of ``KINDS``.
    """
    changes: list[dict[int, str]] = [{} for _ in lines]
    allowed = np.array([kind in KINDS or kind == OUTSIDE for kind in kinds])
    for group in _groups(lines, kinds):
        for mention in group:
            kind = _judge(mention, group, allowed) if mention.judged else None
            if kind is not None:
                changes[mention.line][mention.word] = kinds[kind]
    return [_changed(line.spans, change) for line, change in zip(lines, changes, strict=True)]


def _changed(spans: Sequence[Chosen], change: dict[int, str]) -> list[Chosen]:
    kept = [span for span in spans if not (_is_single(span) and span.first in change)]
    new = [Chosen(word, word + 1, kind) for word, kind in change.items() if kind != OUTSIDE]
    return sorted(kept + new)


def _is_single(span: Chosen) -> bool:
    return span.after - span.first == 1


def _groups(lines: Sequence[Reading], kinds: Sequence[str]) -> Iterator[list[_Mention]]:
    """Mentions with the same first letters, in the text's order, where opinions differ."""
    groups: dict[str, list[_Mention]] = defaultdict(list)
    for mention in _capitalised(lines, kinds):
        groups[mention.form[:SHORTEST]].append(mention)
    opening = {key for key, group in groups.items() if any(m.judged and m.opens for m in group)}
    for mention in _in_lower_case(lines, opening, _certain(kinds, OUTSIDE)):
        groups[mention.form[:SHORTEST]].append(mention)
    for group in groups.values():
        # Opinions with the same favourite agree already, and so does their sum.
        if len({mention.favourite for mention in group}) > 1:
            yield sorted(group, key=_place)


def _place(mention: _Mention) -> int:
    return mention.place


def _capitalised(lines: Sequence[Reading], kinds: Sequence[str]) -> Iterator[_Mention]:
    person = _certain(kinds, PERSON)
    start = 0
    for number, line in enumerate(lines):
        inside = {word: span for span in line.spans for word in range(span.first, span.after)}
        for word, form in enumerate(line.words):
            if len(form) < SHORTEST or not form[0].isupper():
                continue
            span = inside.get(word)
            judged = span is None or (_is_single(span) and span.label in KINDS)
            if judged or _is_part_of_person(word, span):
                opinion = np.log(line.opinions[word] + FLOOR) if judged else person
                opens = word == 0 or line.ends[word - 1]
                best = int(opinion.argmax())
                place = start + word
                yield _Mention(number, word, place, form.lower(), opinion, best, judged, opens)
        start += len(line.words)


def _in_lower_case(
    lines: Sequence[Reading], keys: Set[str], opinion: NDArray[np.float32]
) -> Iterator[_Mention]:
    start = 0
    for number, line in enumerate(lines):
        inside = {word for span in line.spans for word in range(span.first, span.after)}
        for word, form in enumerate(line.words):
            if form[:SHORTEST] in keys and word not in inside:
                yield _Mention(number, word, start + word, form, opinion, NOTHING, lower=True)
        start += len(line.words)


def _is_part_of_person(word: int, span: Chosen | None) -> bool:
    """Whether the word is the first or the last of a person's name of several words."""
    if span is None:
        return False
    length = span.after - span.first
    return (
        span.label == PERSON
        and 1 < length <= LONGEST_PERSON
        and word in (span.first, span.after - 1)
    )


def _certain(kinds: Sequence[str], kind: str) -> NDArray[np.float32]:
    sure = np.full(len(kinds), (1 - SURE) / (len(kinds) - 1), "float32")
    sure[list(kinds).index(kind)] = SURE
    return np.log(sure + FLOOR)


def _judge(mention: _Mention, group: Sequence[_Mention], allowed: NDArray[np.bool_]) -> int | None:
    """The kind of a mention when the others nearby are heard; None where there are none.

    That a word is no name elsewhere takes a name away only where it stands in lower case there.
    """
    total = np.zeros_like(mention.opinion)
    weight = 0.0
    may_be_nothing = mention.favourite == NOTHING
    first = bisect_left(group, mention.place - NEARBY, key=_place)
    for other in islice(group, first, None):
        if other.place > mention.place + NEARBY:
            break
        heard = other is not mention and (mention.opens or not other.lower)
        if heard and _alike(mention.form, other.form):
            total += other.weight * other.opinion
            weight += other.weight
            may_be_nothing |= other.lower
    if not weight:
        return None
    opinion = np.where(allowed, mention.opinion + TRUST / (weight + DOUBT) * total, -np.inf)
    if not may_be_nothing:
        opinion[NOTHING] = -np.inf
    return int(opinion.argmax())


@lru_cache(maxsize=20_000)
def _alike(one: str, other: str) -> bool:
    """Whether two words in lower case may be forms of one: ``väänänen`` and ``väänäselle``."""
    if one == other:
        return True
    one, other = (NEN.sub("se", word) for word in (one, other))
    shared = next(
        (n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b),
        min(len(one), len(other)),
    )
    shorter, longer = sorted((len(one), len(other)))
    changing = max(0, min(CHANGING, shorter - SHORT + 1))
    ending = LONGEST_ENDING if shorter > SHORT else SHORT_ENDING
    return longer - shared <= ending and shared >= max(SHORTEST, shorter - changing)
