"""A short row of numbers for each word: what it means where it stands.

The network of relations reads them (``pipeline.extract.relations.network``): they are what it would
make of the tagger's rows first, small enough to be kept with the annotation.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pipeline.annotate.encoder import batches
from pipeline.annotate.network import Matrix
from pipeline.annotate.remembered import LineMemory
from pipeline.annotate.tagger import Tagger
from pipeline.annotate.word_sums import TaggedLine, Weights, WordSums

MOST = 127  # of a signed byte

Rows = NDArray[np.int8]


class WordMeanings:
    """Rows of words by the first layer of ``models/relations.npz``.

    ``weights`` are those of ``WordSums``, and ``steps``: how much one step of a byte is in each
    column.
    """

    def __init__(self, weights: Weights, tagger: Tagger) -> None:
        whole = {name: values.astype("float32") for name, values in weights.items()}
        self._sums = WordSums(whole, tagger)
        self._steps = whole["steps"]
        self._lines = LineMemory(self._read, len)

    def of(self, lines: Sequence[TaggedLine]) -> Rows:
        """A row for each word of all lines, in order."""
        width = len(self._steps)
        rows: Rows = np.vstack([np.zeros((0, width), np.int8), *self._lines.results(lines)])
        return rows

    def _read(self, lines: Sequence[TaggedLine]) -> Iterator[Rows]:
        for batch in batches(lines):
            rows = in_steps(self._sums.of(batch), self._steps)
            at = 0
            for line in batch:
                yield rows[at : at + len(line)]
                at += len(line)


def in_steps(sums: Matrix, steps: Matrix) -> Rows:
    """Numbers in whole steps, as bytes; what is larger than a byte is as large as it can be."""
    rows: Rows = np.clip(np.rint(sums / steps), -MOST, MOST).astype(np.int8)
    return rows


def load_meanings(models: Path, tagger: Tagger) -> WordMeanings:
    """The rows' weights out of ``models/relations.npz``. Raises ``FileNotFoundError``."""
    with np.load(models / "relations.npz") as archive:
        first = [name for name in archive.files if name.startswith("first_")]
        return WordMeanings({name: archive[name] for name in (*first, "steps")}, tagger)
