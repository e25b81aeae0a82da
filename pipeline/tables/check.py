"""Tables are checked before anything is written: keys, references, codes, ranges, offsets.

The checks are SQL over the tables' Parquet files, made from the schema: near-linear and in bounded
memory.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import duckdb
import msgspec

from pipeline.tables.schema import ENTITY_IDS, ENTITY_TABLES, TABLES, Column, Table
from pipeline.tables.tables import Tables
from pipeline.tables.views import views

SHOWN = 5  # rows shown of each broken rule


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
    with views(tables.folder, made=tables.folder) as connection:
        return [problem for table in TABLES for problem in _problems(connection, table)]


class Rule(msgspec.Struct, frozen=True):
    """What is wrong with rows of ``t`` (joined with ``join``) for which ``test`` holds."""

    column: str
    what: str
    test: str
    join: str = ""


def _problems(connection: duckdb.DuckDBPyConnection, table: Table) -> Iterator[Problem]:
    key = ", ".join(f'"{name}"' for name in table.key)
    twice = (
        f"SELECT {_key(table)} FROM {table.name} GROUP BY {key} HAVING count(*) > 1 LIMIT {SHOWN}"
    )
    for (row,) in connection.execute(twice).fetchall():
        yield Problem(table.name, row, "+".join(table.key), "the primary key is not unique")
    by_join: dict[str, list[Rule]] = defaultdict(list)
    for rule in rules(table):
        by_join[rule.join].append(rule)
    for join, together in by_join.items():
        # One scan says whether anything is wrong at all; only then each rule is asked for rows.
        counts = ", ".join(f"count_if({rule.test})" for rule in together)
        source = f"FROM {table.name} AS t {join}"
        found = connection.execute(f"SELECT {counts} {source}").fetchall()[0]
        for rule, count in zip(together, found, strict=True):
            if count:
                query = f"SELECT {_key(table, 't.')} {source} WHERE {rule.test} ORDER BY 1"
                for (row,) in connection.execute(f"{query} LIMIT {SHOWN}").fetchall():
                    yield Problem(table.name, row, rule.column, rule.what)


def rules(table: Table) -> Iterator[Rule]:
    """Every rule that rows of a table must not break, but for the uniqueness of its key."""
    for column in table.columns:
        yield from _column_rules(column)
    if "entity_id" in table.column_names:
        yield from _entity_rules()
    if table.fact:
        yield from _span_rules(table)


def _column_rules(column: Column) -> Iterator[Rule]:
    name = f't."{column.name}"'
    if not column.nullable:
        yield Rule(column.name, "a value is missing", f"{name} IS NULL")
    if column.type == "string":
        yield Rule(column.name, "empty text where null is meant", f"{name} = ''")
    if column.enum:
        values = ", ".join(f"'{value}'" for value in column.enum)
        what = f"not one of {', '.join(column.enum)}"
        yield Rule(column.name, what, f"{name} NOT IN ({values})")
    if column.type == "number":
        yield Rule(column.name, "not a number", f"isnan({name}) OR isinf({name})")
    if column.minimum is not None:
        yield Rule(column.name, f"less than {column.minimum:g}", f"{name} < {column.minimum}")
    if column.maximum is not None:
        yield Rule(column.name, f"more than {column.maximum:g}", f"{name} > {column.maximum}")
    if column.foreign:
        there = f"SELECT {column.foreign.column} FROM {column.foreign.table}"
        test = f"{name} IS NOT NULL AND {name} NOT IN ({there})"
        yield Rule(column.name, f"no such id in {column.foreign.table}", test)


def _entity_rules() -> Iterator[Rule]:
    for entity_type, entities in ENTITY_TABLES.items():
        test = (
            f"t.entity_type = '{entity_type}' AND t.entity_id IS NOT NULL "
            f"AND t.entity_id NOT IN (SELECT {ENTITY_IDS[entity_type]} FROM {entities})"
        )
        yield Rule("entity_id", f"no such id in {entities}", test)


def _span_rules(table: Table) -> Iterator[Rule]:
    join = "JOIN documents AS d USING (doc_id)"
    outside = "t.end_char <= t.start_char OR t.end_char > d.char_count"
    yield Rule("end_char", "the span is empty, backwards or beyond the text", outside, join)
    if "text" in table.column_names:
        span = "substring(d.text, t.start_char + 1, t.end_char - t.start_char)"
        what = "not what stands at its offsets in documents.text"
        yield Rule("text", what, f"t.text IS DISTINCT FROM {span}", join)
    if {"start", "end"} <= set(table.column_names):
        yield Rule("end", "ends before it starts", 't."end" < t."start"')


def _key(table: Table, prefix: str = "") -> str:
    return "concat_ws(' ', " + ", ".join(f'{prefix}"{name}"' for name in table.key) + ")"
