"""The fitted models that are shipped: ``lexicon/evidence/<decision>.csv`` and ``evidence.toml``."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from pipeline import lexicon
from pipeline.evidence.model import Model, Node


class Evidence:
    """The model of each decision; ``models`` stand in for those that are shipped."""

    def __init__(self, models: Mapping[str, Model] | None = None) -> None:
        self._models = dict(models or {})

    def model(self, decision: str) -> Model:
        """The model of a decision: ``projects``, ``participations`` …

        Raises ``FileNotFoundError`` where none was fitted.
        """
        return self._models.get(decision) or shipped(decision)


SHIPPED = Evidence()


@cache
def shipped(decision: str) -> Model:
    """The model that the project ships for a decision. Raises ``FileNotFoundError``."""
    trees: list[list[Node]] = []
    for row in lexicon.table(f"evidence/{decision}"):
        tree, node = int(row["tree"]), int(row["node"])
        if tree == len(trees):
            trees.append([])
        if tree != len(trees) - 1 or node != len(trees[tree]):
            raise ValueError(f"evidence/{decision}.csv: rows out of order at tree {tree}, {node}")
        asks = bool(row["sign"])
        trees[tree].append(
            Node(
                sign=row["sign"],
                least=float(row["least"]) if asks else 0.0,
                yes=int(row["yes"]) if asks else 0,
                no=int(row["no"]) if asks else 0,
                value=float(row["value"]),
            )
        )
    told = lexicon.settings("evidence")[decision]
    return Model(trees, slope=told["slope"], offset=told["offset"], least=told["accepted"])
