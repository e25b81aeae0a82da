"""The tables' Parquet files as views of a DuckDB database, in bounded memory."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from pipeline.tables.schema import TABLES

MEMORY = "512MB"


@contextmanager
def views(scratch: Path, **folders: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A database that has each table of ``name=folder`` as the view ``name.table``.

    The first folder's tables need no name before them. What is more than fits in memory goes into
    ``scratch``. Rows come in no order unless one is asked for.
    """
    connection = duckdb.connect()
    try:
        connection.execute(f"SET memory_limit = '{MEMORY}'")
        connection.execute(f"SET temp_directory = {_quoted(scratch)}")
        connection.execute("SET preserve_insertion_order = false")
        for name, folder in folders.items():
            connection.execute(f"CREATE SCHEMA {name}")
            for table in TABLES:
                path = _quoted(folder / f"{table.name}.parquet")
                connection.execute(
                    f"CREATE VIEW {name}.{table.name} AS SELECT * FROM read_parquet({path})"
                )
        connection.execute(f"USE {next(iter(folders))}")
        yield connection
    finally:
        connection.close()


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"
