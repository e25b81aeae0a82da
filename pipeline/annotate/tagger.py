"""Universal tags and features of words in their sentences, by a small convolutional network.

The network is the tagger of spaCy-fi web md, its last layer cut to what is needed: the best label
of each word, without the probabilities.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

import numpy as np

from pipeline.annotate.encoder import Encoder, batches
from pipeline.annotate.kept import Pipeline
from pipeline.annotate.layers import WordRows, static_vectors
from pipeline.annotate.network import Matrix, component, parameter
from pipeline.annotate.remembered import LineMemory
from pipeline.annotate.vocabulary import Vocabulary


class Reading(NamedTuple):
    """A word's universal tag (``NOUN``) and features (``Case=Gen|Number=Sing``, or '')."""

    upos: str
    feats: str


class Tagger:
    """Tags lines of words, with the ``tok2vec`` and ``morphologizer`` of a spaCy pipeline."""

    def __init__(self, nlp: Pipeline, vectors: WordRows | None = None) -> None:
        self.vectors = vectors or static_vectors(nlp.vocab)
        self._encoder = Encoder(
            component(nlp, "tok2vec").model, Vocabulary(nlp.vocab), self.vectors
        )
        morphologizer = component(nlp, "morphologizer")
        last = next(node for node in morphologizer.model.walk() if node.name == "softmax")
        self._weights, self._bias = parameter(last, "W").T.copy(), parameter(last, "b")
        self._labels = [_reading(label) for label in morphologizer.labels]
        self._lines = LineMemory(self._tagged, len)
        self._latest: dict[tuple[str, ...], Matrix] = {}

    def tag(self, lines: Iterable[Sequence[str]]) -> list[tuple[Reading, ...]]:
        """The readings of each line's words, in the order of the lines."""
        self._latest.clear()
        return self._lines.results([tuple(line) for line in lines])

    def rows(self, lines: Sequence[tuple[str, ...]]) -> Matrix:
        """The encoder's row of numbers for each word of the lines, in order.

        Those of the lines that were tagged last are at hand.
        """
        missing = list(dict.fromkeys(line for line in lines if line not in self._latest))
        for _ in self._tagged(missing):
            pass
        return np.vstack([self._latest[line] for line in lines])

    def _tagged(self, lines: Iterable[tuple[str, ...]]) -> Iterator[tuple[Reading, ...]]:
        for batch in batches(lines):
            rows = self._encoder.rows(batch)
            best = np.argmax(rows @ self._weights + self._bias, axis=1).tolist()
            readings = iter([self._labels[label] for label in best])
            start = 0
            for line in batch:
                self._latest[line] = rows[start : start + len(line)]
                start += len(line)
                yield tuple(islice(readings, len(line)))


def _reading(label: str) -> Reading:
    """A label of the network, "Case=Gen|POS=NOUN", taken apart."""
    parts = label.split("|") if label != "_" else []
    upos = next((part[4:] for part in parts if part.startswith("POS=")), "X")
    return Reading(upos, "|".join(part for part in parts if not part.startswith("POS=")))
