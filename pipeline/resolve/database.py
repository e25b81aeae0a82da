"""The scratch database of one resolution: local columns in, one row per entity of each record.

DuckDB keeps it in memory up to a limit and the rest in files of a temporary folder, so that memory
stays bounded however many announcements there are. ``docs.d`` and ``ent.e`` are dense numbers from
0 in content order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from itertools import islice
from pathlib import Path
from secrets import token_hex
from time import sleep

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.records import Record
from pipeline.resolve.flatten import LOCAL, flatten

BATCH = 2_000  # records flattened at a time
MEMORY = "768MB"  # what DuckDB may take; a run over 100 000 announcements stays below 2 GB in all

Step = Callable[[duckdb.DuckDBPyConnection], None]

_SQL_TYPES = {
    pa.string(): "VARCHAR",
    pa.int32(): "INTEGER",
    pa.int64(): "BIGINT",
    pa.float64(): "DOUBLE",
    pa.bool_(): "BOOLEAN",
    pa.date32(): "DATE",
}

_DOCS = """
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

CREATE TABLE keys (e INTEGER, key VARCHAR, rule VARCHAR, evidence VARCHAR, rank TINYINT);
CREATE TABLE shared (
    type VARCHAR, e INTEGER, k BIGINT, rule VARCHAR, evidence VARCHAR, rank TINYINT,
    announcements BIGINT
);
CREATE TABLE cluster (e INTEGER, c INTEGER);
"""

# An entity's number is its announcement's first number plus its place there: no sorting needed.
_ENTITIES = """
CREATE TABLE ent AS
SELECT docs.base + local.no AS e, docs.d, local.*
FROM local_entities AS local JOIN docs USING (rec);

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
"""

_NAMES = """
CREATE TABLE nm AS
SELECT docs.base + local.no AS e, docs.d, local.* EXCLUDE (rec, no)
FROM local_names AS local JOIN docs USING (rec);
"""


def connect(
    scratch: Path, *, memory: str = MEMORY, threads: int | None = None
) -> duckdb.DuckDBPyConnection:
    """An empty scratch database of at most ``memory``; what is more goes into ``scratch``."""
    connection = duckdb.connect(":memory:")
    connection.execute(f"SET memory_limit = '{memory}'")
    connection.execute(f"SET temp_directory = {_quoted(scratch)}")
    connection.execute("SET preserve_insertion_order = false")
    connection.execute("SET enable_progress_bar = false")
    if threads:
        connection.execute(f"SET threads = {threads}")
    for name, schema in LOCAL.items():
        columns = ", ".join(f'"{field.name}" {_SQL_TYPES[field.type]}' for field in schema)
        connection.execute(f"CREATE TABLE new_{name} ({columns})")
    return connection


def beside(connection: duckdb.DuckDBPyConnection, *steps: Step) -> None:
    """Do independent steps two at a time, each on a connection of its own to the same database.

    By itself DuckDB shares out among the cores only what is large. Temporary tables are a step's
    own.
    """

    at_work: list[duckdb.DuckDBPyConnection] = []

    def do(step: Step) -> None:
        with connection.cursor() as own:
            at_work.append(own)
            try:
                step(own)
            finally:
                at_work.remove(own)

    with ThreadPoolExecutor(2) as pool:
        try:
            for _ in pool.map(do, steps):
                pass
        except BaseException:  # Ctrl-C, too, needn't wait for a long query
            while at_work:
                for own in list(at_work):
                    with suppress(duckdb.Error):
                        own.interrupt()
                sleep(0.05)  # a query that only now begins is interrupted the next time
            raise


def offer(
    connection: duckdb.DuckDBPyConnection, name: str, table: pa.Table, kind: str = "TEMP TABLE"
) -> None:
    """Make an Arrow table an SQL table, by way of a file: ``register`` would import pandas."""
    (folder,) = connection.execute("SELECT current_setting('temp_directory')").fetchall()[0]
    path = Path(folder) / f"{name}-{token_hex(4)}.parquet"
    pq.write_table(table, path, compression="none")
    connection.execute(f"CREATE OR REPLACE {kind} {name} AS SELECT * FROM {_quoted(path)}")
    path.unlink()


def add_columns(connection: duckdb.DuckDBPyConnection, columns: dict[str, pa.Table]) -> None:
    """Append local columns as ``flatten`` makes them."""
    for name, table in columns.items():
        if len(table):
            offer(connection, "columns", table)
            connection.execute(f"INSERT INTO new_{name} SELECT * FROM columns")


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


def number_rows(
    connection: duckdb.DuckDBPyConnection, folders: Sequence[Path] = (), *, only: bool = False
) -> None:
    """Number announcements and their entities once all columns are in.

    ``folders`` hold more columns as Parquet files, read where they lie; with ``only``, those of
    the records in the table ``chosen``.
    """
    for name in LOCAL:
        query = f"SELECT * FROM new_{name}"
        if folders:
            files = ", ".join(_quoted(folder / f"{name}.parquet") for folder in folders)
            query += f" UNION ALL SELECT * FROM read_parquet([{files}])"
            if only:
                query += " WHERE rec IN (SELECT rec FROM chosen)"
        connection.execute(f"CREATE VIEW local_{name} AS {query}")
    connection.execute(_DOCS)
    beside(connection, *(partial(run, statements) for statements in (_ENTITIES, _NAMES)))


def run(statements: str, connection: duckdb.DuckDBPyConnection) -> None:
    """Do statements; as a step, bound by ``partial``."""
    connection.execute(statements)


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"
