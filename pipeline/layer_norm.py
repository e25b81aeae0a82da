"""Layer normalisation, as the networks that words are read and related with compute it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float32]


def normalised(values: Matrix, scale: Matrix, shift: Matrix, epsilon: float) -> Matrix:
    """Each row with the mean 0 and the variance 1, times ``scale``, plus ``shift``; in place."""
    values -= values.mean(axis=1, keepdims=True)
    variance = np.einsum("ij,ij->i", values, values) / np.float32(values.shape[1])
    values *= (1 / np.sqrt(variance + np.float32(epsilon)))[:, None]
    values *= scale
    values += shift
    return values
