"""The scorer: signs in, a calibrated probability out, and what each sign adds to it.

A model is a sum of small decision trees over signs (gradient-boosted, fitted by LightGBM), kept as
a table that says in words what each node asks: ``sign`` at least ``least``? It is read and run
here with numpy alone.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

Signs = Mapping[str, float]
"""Signs of a candidate and how strong each is; a sign that is not there is 0."""

TOGETHER = 1_000  # candidates that are weighed at a time: their signs lie in one array
LEAF = -1


class Node(msgspec.Struct, frozen=True):
    """A node of a tree: asks whether ``sign`` is at least ``least``, or is a leaf (no sign).

    ``yes`` and ``no`` are numbers of nodes within the tree, ``value`` the logit here: a leaf's own,
    an inner node's mean over what came through it in fitting.
    """

    sign: str
    least: float
    yes: int
    no: int
    value: float


Trees = Sequence[Sequence[Node]]


class Flat(NamedTuple):
    """All nodes of all trees one after the other, as arrays; a leaf leads to itself."""

    signs: tuple[str, ...]  # the names that ``sign`` numbers
    sign: NDArray[np.int32]
    least: NDArray[np.float64]
    following: NDArray[np.int32]  # no and yes of each node
    value: NDArray[np.float64]
    roots: NDArray[np.int32]
    depth: int


class Model:
    """A fitted scorer; ``least`` is the probability from which a candidate counts.

    ``slope`` and ``offset`` calibrate the sum of the trees: the probability is that of
    ``slope * sum + offset``. ``flat`` is what ``flattened`` makes of the trees; then they may be a
    function that gives them, which is called when they are looked at one by one.
    """

    def __init__(
        self,
        trees: Trees | Callable[[], Trees],
        *,
        slope: float = 1.0,
        offset: float = 0.0,
        least: float = 0.5,
        flat: Flat | None = None,
    ) -> None:
        self._trees = trees
        self.slope, self.offset, self.least = slope, offset, least
        self._flat = flattened(self.trees) if flat is None else flat
        self._column = {name: number for number, name in enumerate(self._flat.signs)}
        self._asked = np.where(self._flat.sign == LEAF, len(self._column), self._flat.sign)

    @cached_property
    def trees(self) -> Trees:
        """The trees, node by node."""
        return self._trees() if callable(self._trees) else self._trees

    def probabilities(self, candidates: Sequence[Signs]) -> list[float]:
        """How likely each candidate is right, 0–1, in order."""
        logits = np.clip(self.slope * np.array(self.sums(candidates)) + self.offset, -30, 30)
        return [float(p) for p in 1 / (1 + np.exp(-logits))]

    def sums(self, candidates: Sequence[Signs]) -> list[float]:
        """The sum of the trees for each candidate, before calibration."""
        return [
            float(total)
            for first in range(0, len(candidates), TOGETHER)
            for total in self._leaves(candidates[first : first + TOGETHER]).sum(axis=1)
        ]

    def probability(self, signs: Signs) -> float:
        """How likely one candidate is right."""
        return self.probabilities([signs])[0]

    def shares(self, signs: Signs) -> list[tuple[str, float]]:
        """What each sign adds to the logit of a candidate, the most telling first.

        Walking down a tree, the change of the mean from node to node belongs to the sign asked.
        """
        added: dict[str, float] = {}
        for tree in self.trees:
            at = 0
            while tree[at].sign:
                node = tree[at]
                after = node.yes if signs.get(node.sign, 0.0) >= node.least else node.no
                change = self.slope * (tree[after].value - node.value)
                added[node.sign] = added.get(node.sign, 0.0) + change
                at = after
        return sorted(added.items(), key=lambda pair: (-abs(pair[1]), pair[0]))

    def _leaves(self, candidates: Sequence[Signs]) -> NDArray[np.float64]:
        """The value of the leaf that each candidate reaches in each tree."""
        width = len(self._column) + 1  # the last column is nobody's: what a leaf asks
        inputs = np.zeros(len(candidates) * width)
        for row, signs in enumerate(candidates):
            for sign in signs.keys() & self._column.keys():
                inputs[row * width + self._column[sign]] = signs[sign]
        flat = self._flat
        first = np.arange(len(candidates), dtype=np.intp)[:, None] * width
        at = np.broadcast_to(flat.roots, (len(candidates), len(flat.roots)))
        for _ in range(flat.depth):
            yes = inputs.take(self._asked.take(at) + first) >= flat.least.take(at)
            at = flat.following.take(2 * at + yes)
        leaves: NDArray[np.float64] = flat.value.take(at)
        return leaves


def sigmoid(logit: float) -> float:
    """The probability of a logit."""
    return 1 / (1 + math.exp(-max(min(logit, 30.0), -30.0)))


def flattened(trees: Trees) -> Flat:
    """The trees as arrays."""
    names = tuple(sorted({node.sign for tree in trees for node in tree if node.sign}))
    number = {name: at for at, name in enumerate(names)}
    size = sum(map(len, trees))
    flat = Flat(
        names,
        np.full(size, LEAF, dtype=np.int32),
        np.full(size, np.inf),
        np.repeat(np.arange(size, dtype=np.int32), 2),
        np.zeros(size),
        np.zeros(len(trees), dtype=np.int32),
        max((_depth(tree) for tree in trees), default=0),
    )
    at = 0
    for t, tree in enumerate(trees):
        flat.roots[t] = root = at
        for node in tree:
            if node.sign:
                flat.sign[at] = number[node.sign]
                flat.least[at] = node.least
                flat.following[2 * at : 2 * at + 2] = root + node.no, root + node.yes
            flat.value[at] = node.value
            at += 1
    return flat


def _depth(tree: Sequence[Node]) -> int:
    """Steps from the root to the farthest leaf."""
    depths = {0: 0}
    for number, node in enumerate(tree):
        if node.sign:
            depths[node.yes] = depths[node.no] = depths[number] + 1
    return max(depths.values())


def rows_of(model: Model) -> Iterable[tuple[int, int, str, str, str, str, str]]:
    """A model as rows of its table: tree, node, sign, least, yes, no, value."""
    for t, tree in enumerate(model.trees):
        for n, node in enumerate(tree):
            if node.sign:
                yield (
                    t,
                    n,
                    node.sign,
                    f"{node.least:.6g}",
                    str(node.yes),
                    str(node.no),
                    f"{node.value:.4f}",
                )
            else:
                yield t, n, "", "", "", "", f"{node.value:.4f}"
