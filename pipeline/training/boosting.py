"""Fits a model of evidence: gradient-boosted trees by LightGBM, calibrated on held-out folds."""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix  # type: ignore[import-untyped]

from pipeline.evidence.model import Model, Node, sigmoid
from pipeline.training.logistic import fit as fit_logistic

Sample = tuple[Mapping[str, float], bool | None]
"""Signs of a candidate, and whether gold agrees; ``None`` where either answer is right."""

FOLDS = 5
RAREST = 4  # candidates a sign must stand at to be asked for
THRESHOLDS = tuple(round(0.1 + 0.025 * step, 3) for step in range(21))


class Recipe(NamedTuple):
    """How many trees, how large, how fast they learn.

    ``chance``: does a node ask at a threshold drawn by chance, so that trees differ more?
    """

    trees: int = 240
    leaves: int = 15
    rate: float = 0.06
    fewest: int = 20  # candidates a leaf holds
    seed: int = 7
    chance: bool = False


class Fitted(NamedTuple):
    """A model, and the held-out probability of each candidate of each announcement.

    ``generous`` is from where later decisions take its candidates while they learn.
    """

    model: Model
    held_out: list[list[float]]
    generous: float = 0.5


RECIPE = Recipe()


def fit(
    documents: Sequence[Sequence[Sample]], judges: Sequence[bool], recipe: Recipe = RECIPE
) -> Fitted:
    """Fit on the candidates of announcements; calibrate on those that a fold's model did not see.

    ``judges`` says which announcements probabilities are calibrated on: those like what comes.

    ``least`` of the model is left at one half: see ``thresholds``.
    """
    folds = _folds(len(documents), recipe.seed)
    table = _table(documents)
    fold_of_row = np.array(folds)[table.documents]
    rows = [np.flatnonzero(fold_of_row != fold) for fold in range(FOLDS)]
    rows.append(np.arange(len(table.right)))
    # A thread a core: LightGBM lets go of Python's lock while it works.
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        *held_out_models, whole = pool.map(lambda kept: _trees(table, kept, recipe), rows)
    sums = [
        held_out_models[fold].sums([signs for signs, _ in document])
        for fold, document in zip(folds, documents, strict=True)
    ]
    judged = [number for number, judge in enumerate(judges) if judge]
    slope, offset = calibrated([documents[n] for n in judged], [sums[n] for n in judged])
    held_out = [[sigmoid(slope * s + offset) for s in row] for row in sums]
    return Fitted(Model(whole.trees, slope=slope, offset=offset), held_out)


class Thresholds(NamedTuple):
    """Of the probabilities from which to accept that score nearly best, the lowest and the middle.

    What comes later learns from ``lowest``: it meets more that is wrong than in use. In use
    ``middle`` counts: the best one of all hangs on a few candidates.
    """

    lowest: float
    middle: float


def thresholds(score: Callable[[float], float], same: float) -> Thresholds:
    """Those for a score; ``same`` is what hardly tells two scores apart."""
    scores = {least: score(least) for least in THRESHOLDS}
    top = max(scores.values())
    good = [least for least, value in scores.items() if value >= top - same]
    return Thresholds(good[0], round((good[0] + good[-1]) / 2, 3))


def _folds(count: int, seed: int) -> list[int]:
    order = list(range(count))
    random.Random(seed).shuffle(order)
    folds = [0] * count
    for place, number in enumerate(order):
        folds[number] = place % FOLDS
    return folds


class _Table(NamedTuple):
    """Candidates that gold judges: a row each, a column a sign; of each its document and answer."""

    inputs: csr_matrix
    names: Sequence[str]
    documents: NDArray[np.intp]
    right: NDArray[np.float64]


def _table(documents: Sequence[Sequence[Sample]]) -> _Table:
    samples = [
        (number, signs, float(right))
        for number, document in enumerate(documents)
        for signs, right in document
        if right is not None
    ]
    counts = Counter(sign for _, signs, _ in samples for sign in signs)
    names = sorted(sign for sign, count in counts.items() if count >= RAREST)
    column = {name: number for number, name in enumerate(names)}
    return _Table(
        _matrix([signs for _, signs, _ in samples], column),
        names,
        np.array([number for number, _, _ in samples], np.intp),
        np.array([right for _, _, right in samples]),
    )


def _trees(table: _Table, rows: NDArray[np.intp], recipe: Recipe) -> Model:
    """The trees of these rows of a table, not calibrated."""
    import lightgbm

    booster = lightgbm.train(
        {
            "objective": "binary",
            "num_leaves": recipe.leaves,
            "learning_rate": recipe.rate,
            "min_data_in_leaf": recipe.fewest,
            "feature_fraction": 0.5,
            "bagging_fraction": 0.8,
            "bagging_freq": 1,
            "lambda_l2": 3.0,
            "seed": recipe.seed,
            "extra_trees": recipe.chance,
            "deterministic": True,
            "force_row_wise": True,
            "num_threads": 1,  # more threads wait for each other longer than they work
            "verbose": -1,
        },
        lightgbm.Dataset(table.inputs[rows], table.right[rows], free_raw_data=True),
        num_boost_round=recipe.trees,
    )
    dumped = booster.dump_model()
    return Model([_nodes(tree["tree_structure"], table.names) for tree in dumped["tree_info"]])


def _matrix(samples: Sequence[Mapping[str, float]], column: Mapping[str, int]) -> csr_matrix:
    """A row a candidate, a column a sign; most of it is zero."""
    rows, columns, values = [], [], []
    for row, signs in enumerate(samples):
        for sign, value in signs.items():
            if sign in column:
                rows.append(row)
                columns.append(column[sign])
                values.append(value)
    shape = (len(samples), len(column))
    return csr_matrix((values, (rows, columns)), shape=shape, dtype=np.float32)


def _nodes(root: Mapping[str, Any], names: Sequence[str]) -> list[Node]:
    """A tree of LightGBM's as nodes in order of their numbers; the first asks first."""
    nodes: list[Node | None] = []

    def add(part: Mapping[str, Any]) -> int:
        number = len(nodes)
        nodes.append(None)
        if "split_feature" not in part:
            nodes[number] = Node(sign="", least=0.0, yes=0, no=0, value=part["leaf_value"])
            return number
        no, yes = add(part["left_child"]), add(part["right_child"])
        # LightGBM goes left up to the threshold; it is never a value itself, but between two.
        nodes[number] = Node(
            sign=names[part["split_feature"]],
            least=float(f"{max(part['threshold'], 1e-6):.6g}"),
            yes=yes,
            no=no,
            value=part["internal_value"],
        )
        return number

    add(root)
    return [node for node in nodes if node is not None]


def calibrated(
    documents: Sequence[Sequence[Sample]], sums: Sequence[Sequence[float]]
) -> tuple[float, float]:
    """Slope and offset that make held-out sums into probabilities (Platt)."""
    pairs = [
        (value, float(right))
        for document, row in zip(documents, sums, strict=True)
        for (_, right), value in zip(document, row, strict=True)
        if right is not None
    ]
    inputs: NDArray[np.float64] = np.array([[1.0, value] for value, _ in pairs])
    right = np.array([answer for _, answer in pairs])
    offset, slope = fit_logistic(inputs, right, np.array([1e-3, 1e-3]))
    return float(slope), float(offset)
