"""What teaching small networks takes: fast products, pace, averages, weights for numpy."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from thinc.api import Model, NumpyOps, Optimizer, get_current_ops, set_current_ops

from pipeline.annotate.network import Matrix
from pipeline.annotate.span_features import PLACE_WIDTH, READING_WIDTH
from pipeline.annotate.word_sums import Weights


class BlasOps(NumpyOps):  # type: ignore[misc]
    """thinc's operations on numpy arrays, products by ``numpy.matmul``: three times as fast."""

    def gemm(
        self, x: Any, y: Any, out: Any = None, trans1: bool = False, trans2: bool = False
    ) -> Any:
        """``x @ y``, either transposed first; into ``out`` where it is given."""
        return np.matmul(x.T if trans1 else x, y.T if trans2 else y, out=out)


@contextmanager
def by_blas() -> Iterator[None]:
    """Layers made within compute their products so."""
    before = get_current_ops()
    set_current_ops(BlasOps())
    try:
        yield
    finally:
        set_current_ops(before)


def rates(rate: float, steps: int) -> Iterator[float]:
    """The learning rate of each step: up for a while, then down to a fiftieth and on so."""
    step = 0
    while True:
        step += 1
        yield rate * min(step / 50, max(0.02, (steps - step) / steps))


def keep_averages(model: Model[Any, Any], optimizer: Optimizer) -> None:
    """Give a model the running averages of its weights in the place of the last ones."""
    averages = optimizer.averages or {}
    for node in model.walk():
        for name in node.param_names:
            averaged = averages.get((node.id, name))
            if averaged is not None:
                node.set_param(name, averaged)


def maxout_weights(model: Model[Any, Any], first: str) -> Weights:
    """The weights of a network's maxout layers: ``first``, then ``window0``, ``window1`` …

    Of each ``_weights`` (inputs x pieces of all units, first pieces first), ``_bias``, and
    ``_scale`` and ``_shift`` of its normalisation.
    """
    nodes: list[Any] = list(model.walk(order="dfs_pre"))
    dense = [node for node in nodes if node.name == "maxout"]
    norms = [node for node in nodes if node.name == "layernorm"]
    weights: Weights = {}
    for number, (node, norm) in enumerate(zip(dense, norms, strict=True)):
        name = f"window{number - 1}" if number else first
        matrix = node.get_param("W").transpose(2, 1, 0).reshape(node.get_dim("nI"), -1)
        weights[f"{name}_weights"] = matrix
        weights[f"{name}_bias"] = node.get_param("b").T.reshape(-1)
        weights[f"{name}_scale"] = norm.get_param("G")
        weights[f"{name}_shift"] = norm.get_param("b")
    return weights


def first_parts(first: Matrix, encoded: int) -> Weights:
    """A first layer's weights as ``WordSums`` reads them; ``encoded`` is the encoder's width."""
    cuts = (encoded, len(first) - PLACE_WIDTH - READING_WIDTH, len(first) - PLACE_WIDTH)
    names = ("first_rows", "first_forms", "first_readings", "first_places")
    return dict(zip(names, np.split(first, cuts), strict=True))
