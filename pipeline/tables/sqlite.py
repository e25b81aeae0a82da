"""The tables as an SQLite file: keys, indexes, checks of codes, full-text search."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pyarrow as pa

from pipeline.tables.schema import TABLES, Column, Table
from pipeline.tables.tables import Tables

TYPES = {
    "string": "TEXT",
    "integer": "INTEGER",
    "number": "REAL",
    "boolean": "INTEGER",
    "date": "TEXT",
}

# A new file is either complete or thrown away: no journal, no waiting for the disk. ``check`` looks
# at every row already; the checks of codes are for those who write into the file later.
PRAGMAS = (
    "page_size = 16384",
    "journal_mode = OFF",
    "synchronous = OFF",
    "cache_size = -128000",
    "ignore_check_constraints = ON",
)

# Search over texts and titles. The index holds no text of its own: it reads the view, whose row
# numbers are a stored column and so survive VACUUM. Letters keep their dots: "sää" isn't "saa".
SEARCH = """
CREATE TABLE document_numbers (
  n INTEGER PRIMARY KEY, doc_id TEXT NOT NULL UNIQUE REFERENCES documents (doc_id)
);
INSERT INTO document_numbers (doc_id) SELECT doc_id FROM documents ORDER BY rowid;
CREATE VIEW document_search AS
  SELECT n, doc_id, title, text FROM document_numbers JOIN documents USING (doc_id);
CREATE VIRTUAL TABLE documents_fts USING fts5 (
  doc_id UNINDEXED, title, text,
  content = 'document_search', content_rowid = 'n', tokenize = 'unicode61 remove_diacritics 0'
);
INSERT INTO documents_fts (documents_fts) VALUES ('rebuild');
"""


def ddl(table: Table) -> str:
    """The CREATE TABLE statement of a table."""
    lines = [_column(column) for column in table.columns]
    lines.append(f"PRIMARY KEY ({_list(table.key)})")
    lines += [
        f'FOREIGN KEY ("{column.name}") REFERENCES "{column.foreign.table}" '
        f'("{column.foreign.column}")'
        for column in table.columns
        if column.foreign
    ]
    # A key of several columns is stored once: the rows lie in its order.
    kind = " WITHOUT ROWID" if len(table.key) > 1 else ""
    return f'CREATE TABLE "{table.name}" (\n  ' + ",\n  ".join(lines) + f"\n){kind}"


def indexes(table: Table) -> list[str]:
    """The CREATE INDEX statements of a table."""
    return [
        f'CREATE INDEX "{table.name}_{"_".join(columns)}" ON "{table.name}" ({_list(columns)})'
        for columns in table.indexes
    ]


def write_sqlite(tables: Tables, path: Path) -> None:
    """Write every table into a new SQLite file; the same rows give the same bytes."""
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
        connection.execute("BEGIN")
        for table in TABLES:
            connection.execute(ddl(table))
            marks = ", ".join("?" * len(table.columns))
            insert = f'INSERT INTO "{table.name}" VALUES ({marks})'
            for batch in tables.batches(table.name):
                connection.executemany(insert, zip(*map(_values, batch.columns), strict=True))
        for table in TABLES:
            for statement in indexes(table):
                connection.execute(statement)
        connection.execute("COMMIT")
        connection.executescript(SEARCH)
    finally:
        connection.close()


def _values(column: pa.Array) -> list[Any]:
    """Python values SQLite takes: dates as ISO text."""
    if pa.types.is_date(column.type):
        column = column.cast(pa.string())
    return list(column.to_pylist())


def _column(column: Column) -> str:
    text = f'"{column.name}" {TYPES[column.type]}'
    if not column.nullable:
        text += " NOT NULL"
    if column.enum:
        # Not "IN (…)": SQLite builds that set anew for every row, which doubles the time.
        tests = [f"\"{column.name}\" = '{value}'" for value in column.enum]
        text += f" CHECK ({' OR '.join(tests)})"
    if column.type == "boolean":
        text += f' CHECK ("{column.name}" IN (0, 1))'
    return text


def _list(names: tuple[str, ...]) -> str:
    return ", ".join(f'"{name}"' for name in names)
