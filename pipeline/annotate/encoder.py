"""The layers of a spaCy network that turn words into vectors, quick on one core.

What the network computes of a word alone is remembered: its embedding, and what the first layer of
neighbours makes of it as the left, the middle or the right of three words, which only adds these.
The further layers are plain matrix products on numpy's BLAS. They give what thinc gives, up to the
rounding of 32-bit numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Sized
from itertools import count
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from pipeline.annotate.layers import MAXOUT, PIECES, Embedding, Maxout, WordRows
from pipeline.annotate.network import Matrix, Network
from pipeline.annotate.vocabulary import Vocabulary

FREQUENT = 2_000  # words whose products are kept, 13 kB each at most
AT_ONCE = 256  # words whose matrices fit a processor's cache
NEIGHBOURS = "expand_window"  # how thinc names the first part of a layer that sees neighbours

AnyLine = TypeVar("AnyLine", bound=Sized)


def batches(lines: Iterable[AnyLine]) -> Iterator[list[AnyLine]]:
    """The lines in groups of some ``AT_ONCE`` words, in their order."""
    group: list[AnyLine] = []
    size = 0
    for line in lines:
        if group and size + len(line) > AT_ONCE:
            yield group
            group, size = [], 0
        group.append(line)
        size += len(line)
    if group:
        yield group


class Encoder:
    """Vectors of words in their lines, by a ``tok2vec`` network of embeddings and convolutions."""

    def __init__(self, tok2vec: Network, vocabulary: Vocabulary, vectors: WordRows) -> None:
        embed, convolutions = _parts(tok2vec)
        layers = [Maxout(node) for node in convolutions.walk() if node.name == MAXOUT]
        self._first, self._further = layers[0], layers[1:]
        self._words = _WordMemory(Embedding(embed, vocabulary, vectors), self._first)
        self.width = self._first.width

    def rows(self, lines: Sequence[Sequence[str]]) -> Matrix:
        """One row of ``width`` numbers for each word of the lines, in order.

        A line's rows don't depend on the lines beside it.
        """
        words = [word for line in lines for word in line]
        if not words:
            return np.zeros((0, self.width), "float32")
        numbers = self._words.numbers_of(words)
        # As in training, rows of zeros part the lines: as many as there are layers, so that what a
        # layer sees past the end of a line never comes from another line.
        gap = len(self._further) + 1
        owner = np.repeat(np.arange(len(lines)), [len(line) for line in lines])
        places = np.arange(len(words)) + gap * (owner + 1)
        padded = np.zeros(len(words) + gap * (len(lines) + 1), dtype=np.intp)
        padded[places] = numbers
        state: Matrix = self._words.rows[padded]
        needed = _surroundings(places, gap - 1, len(padded))
        summed = self._words.middle[padded[needed]]
        summed += self._words.left[padded[needed - 1]]
        summed += self._words.right[padded[needed + 1]]
        state[needed] += self._first.of_products(summed)
        for distance, layer in enumerate(self._further, 2):
            needed = _surroundings(places, gap - distance, len(padded))
            near = (state[needed - 1], state[needed], state[needed + 1])
            state[needed] += layer(np.concatenate(near, axis=1))
        rows: Matrix = state[places]
        return rows


def _parts(tok2vec: Network) -> tuple[Network, Network]:
    """The embedding of words and the layers that see neighbours."""
    for node in tok2vec.walk():
        if len(node.layers) == 2 and NEIGHBOURS in node.layers[1].name:
            embed, convolutions = node.layers
            if NEIGHBOURS not in embed.name:
                return embed, convolutions
    raise ValueError(f"the network {tok2vec.name} has no layers that see neighbours")


def _surroundings(places: NDArray[np.intp], distance: int, size: int) -> NDArray[np.intp]:
    """The rows at most so far from a word."""
    if not distance:
        return places
    near = np.zeros(size, dtype=bool)
    for step in range(-distance, distance + 1):
        near[places + step] = True
    return np.flatnonzero(near)


class _WordMemory:
    """What is computed of single words: of the first ``FREQUENT`` ones for good, as these are the
    common ones; of the others of a batch for its time.

    ``rows`` are embeddings; ``left``, ``middle`` and ``right`` what they add to the first layer's
    products in that place of a window. Number 0 is no word: zeros.
    """

    def __init__(self, embed: Embedding, first: Maxout) -> None:
        self._embedded = WordRows(lambda words: embed(words))
        self._weights = np.split(first.weights, 3)  # for the left, the middle and the right
        self._frequent: dict[str, int] = {}
        self.rows: Matrix = np.zeros((FREQUENT + AT_ONCE + 1, first.width), "float32")
        self.left, self.middle, self.right = (
            np.zeros((len(self.rows), PIECES * first.width), "float32") for _ in self._weights
        )

    def numbers_of(self, words: Sequence[str]) -> list[int]:
        """The words' places, until the next call."""
        frequent = self._frequent
        fresh = [word for word in dict.fromkeys(words) if word not in frequent]
        staying = fresh[: FREQUENT - len(frequent)]
        passing = fresh[len(staying) :]
        self._compute(staying, len(frequent) + 1)
        frequent.update(zip(staying, count(len(frequent) + 1)))
        self._compute(passing, FREQUENT + 1)
        numbers = dict(zip(passing, count(FREQUENT + 1)))
        return [frequent[word] if word in frequent else numbers[word] for word in words]

    def _compute(self, words: list[str], first: int) -> None:
        if not words:
            return
        place = slice(first, first + len(words))
        if place.stop > len(self.rows):  # a line longer than a batch
            self.rows, self.left, self.middle, self.right = (
                np.vstack([array, np.zeros((place.stop - len(array), array.shape[1]), "float32")])
                for array in (self.rows, self.left, self.middle, self.right)
            )
        rows = self._embedded.of(words)
        self.rows[place] = rows
        for target, weights in zip(
            (self.left, self.middle, self.right), self._weights, strict=True
        ):
            np.matmul(rows, weights, out=target[place])
