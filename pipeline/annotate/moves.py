"""Named spans from the vectors of words: what spaCy's recognizer chooses step by step, at once.

The recognizer walks a line and chooses a move at each word: out, unit, begin, in or last. Outside a
span its scores depend on the word alone, so they are computed for all words together; only inside
the few spans one must go word by word.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.annotate.network import Matrix, Network, parameter

OUTSIDE = "O"

Opinions = Matrix  # a row a word: the probability that it opens a name of each of ``Moves.kinds``


class Chosen(NamedTuple):
    """A span that was chosen: its first word, the word after its last, its type."""

    first: int
    after: int
    label: str


class Moves:
    """Chooses spans with the upper layers of a spaCy entity recognizer."""

    def __init__(self, model: Network, names: Sequence[str]) -> None:
        """``names`` are the recognizer's moves in order: ``O``, ``B-ORG``, ``U-ORG``… ``U-``, which
        blocks a word, is never chosen.
        """
        narrow = model.get_ref("tok2vec").layers[-1]
        lower, upper = model.get_ref("lower"), model.get_ref("upper")
        outputs, pieces, inputs = (lower.get_dim(name) for name in ("nO", "nP", "nI"))
        self._narrow = parameter(narrow, "W").T, parameter(narrow, "b")
        # Columns: feature x piece x output, so that maxout compares halves of a row.
        weights = parameter(lower, "W").transpose(0, 2, 1, 3).reshape(-1, inputs)
        self._lower = np.ascontiguousarray(weights.T)
        self._shape = (-1, lower.get_dim("nF"), pieces * outputs)
        none = parameter(lower, "pad").transpose(0, 1, 3, 2).reshape(-1, pieces * outputs)
        bias = parameter(lower, "b").T.reshape(-1)
        self._bias, self._outside_bias = bias, bias + none[1] + none[2]
        self._upper, self._upper_bias = parameter(upper, "W"), parameter(upper, "b")
        self._half = outputs
        self._names = [name.partition("-") for name in names]
        self._out = names.index(OUTSIDE)
        known = [bool(label) or kind == "O" for kind, _, label in self._names]
        self._closed = np.array(
            [kind in "OUB" and fine for (kind, *_), fine in zip(self._names, known, strict=True)]
        )
        self._begins = np.array([kind == "B" for kind, *_ in self._names])
        self.kinds = (OUTSIDE, *sorted({label for _, _, label in self._names} - {""}))
        self._kind_of_move = np.array(
            [[kind == (label or OUTSIDE) for kind in self.kinds] for _, _, label in self._names],
            dtype="float32",
        )
        self._inside = {
            label: (names.index(f"I-{label}"), names.index(f"L-{label}"))
            for kind, _, label in self._names
            if kind == "B"
        }

    def choose(self, rows: Matrix, ends: NDArray[np.bool_]) -> tuple[list[Chosen], Opinions]:
        """The spans of lines whose words have those vectors, in order, and opinions on each word.

        ``ends`` says of each word whether a sentence or a line ends with it: no span goes on.
        """
        weights, bias = self._narrow
        narrow: Matrix = rows @ weights + bias
        features: Matrix = np.matmul(narrow, self._lower).reshape(self._shape)
        scores = self._hidden(features[:, 0] + self._outside_bias) @ self._upper.T
        scores += self._upper_bias
        scores[:, ~self._closed] = -np.inf
        scores[np.ix_(ends, self._begins)] = -np.inf
        likely = np.exp(scores - scores.max(axis=1, keepdims=True))
        opinions = (likely / likely.sum(axis=1, keepdims=True)) @ self._kind_of_move
        return list(self._spans(features, ends, scores.argmax(axis=1))), opinions

    def _spans(
        self, features: Matrix, ends: NDArray[np.bool_], best: NDArray[np.intp]
    ) -> Iterator[Chosen]:
        """The spans that the best moves of words outside a span open."""
        after = 0
        for first in np.flatnonzero(best != self._out).tolist():
            if first >= after:
                kind, _, label = self._names[best[first]]
                after = first + 1 if kind == "U" else self._last(features, ends, first, label) + 1
                yield Chosen(first, after, label)

    def _last(self, features: Matrix, ends: NDArray[np.bool_], first: int, label: str) -> int:
        """The last word of a span that begins at a word."""
        moves = np.array(self._inside[label])
        weights, bias = self._upper[moves], self._upper_bias[moves]
        opened = features[first, 1] + self._bias
        word = first + 1
        while not ends[word]:
            hidden = self._hidden(features[word, 0] + opened + features[word - 1, 2])
            goes_on, closes = weights @ hidden + bias
            if closes > goes_on or (closes == goes_on and moves[1] < moves[0]):
                return word
            word += 1
        return word

    def _hidden(self, summed: Matrix) -> Matrix:
        return np.maximum(summed[..., : self._half], summed[..., self._half :])
