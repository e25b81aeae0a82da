"""Records of all announcements become tables: entities across announcements, facts with their ids.

``resolve`` is a pure function of the set of records: order, batches and workers don't show.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from pipeline.records import Record
from pipeline.resolve import (
    areas,
    clusters,
    database,
    entities,
    facts,
    organisations,
    people,
    projects,
)
from pipeline.tables.schema import TABLES
from pipeline.tables.tables import GROUP, Tables

# Each step may lean on those before it: projects on organisations, people on both.
STEPS = (
    ("area", areas.add_keys),
    ("organisation", organisations.add_keys),
    ("project", projects.add_keys),
    ("person", people.add_keys),
)


def resolve(records: Iterable[Record]) -> Tables:
    """Tables over all records; memory stays bounded, the scratch lies in a temporary folder.

    Raises ``ValueError`` naming the announcement when a fact refers to an entity that its record
    doesn't have.
    """
    with TemporaryDirectory(prefix="hankepoimuri-") as scratch:
        connection = database.connect(Path(scratch))
        try:
            database.add_records(connection, records)
            return tables_of(connection)
        finally:
            connection.close()


def tables_of(connection: duckdb.DuckDBPyConnection) -> Tables:
    """Resolve what lies in a scratch database (see ``database``) into tables."""
    database.number_rows(connection)
    for entity_type, add_keys in STEPS:
        add_keys(connection)
        clusters.join_entities(connection, entity_type)
    entities.build(connection)
    facts.build(connection)
    made = Tables()
    for table in TABLES:
        columns = ", ".join(f'"{name}"' for name in table.column_names)
        order = ", ".join("d" if table.fact and name == "doc_id" else name for name in table.order)
        query = f"SELECT {columns} FROM out_{table.name} ORDER BY {order}"
        made.put(table.name, connection.sql(query).to_arrow_reader(GROUP))
    return made
