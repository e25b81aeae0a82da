"""The scorer: signs in, a calibrated probability out, and what each sign adds to it.

A model is a sum of small decision trees over signs (gradient-boosted, fitted by LightGBM), kept as
a table that says in words what each node asks: ``sign`` at least ``least``? It is read and run
here with numpy alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

Signs = Mapping[str, float]
"""Signs of a candidate and how strong each is; a sign that is not there is 0."""

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


class Model:
    """A fitted scorer; ``least`` is the probability from which a candidate counts.

    ``slope`` and ``offset`` calibrate the sum of the trees: the probability is that of
    ``slope * sum + offset``.
    """

    def __init__(
        self,
        trees: Sequence[Sequence[Node]],
        *,
        slope: float = 1.0,
        offset: float = 0.0,
        least: float = 0.5,
    ) -> None:
        self.trees = trees
        self.slope, self.offset, self.least = slope, offset, least
        names = sorted({node.sign for tree in trees for node in tree if node.sign})
        self._column = {name: number for number, name in enumerate(names)}
        # All nodes of all trees one after the other; a leaf leads to itself.
        size = sum(map(len, trees))
        self._roots = np.zeros(len(trees), dtype=np.intp)
        self._sign = np.full(size, LEAF, dtype=np.intp)
        self._least = np.full(size, np.inf)
        self._next = np.repeat(np.arange(size, dtype=np.intp), 2)  # no and yes of each node
        self._value = np.zeros(size)
        at = 0
        for t, tree in enumerate(trees):
            self._roots[t] = root = at
            for node in tree:
                if node.sign:
                    self._sign[at] = self._column[node.sign]
                    self._least[at] = node.least
                    self._next[2 * at : 2 * at + 2] = root + node.no, root + node.yes
                self._value[at] = node.value
                at += 1
        self._depth = max((_depth(tree) for tree in trees), default=0)

    def probabilities(self, candidates: Sequence[Signs]) -> list[float]:
        """How likely each candidate is right, 0–1, in order."""
        logits = np.clip(self.slope * np.array(self.sums(candidates)) + self.offset, -30, 30)
        return [float(p) for p in 1 / (1 + np.exp(-logits))]

    def sums(self, candidates: Sequence[Signs]) -> list[float]:
        """The sum of the trees for each candidate, before calibration."""
        if not candidates:
            return []
        return [float(total) for total in self._leaves(candidates).sum(axis=1)]

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
        first = np.arange(len(candidates), dtype=np.intp)[:, None] * width
        asked = np.where(self._sign == LEAF, width - 1, self._sign)
        at = np.broadcast_to(self._roots, (len(candidates), len(self._roots)))
        for _ in range(self._depth):
            yes = inputs.take(asked.take(at) + first) >= self._least.take(at)
            at = self._next.take(2 * at + yes)
        leaves: NDArray[np.float64] = self._value.take(at)
        return leaves


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
                    f"{node.least:.4g}",
                    str(node.yes),
                    str(node.no),
                    f"{node.value:.4f}",
                )
            else:
                yield t, n, "", "", "", "", f"{node.value:.4f}"
