"""The tables as an SQLite file: keys, indexes, checks of codes, full-text search."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa

from pipeline.tables.answers import VIEWS
from pipeline.tables.schema import TABLES, Column, Table
from pipeline.tables.tables import BATCH, Tables
from pipeline.tables.views import views

DATABASE = "hankkeet.sqlite"  # the file of a run
NUMBERED = "documents"  # the table whose rows have numbers, by which search knows them
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
    # Of a file that is changed: what is deleted is overwritten, not only no longer pointed to.
    "secure_delete = ON",
)

# Search over titles, texts and lemmas: "kunta" finds "kunnan". The index holds no text of its own:
# it reads the view, whose row numbers are those of the documents (``number``), so that a search is
# one condition on ``documents``. Letters keep their dots: "sää" isn't "saa".
SEARCH = (
    "CREATE TABLE document_lemmas (n INTEGER PRIMARY KEY, lemmas TEXT NOT NULL)",
    """CREATE VIEW document_search AS
  SELECT documents.rowid AS n, doc_id, title, text, lemmas
  FROM documents LEFT JOIN document_lemmas ON n = documents.rowid""",
    """CREATE VIRTUAL TABLE documents_fts USING fts5 (
  doc_id UNINDEXED, title, text, lemmas,
  content = 'document_search', content_rowid = 'n', tokenize = 'unicode61 remove_diacritics 0'
)""",
)
FOUND = "documents.rowid IN (SELECT rowid FROM documents_fts WHERE documents_fts MATCH {words})"
# Every lemma of texts, once, with spaces between; of those whose lemmas are known.
Lemmas = Callable[[Sequence[str]], Mapping[str, str]]
LEMMATISED = 256  # texts whose lemmas are asked for together
# A deleted text leaves none of its words in an index; SQLite before 3.42 cannot do that.
FORGETS = sqlite3.sqlite_version_info >= (3, 42)
SECURE = "INSERT INTO documents_fts (documents_fts, rank) VALUES ('secure-delete', 1)"
# In the order of their numbers: others would each begin the index anew.
INDEX = (
    "INSERT INTO documents_fts (rowid, doc_id, title, text, lemmas) SELECT * FROM document_search"
)


def ddl(table: Table) -> str:
    """The CREATE TABLE statement of a table."""
    lines = [_column(column) for column in table.columns]
    lines.append(f"PRIMARY KEY ({listed(table.key)})")
    lines += [
        f'FOREIGN KEY ("{column.name}") REFERENCES "{column.foreign.table}" '
        f'("{column.foreign.column}")'
        for column in table.columns
        if column.foreign
    ]
    # Rows lie in the order of their key, whenever they came; documents by the number of theirs.
    kind = "" if table.name == NUMBERED else " WITHOUT ROWID"
    return f'CREATE TABLE "{table.name}" (\n  ' + ",\n  ".join(lines) + f"\n){kind}"


def indexes(table: Table) -> list[str]:
    """The CREATE INDEX statements of a table."""
    return [
        f'CREATE INDEX "{table.name}_{"_".join(columns)}" ON "{table.name}" ({listed(columns)})'
        for columns in table.indexes
    ]


@contextmanager
def database(path: Path) -> Iterator[sqlite3.Connection]:
    """An SQLite file to write into, in one transaction; after an error it is of no use."""
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
        connection.create_function("number", 1, number, deterministic=True)
        connection.execute("BEGIN")
        yield connection
        connection.execute("COMMIT")
    finally:
        connection.close()


def write_sqlite(tables: Tables, path: Path, lemmas: Lemmas | None = None) -> None:
    """Write every table into a new SQLite file; the same rows give the same bytes.

    Without ``lemmas`` the search over them finds nothing.
    """
    with database(path) as file, views(tables.folder, made=tables.folder) as made:
        for table in TABLES:
            file.execute(ddl(table))
            rows = made.sql(f"SELECT * FROM {table.name} ORDER BY {listed(table.key)}")
            for batch in rows.to_arrow_reader(BATCH):
                insert(file, table, batch)
        for table in TABLES:
            for statement in indexes(table):
                file.execute(statement)
        for view in VIEWS:
            file.execute(view.ddl)
        for statement in (*SEARCH, *([SECURE] if FORGETS else [])):
            file.execute(statement)
        keep_lemmas(file, "SELECT doc_id FROM documents ORDER BY doc_id", lemmas)
        file.execute(f"{INDEX} ORDER BY n")


def insert(file: sqlite3.Connection, table: Table, batch: pa.RecordBatch) -> None:
    """Add rows of a table."""
    columns, marks = listed(table.column_names), ", ".join("?" * len(table.columns))
    if table.name == NUMBERED:
        numbered = ", ".join(f"?{at}" for at in range(1, len(table.columns) + 1))
        columns, marks = f"rowid, {columns}", f"number(?1), {numbered}"
    rows = zip(*map(_values, batch.columns), strict=True)
    file.executemany(f'INSERT INTO "{table.name}" ({columns}) VALUES ({marks})', rows)


def keep_lemmas(file: sqlite3.Connection, documents: str, lemmas: Lemmas | None) -> None:
    """Keep the lemmas of announcements, given by a query for their ids, for the search."""
    if lemmas is None:
        return
    query = f"SELECT doc_id, text FROM documents WHERE status = 'ok' AND doc_id IN ({documents})"
    found = file.execute(f"{query} ORDER BY doc_id").fetchall()
    for start in range(0, len(found), LEMMATISED):
        part = found[start : start + LEMMATISED]
        known = lemmas([text for _, text in part])
        file.executemany(
            "INSERT INTO document_lemmas VALUES (?, ?)",
            [(number(doc), known[text]) for doc, text in part if text in known],
        )


def number(doc_id: str) -> int:
    """The row number of an announcement, by which search knows it: 63 bits of its id."""
    return int(doc_id[2:], 16) >> 1


def listed(columns: tuple[str, ...], prefix: str = "") -> str:
    """Columns in quotes, with commas between."""
    return ", ".join(f'{prefix}"{name}"' for name in columns)


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
