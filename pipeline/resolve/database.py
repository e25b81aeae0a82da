"""The scratch database of one resolution: local columns in, one row per entity of each record.

Everything lies in a DuckDB file of a temporary folder, so that memory stays bounded however many
announcements there are. ``docs.d`` and ``ent.e`` are dense numbers from 0 in content order.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from pathlib import Path

import duckdb
import pyarrow as pa

from pipeline.records import Record
from pipeline.resolve.flatten import LOCAL, flatten

BATCH = 2_000  # records flattened at a time
MEMORY = "1GB"

# An entity's number is its announcement's first number plus its place there: no sorting needed.
_SCHEMA = """
CREATE TABLE docs AS
WITH counted AS (
    SELECT rec, count(*) AS entities FROM local_entities GROUP BY rec
)
SELECT (row_number() OVER by_source - 1)::INTEGER AS d,
       coalesce(sum(entities) OVER (by_source ROWS UNBOUNDED PRECEDING EXCLUDE CURRENT ROW), 0)
           ::INTEGER AS base,
       rec, doc_id, source, published
FROM local_documents LEFT JOIN counted USING (rec)
WINDOW by_source AS (ORDER BY source, doc_id);

CREATE TABLE ent AS
SELECT docs.base + local.no AS e, docs.d, local.*
FROM local_entities AS local JOIN docs USING (rec);

CREATE TABLE nm AS
SELECT docs.base + local.no AS e, docs.d, local.* EXCLUDE (rec, no)
FROM local_names AS local JOIN docs USING (rec);

-- The facts that resolving leans on, with entities' numbers in place of their places.
CREATE TABLE role AS
SELECT base + f.person AS person, base + f.project AS project,
       base + f.organisation AS organisation
FROM local_roles AS f JOIN docs USING (rec);

CREATE TABLE participation AS
SELECT base + f.project AS project, base + f.organisation AS organisation, f.part
FROM local_participations AS f JOIN docs USING (rec);

CREATE TABLE link AS
SELECT base + f.project AS project, base + f.related AS related, f.relation
FROM local_project_links AS f JOIN docs USING (rec);

CREATE TABLE keys (e INTEGER, key VARCHAR, rule VARCHAR, evidence VARCHAR, rank TINYINT);
CREATE TABLE shared (
    type VARCHAR, e INTEGER, k BIGINT, rule VARCHAR, evidence VARCHAR, rank TINYINT,
    announcements BIGINT
);
CREATE TABLE cluster (e INTEGER, c INTEGER);
"""


def connect(
    scratch: Path, *, memory: str = MEMORY, threads: int | None = None
) -> duckdb.DuckDBPyConnection:
    """An empty scratch database in the folder ``scratch``, using at most ``memory``."""
    connection = duckdb.connect(str(scratch / "resolve.duckdb"))
    connection.execute(f"SET memory_limit = '{memory}'")
    connection.execute(f"SET temp_directory = '{scratch}'")
    connection.execute("SET preserve_insertion_order = false")
    connection.execute("SET enable_progress_bar = false")
    if threads:
        connection.execute(f"SET threads = {threads}")
    for name, schema in LOCAL.items():
        empty = schema.empty_table()
        connection.register("arrow_columns", empty)
        connection.execute(f"CREATE TABLE local_{name} AS SELECT * FROM arrow_columns")
        connection.unregister("arrow_columns")
    return connection


def add_columns(connection: duckdb.DuckDBPyConnection, columns: dict[str, pa.Table]) -> None:
    """Append local columns as ``flatten`` makes them."""
    for name, table in columns.items():
        if len(table):
            connection.register("arrow_columns", table)
            connection.execute(f"INSERT INTO local_{name} SELECT * FROM arrow_columns")
            connection.unregister("arrow_columns")


def add_records(connection: duckdb.DuckDBPyConnection, records: Iterable[Record]) -> None:
    """Flatten and append records; of two with one ``doc_id`` the first counts."""
    stream = iter(records)
    seen: set[str] = set()
    while batch := list(islice(stream, BATCH)):
        fresh = []
        for record in batch:
            if (doc_id := record.announcement.doc_id) not in seen:
                seen.add(doc_id)
                fresh.append((doc_id, record))
        add_columns(connection, flatten(fresh))


def clear(connection: duckdb.DuckDBPyConnection) -> None:
    """Forget all columns."""
    for name in LOCAL:
        connection.execute(f"DELETE FROM local_{name}")


def number_rows(connection: duckdb.DuckDBPyConnection) -> None:
    """Number announcements and their entities once all columns are in."""
    connection.execute(_SCHEMA)
