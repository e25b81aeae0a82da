"""Fits a model of evidence: gradient-boosted trees by LightGBM, calibrated on held-out folds."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
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
SAME = 0.01  # F1 that tells two thresholds apart
THRESHOLDS = tuple(round(0.2 + 0.025 * step, 3) for step in range(17))


class Recipe(NamedTuple):
    """How many trees, how large, how fast they learn."""

    trees: int = 240
    leaves: int = 15
    rate: float = 0.06
    fewest: int = 20  # candidates a leaf holds
    seed: int = 7


class Fitted(NamedTuple):
    """A model, and the held-out probability of each candidate of each announcement."""

    model: Model
    held_out: list[list[float]]


RECIPE = Recipe()


def fit(
    documents: Sequence[Sequence[Sample]], judges: Sequence[bool], recipe: Recipe = RECIPE
) -> Fitted:
    """Fit on the candidates of announcements; calibrate on those that a fold's model did not see.

    ``judges`` says which announcements probabilities are calibrated on: those like what comes.

    ``least`` of the model is left at one half: see ``best_threshold``.
    """
    folds = _folds(len(documents), recipe.seed)
    sums: list[list[float]] = [[] for _ in documents]
    for fold in range(FOLDS):
        rest = [d for n, d in enumerate(documents) if folds[n] != fold]
        model = _trees(rest, recipe)
        for number, document in enumerate(documents):
            if folds[number] == fold:
                sums[number] = model.sums([signs for signs, _ in document])
    judged = [number for number, judge in enumerate(judges) if judge]
    slope, offset = _calibrated([documents[n] for n in judged], [sums[n] for n in judged])
    held_out = [[sigmoid(slope * s + offset) for s in row] for row in sums]
    whole = _trees(documents, recipe)
    return Fitted(Model(whole.trees, slope=slope, offset=offset), held_out)


def best_threshold(score: Callable[[float], float], same: float = SAME) -> float:
    """The probability from which to accept: the highest whose score is as good as the best.

    ``same`` is what hardly tells two scores apart: there the surer facts are the better table.
    """
    scores = {least: score(least) for least in THRESHOLDS}
    top = max(scores.values())
    return max(least for least, value in scores.items() if value >= top - same)


def _folds(count: int, seed: int) -> list[int]:
    order = list(range(count))
    random.Random(seed).shuffle(order)
    folds = [0] * count
    for place, number in enumerate(order):
        folds[number] = place % FOLDS
    return folds


def _trees(documents: Sequence[Sequence[Sample]], recipe: Recipe) -> Model:
    """The trees of these candidates, not calibrated."""
    import lightgbm

    samples = [(signs, right) for d in documents for signs, right in d if right is not None]
    counts = Counter(sign for signs, _ in samples for sign in signs)
    names = sorted(sign for sign, count in counts.items() if count >= RAREST)
    column = {name: number for number, name in enumerate(names)}
    inputs = _matrix([signs for signs, _ in samples], column)
    right = np.array([float(bool(answer)) for _, answer in samples])
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
            "deterministic": True,
            "force_row_wise": True,
            "num_threads": 1,  # more threads wait for each other longer than they work
            "verbose": -1,
        },
        lightgbm.Dataset(inputs, right, free_raw_data=True),
        num_boost_round=recipe.trees,
    )
    dumped = booster.dump_model()
    return Model([_nodes(tree["tree_structure"], names) for tree in dumped["tree_info"]])


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


def _calibrated(
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
