"""A short row of numbers for each word: what it means where it stands.

The network of relations reads them (``pipeline.extract.relations.network``): they are what it makes
of the words' vectors first, small enough to be kept with the annotation.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.annotate.network import Matrix

MOST = 127  # of a signed byte

Rows = NDArray[np.int8]


class WordMeanings:
    """Rows of words by ``meaning_weights``, ``meaning_bias`` and ``steps`` of the weights.

    A step is how much one step of a byte is in each column.
    """

    def __init__(self, weights: Mapping[str, Any]) -> None:
        self._weights = np.asarray(weights["meaning_weights"], "float32")
        self._bias = np.asarray(weights["meaning_bias"], "float32")
        self._steps = np.asarray(weights["steps"], "float32")

    def of(self, vectors: Matrix) -> Rows:
        """A row for each word, in order."""
        return in_steps(vectors @ self._weights + self._bias, self._steps)


def in_steps(sums: Matrix, steps: Matrix) -> Rows:
    """Numbers in whole steps, as bytes; what is larger than a byte is as large as it can be."""
    rows: Rows = np.clip(np.rint(sums / steps), -MOST, MOST).astype(np.int8)
    return rows


def load_meanings(models: Path) -> WordMeanings:
    """The rows' weights out of ``models/relations.npz``. Raises ``FileNotFoundError``."""
    with np.load(models / "relations.npz") as archive:
        return WordMeanings(
            {name: archive[name] for name in ("meaning_weights", "meaning_bias", "steps")}
        )
