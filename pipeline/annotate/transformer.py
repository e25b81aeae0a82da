"""A transformer encoder in numpy: vectors of the pieces of a text, each by all others around it.

Post-norm layers as BERT has them. Matrices are kept as bytes and steps (how much one step of a byte
is, a number a column) and are single precision once they are loaded; the table of pieces stays
packed, four bits a number, and is unpacked for the pieces that are read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.annotate.network import Matrix

EPSILON = np.float32(1e-12)
BLOCK = 32  # numbers of the table that share a scale

_HALF_CUBIC = np.float32(0.044715)
_ROOT = np.float32(np.sqrt(2 / np.pi))


class Transformer:
    """``weights`` as ``pipeline.training.context`` writes them.

    ``pieces`` (pieces x width / 2 bytes) and ``piece_scales`` are the packed table; ``places`` a
    row a place in the window; ``heads`` how many attention has; and of each layer, numbered from 0,
    the matrices ``qkv``, ``joined``, ``wide``, ``narrow`` (with ``_steps`` and ``_bias``) and the
    normalisations ``first`` and ``second``.
    """

    def __init__(self, weights: Mapping[str, Any]) -> None:
        self._table = weights["pieces"]
        self._scales = weights["piece_scales"]
        self._places = _single(weights["places"])
        self._norm = (_single(weights["norm_scale"]), _single(weights["norm_shift"]))
        count = sum(name.endswith("/qkv") for name in weights)
        heads = int(weights["heads"])
        self._layers = [_Layer(weights, number, heads) for number in range(count)]

    @property
    def width(self) -> int:
        """Numbers of a vector."""
        return int(self._places.shape[1])

    def states(self, pieces: Sequence[int]) -> Matrix:
        """A vector of each piece of a window: a matrix, pieces x width."""
        state = normalised(self._rows(pieces) + self._places[: len(pieces)], *self._norm)
        for layer in self._layers:
            state = layer(state)
        return state

    def _rows(self, pieces: Sequence[int]) -> Matrix:
        """The table's rows of these pieces."""
        return unpacked(self._table[list(pieces)], self._scales[list(pieces)])


class _Layer:
    """Attention and a wide layer, each added to what came in and normalised."""

    def __init__(self, weights: Mapping[str, Any], number: int, heads: int) -> None:
        def single(name: str) -> Matrix:
            return _single(weights[f"{number}/{name}"])

        def matrix(name: str) -> Matrix:
            return single(name) * single(f"{name}_steps")

        self._heads = heads
        self._qkv, self._qkv_bias = matrix("qkv"), single("qkv_bias")
        self._joined, self._joined_bias = matrix("joined"), single("joined_bias")
        self._wide, self._wide_bias = matrix("wide"), single("wide_bias")
        self._narrow, self._narrow_bias = matrix("narrow"), single("narrow_bias")
        self._first = (single("first_scale"), single("first_shift"))
        self._second = (single("second_scale"), single("second_shift"))

    def __call__(self, state: Matrix) -> Matrix:
        state = normalised(state + self._attention(state), *self._first)
        wide = gelu(state @ self._wide + self._wide_bias)
        return normalised(state + (wide @ self._narrow + self._narrow_bias), *self._second)

    def _attention(self, state: Matrix) -> Matrix:
        size, width = state.shape
        of_head = width // self._heads
        asked, keys, values = (
            (state @ self._qkv + self._qkv_bias)
            .reshape(size, 3, self._heads, of_head)
            .transpose(1, 2, 0, 3)
        )
        scores = asked @ keys.transpose(0, 2, 1)
        scores *= np.float32(of_head**-0.5)
        scores -= scores.max(axis=2, keepdims=True)
        np.exp(scores, out=scores)
        scores /= scores.sum(axis=2, keepdims=True)
        seen = (scores @ values).transpose(1, 0, 2).reshape(size, width)
        joined: Matrix = seen @ self._joined + self._joined_bias
        return joined


def normalised(values: Matrix, scale: Matrix, shift: Matrix) -> Matrix:
    """Layer normalisation of each row, into ``values`` itself."""
    values -= values.mean(axis=1, keepdims=True)
    variance = np.einsum("ij,ij->i", values, values) / np.float32(values.shape[1]) + EPSILON
    values *= (1 / np.sqrt(variance))[:, None]
    values *= scale
    values += shift
    return values


def gelu(values: Matrix) -> Matrix:
    """The usual approximation of GELU by a hyperbolic tangent."""
    inner = values * values
    inner *= _HALF_CUBIC
    inner += 1
    inner *= values
    inner *= _ROOT
    np.tanh(inner, out=inner)
    inner += 1
    inner *= values
    inner *= np.float32(0.5)
    return inner


def unpacked(table: NDArray[np.uint8], scales: NDArray[np.float16]) -> Matrix:
    """The rows of a packed table."""
    steps = np.empty((len(table), 2 * table.shape[1]), "float32")
    steps[:, ::2], steps[:, 1::2] = table & 15, table >> 4
    steps -= 8
    blocks = steps.reshape(len(table), -1, BLOCK)
    blocks *= scales.astype("float32")[..., None]
    return steps


def _single(values: Any) -> Matrix:
    return np.asarray(values, "float32")
