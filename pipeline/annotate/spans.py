"""Learned spans of lines of words: names of projects, programmes and bodies, and role titles.

No public corpus annotates them as announcements have them. Each word's tag is told from its vector
in the announcement (``contextual.py``), which was taught on the passages of ``corpus/training`` and
on the field corpus.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from pipeline.annotate.meanings import Rows, in_steps
from pipeline.annotate.network import Matrix
from pipeline.learned import LOGIT_STEP, TAG_COLUMNS

LABELS = ("PROJECT", "PROGRAMME", "ORG", "ROLE")
SURELY_NONE = 0.995  # a word that is in no span this surely ends what is decided together
OTHERS_OF = ("PROJECT", "PROGRAMME")  # labels of which other spans than the best are told
LEAST_EDGE = 0.02  # chance of a word to begin such a span
LEAST_OTHER = 0.06  # score of such a span
MOST_OTHERS = 10  # such spans of a stretch of words
LONGEST = 20  # words
EPSILON = 1e-8


@dataclass(frozen=True)
class LearnedSpan:
    """A span: its first word, the word after its last, its label, and how sure the network is.

    ``score`` is the geometric mean of its words' probabilities, 0 to 1.
    """

    first: int
    after: int
    label: str
    score: float


class SpanFinder:
    """Finds spans with the weights that ``pipeline.training.context`` makes.

    ``weights`` holds ``last_weights`` and ``last_bias``, which give a logit a tag, and ``tags``:
    O, and B, I, L, U before a type.
    """

    def __init__(self, weights: Mapping[str, Any]) -> None:
        self._weights, self._bias = weights["last_weights"], weights["last_bias"]
        self._tags = [str(tag) for tag in weights["tags"]]
        self._moves = _moves(self._tags)
        self._kept = np.array([tag[2:] in LABELS for tag in self._tags])

    def chances(self, vectors: Matrix) -> Matrix:
        """How likely each word has each tag, by the words' vectors: words x tags."""
        return _softmax(vectors @ self._weights + self._bias)

    def rows(self, chances: Matrix) -> Rows:
        """What is kept of the chances of words: the columns ``TAG_COLUMNS``, as bytes."""
        told = np.stack(
            [chances[:, self._columns(column)].sum(axis=1) for column in TAG_COLUMNS], axis=1
        ).clip(EPSILON, 1 - EPSILON)
        steps = in_steps(np.log(told / (1 - told)), np.array(LOGIT_STEP, "float32"))
        return np.where(steps == 0, np.int8(1), steps)  # zeros are words that were not read

    def _columns(self, column: str) -> list[int]:
        """The tags that a column tells of: one, or all of a label."""
        return [n for n, tag in enumerate(self._tags) if column in {tag, tag[2:]}]

    def find(self, chances: Matrix, sizes: Sequence[int]) -> list[list[LearnedSpan]]:
        """The spans of each line: the likeliest, which do not overlap, and beside them others.

        ``chances`` are those of the words of all lines, ``sizes`` the lines' words; words without
        chances are in no span. The others are names of projects and programmes that begin or end
        elsewhere, for a later decision to choose among.
        """
        ends = np.cumsum(sizes, dtype=int).tolist()
        return [
            self._decode(chances[end - size : end]) for size, end in zip(sizes, ends, strict=True)
        ]

    def _decode(self, chances: Matrix) -> list[LearnedSpan]:
        """The likeliest spans of one line.

        Words that are surely in no span part the line; the rest is decided stretch by stretch.
        """
        maybe = chances[:, self._kept].sum(axis=1) > 1 - SURELY_NONE
        if not maybe.any():
            return []
        borders = np.flatnonzero(np.diff(np.concatenate([[False], maybe, [False]]).astype(int)))
        found: list[LearnedSpan] = []
        for start, end in zip(borders[::2].tolist(), borders[1::2].tolist(), strict=True):
            path = _best_path(chances[start:end], *self._moves)
            best = list(_spans(path, chances[start:end], self._tags, start))
            found += best
            found += _others(chances[start:end], self._tags, start, best)
        return found


def load_span_finder(models: Path) -> SpanFinder:
    """The finder with the weights of ``models/spans.npz``.

    Raises ``FileNotFoundError`` naming the file that is missing.
    """
    with np.load(models / "spans.npz") as archive:
        return SpanFinder({name: archive[name] for name in archive.files})


def _softmax(values: Matrix) -> Matrix:
    raised = np.exp(values - values.max(axis=1, keepdims=True))
    chances: Matrix = raised / raised.sum(axis=1, keepdims=True)
    return chances


def _moves(tags: Sequence[str]) -> tuple[Matrix, Matrix, Matrix]:
    """Log chance, 0 or very small, of beginning with a tag, of two in a row, of ending with it."""
    inside = [tag[0] in "BI" and tag[2:] in LABELS for tag in tags]
    goes_on = [tag[0] in "IL" and tag[2:] in LABELS for tag in tags]
    size = len(tags)
    pairs = np.array(
        [
            [goes_on[two] and tags[one][2:] == tags[two][2:] if inside[one] else not goes_on[two]
             for two in range(size)]
            for one in range(size)
        ]
    )  # fmt: skip
    never = -1e9
    return (
        np.where(goes_on, never, 0.0),
        np.where(pairs, 0.0, never),
        np.where(inside, never, 0.0),
    )


def _best_path(chances: Matrix, first: Matrix, pairs: Matrix, last: Matrix) -> list[int]:
    """The likeliest row of tags that the moves allow (Viterbi)."""
    logs = np.log(chances + EPSILON)
    score = logs[0] + first
    came_from = []
    for place in range(1, len(logs)):
        options = score[:, None] + pairs
        best = options.argmax(axis=0)
        came_from.append(best)
        score = options[best, np.arange(len(best))] + logs[place]
    path = [int((score + last).argmax())]
    for best in reversed(came_from):
        path.append(int(best[path[-1]]))
    return path[::-1]


def _others(
    chances: Matrix, tags: Sequence[str], offset: int, best: Sequence[LearnedSpan]
) -> list[LearnedSpan]:
    """Spans of names beside the best path: other beginnings, other ends, at least so likely."""
    known = {(span.first, span.after, span.label) for span in best}
    size = len(chances)
    found: list[LearnedSpan] = []
    for label in OTHERS_OF:
        begins, inside, last, unit = (
            chances[:, tags.index(f"{place}-{label}")] for place in "BILU"
        )
        logs = np.log(inside + EPSILON)
        for start in np.flatnonzero((begins > LEAST_EDGE) | (unit > LEAST_EDGE)).tolist():
            total = float(np.log(begins[start] + EPSILON))
            for end in range(start, min(start + LONGEST, size)):
                if end == start:
                    score = float(unit[start])
                else:
                    ending = total + float(np.log(last[end] + EPSILON))
                    score = float(np.exp(ending / (end - start + 1)))
                    total += float(logs[end])
                key = (offset + start, offset + end + 1, label)
                if score >= LEAST_OTHER and key not in known:
                    found.append(LearnedSpan(*key, round(score, 2)))
    return sorted(found, key=lambda span: (-span.score, span.first, span.after))[:MOST_OTHERS]


def _spans(
    path: Sequence[int], chances: Matrix, tags: Sequence[str], offset: int
) -> Iterator[LearnedSpan]:
    start = 0
    for place, number in enumerate(path):
        kind, label = tags[number][0], tags[number][2:]
        if label not in LABELS:
            continue
        if kind in "BU":
            start = place
        if kind in "LU":
            sure = [chances[word, path[word]] for word in range(start, place + 1)]
            score = float(np.exp(np.mean(np.log(np.array(sure) + EPSILON))))
            yield LearnedSpan(offset + start, offset + place + 1, label, round(score, 2))
