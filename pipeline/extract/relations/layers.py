"""What the layers of the network of relations compute in numpy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from pipeline.layer_norm import Matrix, normalised

EPSILON = 1e-8
BLOCK = 512  # rows that see each other


def maxout(sums: Matrix, weights: Mapping[str, Any], name: str) -> Matrix:
    """Of each unit's two pieces the larger, normalised: with the mean 0 and the variance 1.

    The first pieces of all units stand before the second; ``weights`` holds ``<name>_scale`` and
    ``<name>_shift``.
    """
    width = sums.shape[1] // 2
    larger: Matrix = np.maximum(sums[:, :width], sums[:, width:])
    return normalised(larger, weights[f"{name}_scale"], weights[f"{name}_shift"], EPSILON)


def attended(state: Matrix, weights: Mapping[str, Any], name: str) -> Matrix:
    """What each row sees of the others of its block: rows x width.

    Each head looks less at what is farther: ``<name>_slopes`` says how much. Blocks of ``BLOCK``
    rows see nothing of each other, so that the time is linear in the number of rows.
    """
    blocks = [
        _attended(state[start : start + BLOCK], weights, name)
        for start in range(0, len(state), BLOCK)
    ]
    return np.vstack(blocks) if len(blocks) > 1 else blocks[0]


def _attended(state: Matrix, weights: Mapping[str, Any], name: str) -> Matrix:
    slopes = weights[f"{name}_slopes"]
    rows, width = state.shape
    each = width // len(slopes)
    scale, shift = weights[f"{name}_scale"], weights[f"{name}_shift"]
    inputs = normalised(state.copy(), scale, shift, EPSILON)
    sums = inputs @ weights[f"{name}_weights"] + weights[f"{name}_bias"]
    asked, keys, values = sums.reshape(rows, 3, len(slopes), each).transpose(1, 2, 0, 3)
    places = np.arange(rows, dtype="float32")
    far = np.abs(places[:, None] - places)
    seen = asked @ keys.transpose(0, 2, 1)
    seen /= np.float32(np.sqrt(each))
    seen -= slopes[:, None, None] * far
    seen -= seen.max(axis=2, keepdims=True)
    np.exp(seen, out=seen)
    seen /= seen.sum(axis=2, keepdims=True)
    joined = (seen @ values).transpose(1, 0, 2).reshape(rows, width)
    found: Matrix = joined @ weights[f"{name}_out_weights"] + weights[f"{name}_out_bias"]
    return found
