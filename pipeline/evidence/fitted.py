"""The fitted models that are shipped: ``lexicon/evidence/<decision>.csv`` and ``evidence.toml``."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import msgspec
import numpy as np

from pipeline import lexicon
from pipeline.compiled import compiled, content_key, joined, parted
from pipeline.evidence.model import Flat, Model, Node, flattened


class Evidence:
    """The model of each decision; ``models`` stand in for those that are shipped."""

    def __init__(self, models: Mapping[str, Model] | None = None) -> None:
        self._models = dict(models or {})

    def model(self, decision: str) -> Model:
        """The model of a decision: ``projects``, ``participations`` …

        Raises ``FileNotFoundError`` where none was fitted.
        """
        return self._models.get(decision) or shipped(decision)

    def with_model(self, decision: str, model: Model) -> Evidence:
        """The same with another model for one decision."""
        return Evidence({**self._models, decision: model})


SHIPPED = Evidence()


@cache
def shipped(decision: str) -> Model:
    """The model that the project ships for a decision. Raises ``FileNotFoundError``."""
    key = content_key("compiled.py", "evidence", f"lexicon/evidence/{decision}.csv")
    content = parted(compiled(f"trees-{decision}", key, lambda: _packed(decision)))
    told = lexicon.settings("evidence")[decision]
    signs, depth = msgspec.json.decode(content["signs"], type=tuple[tuple[str, ...], int])
    return Model(
        lambda: _trees(decision),
        slope=told["slope"],
        offset=told["offset"],
        least=told["accepted"],
        flat=Flat(
            signs,
            np.frombuffer(content["sign"], "<i4"),
            np.frombuffer(content["least"], "<f8"),
            np.frombuffer(content["following"], "<i4"),
            np.frombuffer(content["value"], "<f8"),
            np.frombuffer(content["roots"], "<i4"),
            depth,
        ),
    )


def _packed(decision: str) -> bytes:
    flat = flattened(_trees(decision))
    parts = {"signs": msgspec.json.encode((flat.signs, flat.depth))}
    for name in ("sign", "least", "following", "value", "roots"):
        array = getattr(flat, name)
        parts[name] = array.astype(array.dtype.newbyteorder("<")).tobytes()
    return joined(parts)


def _trees(decision: str) -> list[list[Node]]:
    """The trees as the table tells them."""
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
    return trees
