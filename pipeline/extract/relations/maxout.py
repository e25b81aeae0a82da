"""What the small networks compute in numpy: the larger of two pieces, and layer normalisation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

EPSILON = 1e-8

Matrix = NDArray[np.float32]


def maxout(sums: Matrix, weights: Mapping[str, Any], name: str) -> Matrix:
    """Of each unit's two pieces the larger, normalised: with the mean 0 and the variance 1.

    The first pieces of all units stand before the second; ``weights`` holds ``<name>_scale`` and
    ``<name>_shift``.
    """
    width = sums.shape[1] // 2
    values: Matrix = np.maximum(sums[:, :width], sums[:, width:])
    values -= values.mean(axis=1, keepdims=True)
    variance = np.einsum("ij,ij->i", values, values) / width + np.float32(EPSILON)
    values *= (1 / np.sqrt(variance))[:, None]
    values *= weights[f"{name}_scale"]
    values += weights[f"{name}_shift"]
    return values
