"""Organisations: the same full name, or an acronym or alias that is known to belong to it."""

from __future__ import annotations

import duckdb
import pyarrow as pa

from pipeline.resolve.database import offer
from pipeline.resolve.ties import Joined, Known, Tie, tie_names
from pipeline.tables.arrays import table

_KNOWN = """
SELECT norm, count(DISTINCT d) AS documents, mode(subtype ORDER BY subtype) AS type,
       list_sort(list_distinct(list(code) FILTER (code IS NOT NULL))) AS codes
FROM ent WHERE type = 'organisation' AND norm <> '' AND NOT generic GROUP BY norm
"""

# Another name of an entity ties it to the entity's own; so does the name without its legal form.
_TIES = """
WITH given AS (
    SELECT nm.norm AS name, ent.norm AS owner, 'organisation_known_' || nm.kind AS rule, ent.d
    FROM nm JOIN ent USING (e)
    WHERE ent.type = 'organisation' AND NOT nm.generic AND NOT ent.generic
    UNION ALL
    SELECT nm.bare, nm.norm, 'organisation_legal_form', nm.d
    FROM nm
    WHERE nm.type = 'organisation' AND nm.kind = 'full' AND NOT nm.generic
)
SELECT name, owner, min(rule) AS rule, count(DISTINCT d) AS documents
FROM given WHERE name <> owner AND length(name) >= 2 GROUP BY name, owner
"""

# An acronym with several definitions joins nothing; a name nobody defines joins itself.
_KEYS = """
INSERT INTO keys
SELECT ent.e,
       'organisation|' || coalesce(joined.root, ent.norm),
       CASE WHEN joined.rule IS NULL OR joined.rule = '' THEN 'organisation_same_name'
            ELSE joined.rule END,
       CASE WHEN joined.rule IS NULL OR joined.rule = '' THEN ent.norm
            ELSE ent.norm || ' = ' || joined.owner END,
       1
FROM ent LEFT JOIN joined ON joined.name = ent.norm
WHERE ent.type = 'organisation' AND ent.norm <> '' AND NOT ent.generic
  AND NOT (ent.acronym AND ent.norm IN (SELECT name FROM ambiguous));
"""


def add_keys(connection: duckdb.DuckDBPyConnection) -> None:
    """Add the keys that join organisations."""
    known = {
        norm: Known(documents, kind, frozenset(codes or ()))
        for norm, documents, kind, codes in connection.execute(_KNOWN).fetchall()
    }
    ties = [Tie(*row) for row in connection.execute(_TIES).fetchall()]
    joined, ambiguous = tie_names(ties, known)
    register(connection, joined, ambiguous)
    connection.execute(_KEYS)


def register(
    connection: duckdb.DuckDBPyConnection, joined: list[Joined], ambiguous: set[str]
) -> None:
    """Offer joined and ambiguous names to SQL as the tables ``joined`` and ``ambiguous``."""
    fields = ("name", "root", "rule", "owner")
    columns = {field: [getattr(row, field) for row in joined] for field in fields}
    offer(connection, "joined", table(columns, pa.schema([(f, pa.string()) for f in fields])))
    names = {"name": sorted(ambiguous)}
    offer(connection, "ambiguous", table(names, pa.schema([("name", pa.string())])))
