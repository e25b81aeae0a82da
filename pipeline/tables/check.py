"""Tables are checked before anything is written: keys, references, codes, ranges, offsets.

Every check is one SQL query over the tables' Parquet files, made from the schema, so that the
checks stay near-linear and in bounded memory.
"""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import msgspec

from pipeline.tables.schema import ENTITY_IDS, ENTITY_TABLES, TABLES, Column, Table
from pipeline.tables.tables import Tables

SHOWN = 5  # rows shown of each broken rule
MEMORY = "512MB"


class Problem(msgspec.Struct, frozen=True):
    """A row that breaks a rule: where it is and what is wrong with it."""

    table: str
    row: str
    column: str
    what: str

    def __str__(self) -> str:
        """One line that names table, row and column."""
        return f"{self.table}, row {self.row}, column {self.column}: {self.what}"


class Invalid(ValueError):
    """The tables break their own rules; ``problems`` names rows."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__("\n".join(["the tables break their own rules:", *map(str, problems)]))


def check(tables: Tables) -> None:
    """Raise ``Invalid`` naming table, row and column when any rule is broken."""
    if found := problems(tables):
        raise Invalid(found)


def problems(tables: Tables) -> list[Problem]:
    """The first few rows that break each rule; empty when all is well."""
    connection = duckdb.connect()
    connection.execute(f"SET memory_limit = '{MEMORY}'")
    connection.execute(f"SET temp_directory = '{tables.folder}'")
    try:
        for table in TABLES:
            path = str(tables.path(table.name)).replace("'", "''")
            connection.execute(f"CREATE VIEW {table.name} AS SELECT * FROM read_parquet('{path}')")
        return [
            Problem(table, str(row), column, what)
            for table, column, what, query in rules()
            for (row,) in connection.execute(f"{query} LIMIT {SHOWN}").fetchall()
        ]
    finally:
        connection.close()


def rules() -> Iterator[tuple[str, str, str, str]]:
    """Every rule as (table, column, what is wrong, query for the keys of rows that break it)."""
    for table in TABLES:
        key = ", ".join(f'"{name}"' for name in table.key)
        yield (
            table.name,
            "+".join(table.key),
            "the primary key is not unique",
            f"SELECT {_key(table)} FROM {table.name} GROUP BY {key} HAVING count(*) > 1",
        )
        for column in table.columns:
            yield from _column_rules(table, column)
        if "entity_id" in table.column_names:
            yield from _entity_rules(table)
        if table.fact:
            yield from _span_rules(table)


def _column_rules(table: Table, column: Column) -> Iterator[tuple[str, str, str, str]]:
    name = f't."{column.name}"'
    tests = []
    if not column.nullable:
        tests.append(("a value is missing", f"{name} IS NULL"))
    if column.type == "string":
        tests.append(("empty text where null is meant", f"{name} = ''"))
    if column.enum:
        values = ", ".join(f"'{value}'" for value in column.enum)
        tests.append((f"not one of {', '.join(column.enum)}", f"{name} NOT IN ({values})"))
    if column.type == "number":
        tests.append(("not a number", f"isnan({name}) OR isinf({name})"))
    if column.minimum is not None:
        tests.append((f"less than {column.minimum:g}", f"{name} < {column.minimum}"))
    if column.maximum is not None:
        tests.append((f"more than {column.maximum:g}", f"{name} > {column.maximum}"))
    for what, test in tests:
        yield table.name, column.name, what, _select(table, test)
    if column.foreign:
        there = f"SELECT {column.foreign.column} FROM {column.foreign.table}"
        test = f"{name} IS NOT NULL AND {name} NOT IN ({there})"
        yield table.name, column.name, f"no such id in {column.foreign.table}", _select(table, test)


def _entity_rules(table: Table) -> Iterator[tuple[str, str, str, str]]:
    for entity_type, entities in ENTITY_TABLES.items():
        test = (
            f"t.entity_type = '{entity_type}' AND t.entity_id IS NOT NULL "
            f"AND t.entity_id NOT IN (SELECT {ENTITY_IDS[entity_type]} FROM {entities})"
        )
        yield table.name, "entity_id", f"no such id in {entities}", _select(table, test)


def _span_rules(table: Table) -> Iterator[tuple[str, str, str, str]]:
    join = "JOIN documents AS d USING (doc_id)"
    yield (
        table.name,
        "end_char",
        "the span is empty, backwards or beyond the text",
        _select(table, "t.end_char <= t.start_char OR t.end_char > d.char_count", join),
    )
    if "text" in table.column_names:
        span = "substring(d.text, t.start_char + 1, t.end_char - t.start_char)"
        yield (
            table.name,
            "text",
            "not what stands at its offsets in documents.text",
            _select(table, f"t.text IS DISTINCT FROM {span}", join),
        )
    if {"start", "end"} <= set(table.column_names):
        yield table.name, "end", "ends before it starts", _select(table, 't."end" < t."start"')


def _select(table: Table, test: str, join: str = "") -> str:
    return f"SELECT {_key(table, 't.')} FROM {table.name} AS t {join} WHERE {test} ORDER BY 1"


def _key(table: Table, prefix: str = "") -> str:
    return "concat_ws(' ', " + ", ".join(f'{prefix}"{name}"' for name in table.key) + ")"
