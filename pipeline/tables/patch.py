"""The SQLite file of the run before, changed where rows came, went or changed.

Adding a day's posts changes few rows; writing all of them anew takes longer than all else that is
done with the tables. The result holds the same rows in the same order as a new file does.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from hashlib import file_digest, sha256
from pathlib import Path
from typing import Any

import duckdb
import msgspec

from pipeline.tables.schema import TABLES, Table
from pipeline.tables.sqlite import (
    DATABASE,
    FORGETS,
    INDEX,
    Lemmas,
    database,
    insert,
    keep_lemmas,
    listed,
    number,
)
from pipeline.tables.tables import BATCH, Tables
from pipeline.tables.views import views
from pipeline.versions import stage_digest

# Rows changed since a file was new, of all its rows: with more a new one is soon as quick to make,
# and smaller.
MOST = 0.25


def seal(tables: Tables, path: Path) -> str:
    """Digest of an SQLite file, of the tables it holds and of the code that writes it."""
    digest = sha256(stage_digest("pipeline.tables.sqlite").encode())
    for part in (path, *(tables.path(table.name) for table in TABLES)):
        with part.open("rb") as file:
            digest.update(file_digest(file, "sha256").digest())
    return digest.hexdigest()


def is_sealed(folder: Path) -> bool:
    """Whether the SQLite file and the tables of a run are as they were written, by this code."""
    try:
        said = msgspec.json.decode((folder / "run.json").read_bytes(), type=_Run).seal
        return said is not None and said == seal(Tables(folder / "tables"), folder / DATABASE)
    except (OSError, msgspec.MsgspecError):
        return False


class _Run(msgspec.Struct):
    seal: str | None = None


def patch_sqlite(tables: Tables, path: Path, earlier: Path, lemmas: Lemmas | None = None) -> bool:
    """Write the SQLite file of ``tables`` from that of an earlier run, a sealed folder.

    ``False``, and nothing written, when too much has changed since the file was new. Nothing of the
    rows that went stays in the file, nor in its search index.
    """
    with views(tables.folder, made=tables.folder, earlier=earlier / "tables") as found:
        changed = sum(_compare(found, table) for table in TABLES)
        changed += _patched(earlier / DATABASE)
        if changed > MOST * sum(tables.counts().values()):
            return False
        shutil.copyfile(earlier / DATABASE, path)
        with database(path) as connection:
            _forget(connection, found)
            for table in TABLES:
                _apply(connection, found, table)
            _index(connection, found, lemmas)
            connection.execute(f"PRAGMA user_version = {changed}")
    return True


def _patched(file: Path) -> int:
    """Rows changed since a file was new."""
    connection = sqlite3.connect(f"file:{file}?mode=ro&immutable=1", uri=True)
    try:
        (count,) = connection.execute("PRAGMA user_version").fetchone()
    finally:
        connection.close()
    return int(count)


def _compare(found: duckdb.DuckDBPyConnection, table: Table) -> int:
    """Put a table's changed rows into ``changed_<table>``; how many they are.

    Each as it is now, null where it is gone; the key it had before is in ``was_<column>``.
    """
    was = ", ".join(f'o."{name}" AS "was_{name}"' for name in table.key)
    same = " AND ".join(f'n."{name}" = o."{name}"' for name in table.key)
    differs = " OR ".join(f'n."{c}" IS DISTINCT FROM o."{c}"' for c in table.column_names)
    found.execute(
        f"CREATE TEMP TABLE changed_{table.name} AS SELECT {was}, n.* "
        f"FROM made.{table.name} AS n FULL JOIN earlier.{table.name} AS o ON {same} WHERE {differs}"
    )
    (count,) = found.execute(f"SELECT count(*) FROM changed_{table.name}").fetchall()[0]
    return int(count)


def _apply(connection: sqlite3.Connection, found: duckdb.DuckDBPyConnection, table: Table) -> None:
    """Replace a table's changed rows."""
    before = tuple(f"was_{name}" for name in table.key)
    gone = f"SELECT {listed(before)} FROM changed_{table.name} WHERE {before[0]} IS NOT NULL"
    there = " AND ".join(f'"{name}" = ?' for name in table.key)
    connection.executemany(f'DELETE FROM "{table.name}" WHERE {there}', _rows(found, gone))
    rows = found.sql(
        f"SELECT {listed(table.column_names)} FROM changed_{table.name} "
        f"WHERE {table.key[0]} IS NOT NULL ORDER BY {listed(table.key)}"
    )
    for batch in rows.to_arrow_reader(BATCH):
        insert(connection, table, batch)


def _forget(connection: sqlite3.Connection, found: duckdb.DuckDBPyConnection) -> None:
    """Take announcements that went or changed out of the search, while their texts are there."""
    gone = "SELECT was_doc_id FROM changed_documents WHERE was_doc_id IS NOT NULL"
    connection.executemany(
        "INSERT INTO documents_fts (documents_fts, rowid, doc_id, title, text, lemmas) "
        "SELECT 'delete', n, doc_id, title, text, lemmas FROM document_search WHERE doc_id = ?",
        _rows(found, gone),
    )
    numbered = ((number(doc_id),) for (doc_id,) in _rows(found, gone))
    connection.executemany("DELETE FROM document_lemmas WHERE n = ?", numbered)
    (any_gone,) = found.execute(f"SELECT count(*) FROM ({gone})").fetchall()[0]
    if any_gone and not FORGETS:
        # Where words cannot be deleted one by one, the index is written anew without them.
        connection.execute("INSERT INTO documents_fts (documents_fts) VALUES ('optimize')")


def _index(
    connection: sqlite3.Connection, found: duckdb.DuckDBPyConnection, lemmas: Lemmas | None
) -> None:
    """Take announcements that came or changed into the search."""
    come = "SELECT doc_id FROM changed_documents WHERE doc_id IS NOT NULL ORDER BY doc_id"
    connection.execute("CREATE TEMP TABLE come (doc_id TEXT PRIMARY KEY)")
    connection.executemany("INSERT INTO come VALUES (?)", _rows(found, come))
    keep_lemmas(connection, "SELECT doc_id FROM come", lemmas)
    connection.executemany(f"{INDEX} WHERE doc_id = ?", _rows(found, come))


def _rows(found: duckdb.DuckDBPyConnection, query: str) -> Iterator[tuple[Any, ...]]:
    result = found.execute(query)
    while rows := result.fetchmany(BATCH):
        yield from rows
