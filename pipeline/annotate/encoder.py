"""The layers of a spaCy network that turn words into vectors, quick on one core.

What the network computes of a word alone is remembered: its embedding, and what the first layer of
neighbours makes of it as the left, the middle or the right of three words, which only adds these.
The further layers are plain matrix products on numpy's BLAS. They give what thinc gives, up to the
rounding of 32-bit numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Sized
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from spacy.vocab import Vocab

from pipeline.annotate.layers import MAXOUT, PIECES, Embedding, Maxout
from pipeline.annotate.network import Matrix, Network

REMEMBERED_WORDS = 10_000  # some 8 kB each; then remembering starts afresh
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

    def __init__(self, tok2vec: Network, vocab: Vocab) -> None:
        embed, convolutions = _parts(tok2vec)
        layers = [Maxout(node) for node in convolutions.walk() if node.name == MAXOUT]
        self._first, self._further = layers[0], layers[1:]
        self._words = _WordMemory(Embedding(embed, vocab), self._first)
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
    """What is computed of a word alone; ``REMEMBERED_WORDS`` bounds it.

    ``rows`` are embeddings; ``left``, ``middle`` and ``right`` what they add to the first layer's
    products in that place of a window. Number 0 is no word: zeros.
    """

    def __init__(self, embed: Embedding, first: Maxout) -> None:
        self._embed = embed
        self._weights = np.split(first.weights, 3)  # for the left, the middle and the right
        self._numbers: dict[str, int] = {}
        self.rows: Matrix = np.zeros((1, first.width), "float32")
        self.left, self.middle, self.right = (
            np.zeros((1, PIECES * first.width), "float32") for _ in self._weights
        )

    def numbers_of(self, words: Sequence[str]) -> list[int]:
        """The words' places."""
        known = self._numbers
        fresh = dict.fromkeys(word for word in words if word not in known)
        if fresh:
            if len(known) + len(fresh) > REMEMBERED_WORDS:
                known.clear()
                fresh = dict.fromkeys(words)
            self._learn(list(fresh))
        return [known[word] for word in words]

    def _learn(self, words: list[str]) -> None:
        first = len(self._numbers) + 1
        after = first + len(words)
        if after > len(self.rows):  # by halves: appending each time would copy all
            room = max(1024, min(after * 3 // 2, max(after, REMEMBERED_WORDS + 1)))
            self.rows, self.left, self.middle, self.right = (
                _grown(array, first, room)
                for array in (self.rows, self.left, self.middle, self.right)
            )
        for start in range(0, len(words), AT_ONCE):
            part = words[start : start + AT_ONCE]
            rows = self._embed(part)
            place = slice(first + start, first + start + len(part))
            self.rows[place] = rows
            for target, weights in zip(
                (self.left, self.middle, self.right), self._weights, strict=True
            ):
                np.matmul(rows, weights, out=target[place])
        self._numbers.update(zip(words, range(first, after), strict=True))


def _grown(array: Matrix, kept: int, room: int) -> Matrix:
    """A copy with room for more rows, of which the first are kept."""
    grown = np.zeros((room, array.shape[1]), array.dtype)
    grown[:kept] = array[:kept]
    return grown
