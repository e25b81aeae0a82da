"""Fits logistic models by Newton's method, weights drawn towards nothing."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

ROUNDS = 30  # far more than it takes

Numbers = NDArray[np.float64]


def fit(inputs: Numbers, right: Numbers, pull: Numbers, given: Numbers | None = None) -> Numbers:
    """A weight for each column of ``inputs`` (samples x columns).

    ``right`` holds 1 or 0 for each sample, ``pull`` how strongly each weight is drawn towards
    nothing, ``given`` what each sample's sum holds already.
    """
    weights = np.zeros(inputs.shape[1])
    fixed = np.zeros(len(inputs)) if given is None else given
    for _ in range(ROUNDS):
        chances = 1 / (1 + np.exp(-inputs @ weights - fixed))
        slope = inputs.T @ (chances - right) + pull * weights
        bend = (inputs * (chances * (1 - chances))[:, None]).T @ inputs + np.diag(pull)
        weights = weights - np.linalg.solve(bend, slope)
    return weights
