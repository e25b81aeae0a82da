"""The layers of a spaCy network that turn words into vectors, quick on one core.

What the network computes of a word alone is remembered: its embedding, and what the first layer of
neighbours makes of it as the left, the middle or the right of three words, which only adds these.
The further layers are plain matrix products on numpy's BLAS. They give what thinc gives, up to the
rounding of 32-bit numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Sized
from itertools import pairwise
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from spacy.tokens import Doc
from spacy.vocab import Vocab

from pipeline.annotate.network import Matrix, Network, parameter

REMEMBERED_WORDS = 10_000  # some 8 kB each; then remembering starts afresh
AT_ONCE = 256  # words whose matrices fit a processor's cache
NEIGHBOURS = "expand_window"  # how thinc names the first part of a layer that sees neighbours
PIECES = 3  # what a maxout layer chooses from

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
        layers = [_Layer(node) for node in convolutions.walk() if node.name == "maxout>>layernorm"]
        self._first, self._further = layers[0], layers[1:]
        self._words = _WordMemory(embed, self._first, vocab)
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
        state[needed] += self._first.finish(summed)
        for distance, layer in enumerate(self._further, 2):
            needed = _surroundings(places, gap - distance, len(padded))
            state[needed] += layer(state, needed)
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


class _Layer:
    """A window of three words, maxout of three pieces, layer normalisation."""

    def __init__(self, node: Network) -> None:
        maxout, norm = node.layers
        weights = parameter(maxout, "W")  # outputs x pieces x (left, middle, right)
        width, pieces, _ = weights.shape
        if pieces != PIECES:
            raise ValueError(f"a layer with {pieces} pieces where {PIECES} are known")
        self.width = width
        self.weights = np.ascontiguousarray(weights.transpose(2, 1, 0).reshape(-1, pieces * width))
        self.bias = np.ascontiguousarray(parameter(maxout, "b").T.reshape(-1))
        self._scale, self._shift = parameter(norm, "G"), parameter(norm, "b")

    def __call__(self, state: Matrix, rows: NDArray[np.intp]) -> Matrix:
        """What the layer adds to those rows."""
        window = np.concatenate([state[rows - 1], state[rows], state[rows + 1]], axis=1)
        return self.finish(window @ self.weights)

    def finish(self, summed: Matrix) -> Matrix:
        """The layer's output from its products, the bias not yet added."""
        summed += self.bias
        first, second, third = (
            summed[:, start:end]
            for start, end in pairwise(range(0, (PIECES + 1) * self.width, self.width))
        )
        best = np.maximum(first, second)
        np.maximum(best, third, out=best)
        best -= best.mean(axis=1, keepdims=True)
        variance = np.einsum("ij,ij->i", best, best) / self.width + np.float32(1e-8)
        best *= (1 / np.sqrt(variance))[:, None]
        best *= self._scale
        best += self._shift
        return best


class _WordMemory:
    """What is computed of a word alone; ``REMEMBERED_WORDS`` bounds it.

    ``rows`` are embeddings; ``left``, ``middle`` and ``right`` what they add to the first layer's
    products in that place of a window. Number 0 is no word: zeros.
    """

    def __init__(self, embed: Network, first: _Layer, vocab: Vocab) -> None:
        self._embed = embed
        self._weights = np.split(first.weights, 3)  # for the left, the middle and the right
        self._vocab = vocab
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
            rows = self._embed.predict([Doc(self._vocab, words=part)])[0]
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
