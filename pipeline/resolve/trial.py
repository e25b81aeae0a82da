"""Joins entities for a trial, to know what ids mean before a decision that names them is followed.

An id is made of what it stands for, so a decision that joins or parts entities changes ids. Those
in decisions are the ids that there would be without these very decisions: always the same, whether
they were copied from the tables before or after.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

import duckdb

FILLED = ("keys", "shared", "cluster")  # tables that stand ready and are filled in joining
_MADE = """
SELECT 'TABLE', table_name FROM duckdb_tables()
UNION ALL SELECT 'VIEW', view_name FROM duckdb_views() WHERE NOT internal
UNION ALL SELECT 'MACRO', function_name FROM duckdb_functions() WHERE NOT internal
"""


def meant_by(
    connection: duckdb.DuckDBPyConnection,
    ids: Collection[str],
    join: Callable[[duckdb.DuckDBPyConnection], None],
) -> list[tuple[str, int]]:
    """(id, entity of an announcement) for each of ``ids``; all that ``join`` makes goes again."""
    before = set(connection.execute(_MADE).fetchall())
    join(connection)
    query = "SELECT entity_id, e FROM ref WHERE entity_id IN (SELECT unnest(?)) ORDER BY ALL"
    found = connection.execute(query, [sorted(ids)]).fetchall()
    made = set(connection.execute(_MADE).fetchall()) - before
    for kind, name in sorted(made, key=lambda one: ("VIEW", "TABLE", "MACRO").index(one[0])):
        connection.execute(f"DROP {kind} IF EXISTS {name}")
    for name in FILLED:
        connection.execute(f"DELETE FROM {name}")
    return found
