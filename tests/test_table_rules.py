"""Tables that break a rule are told by table, row and column, and never written."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest
import written

from pipeline.tables import Invalid, current, locked, write_outputs
from pipeline.tables.check import problems
from pipeline.tables.schema import TABLES
from pipeline.tables.tables import Tables

tables, out = written.tables, written.out


def broken(tables: Tables, table: str, column: str, value: object) -> Tables:
    """The tables with one value of the first row replaced."""
    rows = tables.arrow(table).to_pylist()
    rows[0][column] = value
    every = {one.name: tables.arrow(one.name) for one in TABLES}
    schema = every[table].schema
    loose = pa.schema([field.with_nullable(True) for field in schema])
    arrays = [pa.array([row[f.name] for row in rows], f.type) for f in loose]
    every[table] = pa.Table.from_arrays(arrays, schema=schema)
    return Tables.of(every)


@pytest.mark.parametrize(
    ("table", "column", "value", "what"),
    [
        ("names", "kind", "nickname", "not one of full"),
        ("names", "entity_id", "p-0", "no such id in"),
        ("people", "email", "", "empty text"),
        ("roles", "person_id", "h-0", "no such id in people"),
        ("roles", "confidence", 1.5, "more than 1"),
        ("roles", "confidence", float("nan"), "not a number"),
        ("roles", "doc_id", "d-0", "no such id in documents"),
        ("mentions", "text", "Ainon", "not what stands at its offsets"),
        ("mentions", "end_char", 10_000, "beyond the text"),
        ("dates", "end", date(1999, 1, 1), "ends before it starts"),
        ("budgets", "amount", -5.0, "less than 0"),
    ],
)
def test_a_broken_rule_names_table_row_and_column(
    tables: Tables, table: str, column: str, value: object, what: str
) -> None:
    found = [
        problem
        for problem in problems(broken(tables, table, column, value))
        if problem.table == table and what in problem.what
    ]
    assert found
    assert column in found[0].column.split("+")
    assert str(found[0]).startswith(f"{table}, row ")


def test_a_missing_value_where_one_is_needed_is_found(tables: Tables) -> None:
    with pytest.raises(ValueError, match=r"mentions: .*label"):
        broken(tables, "mentions", "label", None)


def test_a_key_that_is_there_twice_is_found(tables: Tables) -> None:
    every = {table.name: tables.arrow(table.name) for table in TABLES}
    every["areas"] = pa.concat_tables([every["areas"]] * 2)
    assert "the primary key is not unique" in {p.what for p in problems(Tables.of(every))}


def test_broken_tables_leave_the_outputs_as_they_were(out: Path, tables: Tables) -> None:
    before = current(out)
    with (
        locked(out) as held,
        pytest.raises(Invalid, match="roles, row r-"),
    ):
        write_outputs(broken(tables, "roles", "confidence", 2.0), held)
    assert current(out) == before
