"""A transformer encoder: vectors of the pieces of a text, each by all others around it.

The layers are a graph that onnxruntime runs; most of its products are of bytes. The table of pieces
stays packed, four bits a number, and is unpacked for the pieces that are read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnxruntime import InferenceSession, SessionOptions

from pipeline.layer_norm import Matrix, normalised

EPSILON = 1e-12
BLOCK = 32  # numbers of the table that share a scale


class Transformer:
    """``weights`` as ``pipeline.training.context`` writes them.

    ``pieces`` (pieces x width / 2 bytes) and ``piece_scales`` are the packed table; ``places`` a
    row a place in the window; ``norm_scale`` and ``norm_shift`` what their sums are normalised by;
    ``layers`` the bytes of a graph of ONNX that makes of its one input, pieces x width, the states.
    """

    def __init__(self, weights: Mapping[str, Any]) -> None:
        self._table = weights["pieces"]
        self._scales = weights["piece_scales"]
        self._places = _single(weights["places"])
        self._norm = (_single(weights["norm_scale"]), _single(weights["norm_shift"]))
        options = SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1  # one thread a worker
        self._layers = InferenceSession(
            weights["layers"].tobytes(), options, providers=["CPUExecutionProvider"]
        )
        self._input = self._layers.get_inputs()[0].name

    @property
    def width(self) -> int:
        """Numbers of a vector."""
        return int(self._places.shape[1])

    def states(self, pieces: Sequence[int]) -> Matrix:
        """A vector of each piece of a window: a matrix, pieces x width."""
        state = normalised(self._rows(pieces) + self._places[: len(pieces)], *self._norm, EPSILON)
        found: Matrix = self._layers.run(None, {self._input: state})[0]
        return found

    def _rows(self, pieces: Sequence[int]) -> Matrix:
        """The table's rows of these pieces."""
        return unpacked(self._table[list(pieces)], self._scales[list(pieces)])


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
