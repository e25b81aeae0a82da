"""The layers of a spaCy network in numpy: what thinc computes, without what training needs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np
from spacy.tokens import Doc
from spacy.vocab import Vocab
from thinc.api import NumpyOps

from pipeline.annotate.network import Matrix, Network, parameter
from pipeline.annotate.vocabulary import Vocabulary

REMEMBERED = 8_000  # words; a kB each or less
PIECES = 3  # what a maxout layer chooses from
MAXOUT = "maxout>>layernorm"  # how thinc names a maxout layer with its normalisation
EMBEDDING = ("extract_features", "hashembed", "static_vectors", MAXOUT)  # and what makes vectors


class Maxout:
    """Linear, the greatest of three pieces, layer normalisation.

    ``weights`` are inputs x (piece, output), so that a piece is a run of columns.
    """

    def __init__(self, node: Network) -> None:
        maxout, norm = node.layers
        weights = parameter(maxout, "W")  # outputs x pieces x inputs
        self.width, pieces, _ = weights.shape
        if pieces != PIECES:
            raise ValueError(f"a layer with {pieces} pieces where {PIECES} are known")
        self.weights = np.ascontiguousarray(
            weights.transpose(2, 1, 0).reshape(-1, pieces * self.width)
        )
        self._bias = np.ascontiguousarray(parameter(maxout, "b").T.reshape(-1))
        self._scale, self._shift = parameter(norm, "G"), parameter(norm, "b")

    def __call__(self, inputs: Matrix) -> Matrix:
        """The layer's output, a row for each row of the inputs."""
        return self.of_products(inputs @ self.weights)

    def of_products(self, products: Matrix) -> Matrix:
        """The layer's output from its products, to which the bias is added in place."""
        products += self._bias
        first, second, third = (
            products[:, start:end]
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


class WordRows:
    """Rows computed of single words, each once; ``most`` of them are remembered, then none."""

    def __init__(self, compute: Callable[[list[str]], Matrix], most: int = REMEMBERED) -> None:
        self._compute = compute
        self._most = most
        self._known: dict[str, Matrix] = {}

    def of(self, words: Sequence[str]) -> Matrix:
        """A row for each word; there must be one word at least."""
        fresh = [word for word in dict.fromkeys(words) if word not in self._known]
        if len(self._known) + len(fresh) > self._most:
            self._known.clear()
            fresh = list(dict.fromkeys(words))
        if fresh:
            self._known.update(zip(fresh, self._compute(fresh), strict=True))
        return np.stack([self._known[word] for word in words])


def static_vectors(vocab: Vocab) -> WordRows:
    """The package's own vectors of words, which are sums over their parts."""
    return WordRows(lambda words: vocab.vectors.get_batch(words).astype("float32"))


class Embedding:
    """Vectors of single words, from hashed attributes and static vectors."""

    def __init__(self, node: Network, vocabulary: Vocabulary, vectors: WordRows) -> None:
        named = {name: [part for part in node.walk() if part.name == name] for name in EMBEDDING}
        if not all(named.values()):
            raise ValueError(f"the network {node.name} embeds words in another way")
        self._vocabulary = vocabulary
        self._static = vectors
        self._ops = NumpyOps(use_blis=False)
        self._columns = named["extract_features"][0].attrs["columns"]
        self._tables = [(parameter(part, "E"), part.attrs["seed"]) for part in named["hashembed"]]
        self._projection = parameter(named["static_vectors"][0], "W").T
        self._mix = Maxout(named[MAXOUT][0])

    def __call__(self, words: Sequence[str]) -> Matrix:
        """A row for each word."""
        doc = Doc(self._vocabulary.now(), words=list(words))
        ids = doc.to_array(self._columns)
        parts = [
            self._ops.gather_add(table, self._ops.hash(column, seed) % len(table))
            for (table, seed), column in zip(self._tables, ids.T.copy(), strict=True)
        ]
        parts.append(self._static.of(words) @ self._projection)
        return self._mix(np.hstack(parts))
