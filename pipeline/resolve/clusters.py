"""From shared keys to clusters: entities of one type that are joined through any chain of keys."""

from __future__ import annotations

import duckdb
import numpy as np
import pyarrow as pa

from pipeline.resolve.components import components
from pipeline.resolve.database import offer
from pipeline.tables.arrays import numbers

# Only keys that at least two entities hold can join anything.
_SHARED = """
INSERT INTO shared
WITH held AS (
    SELECT key, row_number() OVER () AS k, announcements FROM (
        SELECT keys.key, count(DISTINCT ent.d) AS announcements
        FROM keys JOIN ent USING (e) WHERE ent.type = $type GROUP BY keys.key HAVING count(*) > 1
    )
)
SELECT $type, keys.e, held.k, keys.rule, keys.evidence, keys.rank, held.announcements
FROM keys JOIN held USING (key)
"""


def join_entities(connection: duckdb.DuckDBPyConnection, entity_type: str) -> None:
    """Cluster the entities of a type by the keys they share, into the table ``cluster``.

    A cluster's number is that of its first entity (``ent.e``).
    """
    connection.execute(_SHARED, {"type": entity_type})
    query = "SELECT e, k FROM shared WHERE type = ?"
    found = connection.execute(query, [entity_type]).fetchnumpy()
    (size,) = connection.execute("SELECT count(*) FROM ent").fetchall()[0]
    labels = components(
        np.asarray(found["e"], dtype=np.int64), np.asarray(found["k"], dtype=np.int64), size
    )
    numbered = pa.Table.from_arrays([numbers(np.arange(size)), numbers(labels)], names=["e", "c"])
    offer(connection, "labels", numbered)
    connection.execute(
        "INSERT INTO cluster SELECT e, c FROM labels JOIN ent USING (e) WHERE ent.type = ?",
        [entity_type],
    )
