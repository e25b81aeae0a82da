"""How likely the span model finds it that just these words are a name, whoever proposes them.

The model's own spans (``learned``) are its best; readers propose others that begin or end elsewhere
or that it does not see. What it tells of each word (``Doc.tensor``) is an opinion on those, too.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from spacy.tokens import Doc

from pipeline.extract.doc_text import words_in
from pipeline.learned import LOGIT_STEP, TAG_COLUMNS

GROUPS = {"project": ("PROJECT", "PROGRAMME"), "body": ("ORG",), "title": ("ROLE",)}
LONGEST = 25  # words of a span that is looked at
LEAST = 0.002  # chance that counts as none
EPSILON = 1e-6

Span = tuple[int, int]
Chances = NDArray[np.float32]


class _Told(NamedTuple):
    """What is told of each word about names of a group.

    ``first``, ``last``: one begins, ends with it; ``onward``, ``back``: one goes on behind, before
    it; ``inside``: it is in one. ``exact`` holds for each label the logarithms of the chances to
    begin, go on, end a name and to be one alone.
    """

    first: list[float]
    last: list[float]
    onward: list[float]
    back: list[float]
    inside: list[float]
    exact: list[tuple[list[float], list[float], list[float], list[float]]]


class TagChances:
    """The chances of tags of an announcement's words, asked for spans of characters.

    A document without rows of words, and words that were not read, have no chances: ``known`` says
    whether there are any.
    """

    def __init__(self, doc: Doc) -> None:
        words = words_in(doc)
        self._starts = [word.idx for word in words]
        self._ends = [word.idx + len(word) for word in words]
        chances = np.zeros((len(words), len(TAG_COLUMNS)), "float32")
        if doc.tensor.size and words:
            rows: Any = doc.tensor[[word.i for word in words], -len(TAG_COLUMNS) :]
            read = rows.any(axis=1)
            chances[read] = 1 / (1 + np.exp(-rows[read].astype("float32") * LOGIT_STEP))
        self.known = bool(chances.any())
        self._told = {group: _told(chances, labels) for group, labels in GROUPS.items()}

    def signs(self, spans: Iterable[Span], group: str) -> list[Mapping[str, float]]:
        """For each span signs of its being a name of that group, a key of ``GROUPS``.

        ``exact``: a name of just these words, the mean a word; ``first``, ``last``: a name begins,
        ends there; ``inside``, ``weakest``: its words are in one, on average and the least;
        ``before``, ``behind``: the name goes on beyond; and for other groups that its words are in
        such a name. A span that ends within a word is looked at with the whole of it.
        """
        told = self._told[group]
        others = {name: theirs.inside for name, theirs in self._told.items() if name != group}
        found: list[Mapping[str, float]] = []
        for start, end in spans:
            first, behind = bisect_right(self._ends, start), bisect_left(self._starts, end)
            if not 0 < behind - first <= LONGEST:
                found.append({})
                continue
            size, inside = behind - first, told.inside[first:behind]
            signs = {
                "exact": max((_exact(label, first, behind) for label in told.exact), default=0.0),
                "first": told.first[first],
                "last": told.last[behind - 1],
                "inside": sum(inside) / size,
                "weakest": min(inside),
                "before": told.onward[first - 1] if first else 0.0,
                "behind": told.back[behind] if behind < len(told.back) else 0.0,
            }
            for name, theirs in others.items():
                signs[name] = sum(theirs[first:behind]) / size
            found.append({name: value for name, value in signs.items() if value > LEAST})
        return found


def _told(chances: Chances, labels: Sequence[str]) -> _Told:
    """What a table of chances, words x ``TAG_COLUMNS``, tells about names of some labels."""

    def any_of(places: str) -> list[float]:
        wanted = {f"{place}-{label}" for place in places for label in labels} | {*labels}
        summed: list[float] = chances[:, [c in wanted for c in TAG_COLUMNS]].sum(axis=1).tolist()
        return summed

    logs = np.log(chances + EPSILON).T.tolist()
    column = {name: number for number, name in enumerate(TAG_COLUMNS)}
    exact = [
        (*(logs[column[f"{place}-{label}"]] for place in "BILU"),)
        for label in labels
        if f"B-{label}" in column
    ]
    return _Told(any_of("BU"), any_of("LU"), any_of("BI"), any_of("IL"), any_of("BILU"), exact)


def _exact(label: Sequence[Sequence[float]], first: int, behind: int) -> float:
    """The geometric mean of the chances of the tags that a name of these words has."""
    begin, inside, last, alone = label
    if behind - first == 1:
        return math.exp(alone[first])
    total = begin[first] + sum(inside[first + 1 : behind - 1]) + last[behind - 1]
    return math.exp(total / (behind - first))


def summed_up(places: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """Signs of a name by those of all its places: of the likeliest one, and the mean of all."""
    told = [signs for signs in places if signs]
    if not told:
        return {}
    best = max(told, key=lambda signs: signs.get("exact", 0.0))
    means = {
        f"tags_mean:{name}": sum(signs.get(name, 0.0) for signs in told) / len(told)
        for name in dict.fromkeys(name for signs in told for name in signs)
    }
    return {
        **{f"tags:{name}": value for name, value in best.items()},
        **means,
        "tags_sum:exact": sum(signs.get("exact", 0.0) for signs in told),
    }
