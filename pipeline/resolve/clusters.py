"""From shared keys to clusters: entities of one type that are joined through any chain of keys."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import duckdb
import numpy as np
import pyarrow as pa

from pipeline.resolve.components import Ints, components
from pipeline.resolve.database import offer
from pipeline.tables.arrays import numbers

# Only keys that at least two entities hold can join anything.
_SHARED = """
INSERT INTO shared
WITH held AS (
    SELECT key, row_number() OVER (ORDER BY key) AS k, announcements FROM (
        SELECT key, count(*) AS announcements FROM (
            SELECT keys.key, ent.d, count(*) AS held
            FROM keys JOIN ent USING (e) WHERE ent.type = $type GROUP BY ALL
        ) GROUP BY key HAVING sum(held) > 1
    )
)
SELECT $type, keys.e, held.k, keys.rule, keys.evidence, keys.rank, held.announcements
FROM keys JOIN held USING (key)
"""


# The keys of what was joined and must be taken apart, in the order they may join again.
_AGAIN = """
SELECT shared.e, shared.k FROM shared JOIN labels USING (e)
JOIN (SELECT DISTINCT labels.c FROM torn JOIN labels USING (e)) AS affected ON affected.c = labels.c
WHERE shared.type = ?
ORDER BY shared.rank, shared.k, shared.e
"""


def join_entities(
    connection: duckdb.DuckDBPyConnection,
    entity_type: str,
    apart: Sequence[tuple[int, int, int]] = (),
) -> None:
    """Cluster the entities of a type by the keys they share, into the table ``cluster``.

    ``apart`` holds (decision, side, entity): entities on different sides of one decision never
    come into one cluster. A cluster's number is that of its first entity (``ent.e``).
    """
    connection.execute(_SHARED, {"type": entity_type})
    query = "SELECT e, k FROM shared WHERE type = ?"
    found = connection.execute(query, [entity_type]).fetchnumpy()
    (size,) = connection.execute("SELECT count(*) FROM ent").fetchall()[0]
    labels = components(
        np.asarray(found["e"], dtype=np.int64), np.asarray(found["k"], dtype=np.int64), size
    )
    _offer(connection, labels)
    if torn := _torn(apart, labels):
        taken = pa.Table.from_arrays([numbers(np.array(torn))], names=["e"])
        offer(connection, "torn", taken)
        again = connection.execute(_AGAIN, [entity_type]).fetchall()
        affected = np.isin(labels, labels[np.array(torn)])
        labels[affected] = np.flatnonzero(affected)
        for entity, label in join_apart(again, apart).items():
            labels[entity] = label
        _offer(connection, labels)
    connection.execute(
        "INSERT INTO cluster SELECT e, c FROM labels JOIN ent USING (e) WHERE ent.type = ?",
        [entity_type],
    )


def _offer(connection: duckdb.DuckDBPyConnection, labels: Ints) -> None:
    columns = [numbers(np.arange(len(labels))), numbers(labels)]
    offer(connection, "labels", pa.Table.from_arrays(columns, names=["e", "c"]))


def _torn(apart: Sequence[tuple[int, int, int]], labels: Ints) -> list[int]:
    """Entities on different sides of a decision that came into one cluster."""
    sides: dict[tuple[int, int], dict[int, int]] = defaultdict(dict)
    for decision, side, entity in apart:
        sides[decision, int(labels[entity])][side] = entity
    return sorted({e for held in sides.values() if len(held) > 1 for e in held.values()})


def join_apart(
    keys: Sequence[tuple[int, int]], apart: Sequence[tuple[int, int, int]]
) -> dict[int, int]:
    """Join (entity, key) pairs one by one, in their order, save where a decision forbids it.

    Returns the smallest entity of each entity's cluster.
    """
    parent: dict[int, int] = {}
    sides: dict[int, dict[int, int]] = defaultdict(dict)
    for decision, side, entity in apart:
        sides[entity][decision] = side

    def root(entity: int) -> int:
        while (above := parent.setdefault(entity, entity)) != entity:
            parent[entity] = entity = parent[above]
        return entity

    groups: dict[int, list[int]] = defaultdict(list)  # the clusters a key has met, in order
    for entity, key in keys:
        met = list(dict.fromkeys(map(root, groups[key])))
        mine = root(entity)
        for other in met:
            if other == mine:
                continue
            if all(sides[other].get(n, side) == side for n, side in sides[mine].items()):
                low, high = sorted((mine, other))
                parent[high] = low
                sides[low] = {**sides.pop(high, {}), **sides[low]}
                mine = low
        groups[key] = list(dict.fromkeys([*map(root, met), mine]))
    return {entity: root(entity) for entity in sorted(parent)}
