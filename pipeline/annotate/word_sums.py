"""What is known of each word of a line, summed up under the weights of a network's first layer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from pipeline.annotate.layers import WordRows
from pipeline.annotate.ner import Line
from pipeline.annotate.network import Matrix
from pipeline.annotate.span_features import form_features, place_features, reading_features
from pipeline.annotate.tagger import Reading, Tagger

Weights = dict[str, Any]  # numpy arrays


@dataclass(frozen=True, slots=True)
class TaggedLine:
    """A line's words, whether each begins a sentence, and its reading."""

    words: tuple[str, ...]
    opens: tuple[bool, ...]
    readings: tuple[Reading, ...]

    def __len__(self) -> int:
        """Words of the line."""
        return len(self.words)


def tagged_lines(lines: Iterable[Line], readings: Iterable[Sequence[Reading]]) -> list[TaggedLine]:
    """Lines with what the tagger has given for their words."""
    return [
        TaggedLine(tuple(line.words), tuple(line.opens), tuple(read))
        for line, read in zip(lines, readings, strict=True)
    ]


class WordSums:
    """Products of words' features with the parts of a layer's weights, and its bias.

    ``weights`` holds ``first_rows``, ``first_forms``, ``first_readings`` and ``first_places``,
    which multiply the tagger's encoded rows, word forms, readings and places in the line, and
    ``first_bias``. What depends on a form or a reading alone is computed once.
    """

    def __init__(self, weights: Weights, tagger: Tagger) -> None:
        self._weights = weights
        self._tagger = tagger
        self._forms = WordRows(self._of_forms)
        self._readings: dict[Reading, int] = {}
        self._reading_rows = np.zeros((0, len(weights["first_bias"])), "float32")

    def of(self, lines: Sequence[TaggedLine]) -> Matrix:
        """A row for each word of all lines, as wide as the bias."""
        weights = self._weights
        sums: Matrix = self._tagger.rows([line.words for line in lines]) @ weights["first_rows"]
        sums += self._forms.of([word for line in lines for word in line.words])
        kinds = [self._kind(reading) for line in lines for reading in line.readings]
        sums += self._reading_rows[kinds]
        places = np.vstack([place_features(line.words, line.opens) for line in lines])
        sums += places @ weights["first_places"]
        return sums

    def _of_forms(self, words: list[str]) -> Matrix:
        """What the words' forms add, and the bias."""
        features = form_rows(words, self._tagger)
        products: Matrix = features @ self._weights["first_forms"] + self._weights["first_bias"]
        return products

    def _kind(self, reading: Reading) -> int:
        """Number of the reading's row in ``_reading_rows``; the tagger knows some thousand."""
        number = self._readings.get(reading)
        if number is None:
            number = self._readings[reading] = len(self._readings)
            flags = np.array([reading_features(reading)], "float32")
            row = flags @ self._weights["first_readings"]
            self._reading_rows = np.vstack([self._reading_rows, row])
        return number


def form_rows(words: Sequence[str], tagger: Tagger) -> Matrix:
    """Vector and shape of each word form, a row a word."""
    shapes = np.array([form_features(word) for word in words], "float32")
    features: Matrix = np.hstack([tagger.vectors.of(words), shapes])
    return features


def feature_rows(lines: Sequence[TaggedLine], tagger: Tagger) -> Matrix:
    """All features of each word side by side, in the order that weights are cut: for training."""
    words = [word for line in lines for word in line.words]
    readings = [reading_features(reading) for line in lines for reading in line.readings]
    return np.hstack(
        [
            tagger.rows([line.words for line in lines]),
            form_rows(words, tagger),
            np.array(readings, "float32"),
            np.vstack([place_features(line.words, line.opens) for line in lines]),
        ]
    ).astype("float32")
