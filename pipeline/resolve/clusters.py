"""From shared keys to clusters: entities of one type that are joined through any chain of keys."""

from __future__ import annotations

import duckdb
import numpy as np
import pyarrow as pa

from pipeline.resolve.components import components

# Only keys that at least two entities hold can join anything.
_SHARED = """
SELECT keys.e, dense_rank() OVER (ORDER BY keys.key) AS k
FROM keys JOIN ent USING (e)
WHERE ent.type = ?
  AND keys.key IN (SELECT key FROM keys GROUP BY key HAVING count(*) > 1)
"""


def join_entities(connection: duckdb.DuckDBPyConnection, entity_type: str) -> None:
    """Cluster the entities of a type by the keys they share, into the table ``cluster``.

    A cluster's number is that of its first entity (``ent.e``).
    """
    found = connection.execute(_SHARED, [entity_type]).fetchnumpy()
    (size,) = connection.execute("SELECT count(*) FROM ent").fetchall()[0]
    labels = components(
        np.asarray(found["e"], dtype=np.int64), np.asarray(found["k"], dtype=np.int64), size
    )
    connection.register("labels", pa.table({"e": np.arange(size), "c": labels}))
    connection.execute(
        "INSERT INTO cluster SELECT e, c FROM labels JOIN ent USING (e) WHERE ent.type = ?",
        [entity_type],
    )
    connection.unregister("labels")
