"""The files of a run: their types, guards, keys, counts, and that they are the same each time."""

from __future__ import annotations

import csv
import json
import sqlite3
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import written
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.resolve import resolve
from pipeline.tables import RunInfo, current, locked, write_outputs
from pipeline.tables.arrow import arrow_schema
from pipeline.tables.schema import TABLES
from pipeline.tables.spreadsheets import guarded, unguarded
from pipeline.tables.sqlite import FOUND, ddl
from pipeline.tables.tables import BATCH, GROUP, Tables

ROOT = Path(__file__).parents[1]
tables, out = written.tables, written.out


def test_parquet_has_the_types_of_the_schema(out: Path) -> None:
    for table in TABLES:
        found = pq.read_schema(out / "tables" / f"{table.name}.parquet")
        assert found.equals(arrow_schema(table))


def test_csv_has_the_same_rows_and_no_cell_starts_a_formula(out: Path, tables: Tables) -> None:
    for table in TABLES:
        path = out / "tables" / f"{table.name}.csv"
        assert path.read_bytes().startswith(b"\xef\xbb\xbf")
        with path.open(encoding="utf-8-sig", newline="") as file:
            head, *rows = csv.reader(file)
        assert tuple(head) == table.column_names
        assert len(rows) == tables.count(table.name)
        for row in rows:
            assert not [cell for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    people = (out / "tables" / "people.csv").read_text(encoding="utf-8-sig")
    assert "'+358 40 123 4567" in people
    assert "1234567.5" in (out / "tables" / "budgets.csv").read_text(encoding="utf-8-sig")


@settings(deadline=None)
@given(st.lists(st.text(alphabet="=+-@'\t\r\n a1＝", max_size=5), max_size=5))
def test_guarding_cells_can_be_undone(cells: list[str]) -> None:
    column = pa.array(cells, pa.string())
    safe = guarded(column)
    assert not [
        cell
        for cell in safe.to_pylist()
        if cell.lstrip(" ")[:1] in {*"=+-@＝", "\t", "\r"} and cell.lstrip(" ")
    ]
    assert unguarded(safe).equals(column)


def test_sqlite_has_keys_indexes_and_search(out: Path, tables: Tables) -> None:
    connection = sqlite3.connect(out / "hankkeet.sqlite")
    assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    for table in TABLES:
        (count,) = connection.execute(f"SELECT count(*) FROM {table.name}").fetchone()
        assert count == tables.count(table.name)
        info = connection.execute(f"PRAGMA table_info({table.name})").fetchall()
        assert {row[1] for row in info if row[5]} == set(table.key)
        keys = connection.execute(f"PRAGMA foreign_key_list({table.name})").fetchall()
        assert len(keys) == sum(column.foreign is not None for column in table.columns)
    search = "SELECT doc_id FROM documents_fts WHERE documents_fts MATCH ?"
    assert len(connection.execute(search, ["kuusam*"]).fetchall()) == 1
    assert connection.execute(search, ["kuusama*"]).fetchall() == []
    connection.execute("VACUUM")
    assert len(connection.execute(search, ["kuusamäki"]).fetchall()) == 1
    on_documents = f"SELECT doc_id FROM documents WHERE {FOUND.format(words='?')}"
    found = connection.execute(on_documents, ["kuusamäki"]).fetchall()
    assert found == connection.execute(search, ["kuusamäki"]).fetchall()
    start = connection.execute("SELECT start_date, total_budget_eur FROM projects").fetchall()
    assert ("2020-01-01", 1_234_567.5) in start
    connection.close()


def test_sqlite_refuses_codes_it_doesnt_know() -> None:
    connection = sqlite3.connect(":memory:")
    for table in TABLES:
        connection.execute(ddl(table))
    with pytest.raises(sqlite3.IntegrityError, match="CHECK"):
        connection.execute("INSERT INTO names VALUES ('thing', 'x', 'X', 'full')")


def test_the_data_package_lists_every_table_column_key_and_licence(out: Path) -> None:
    package = json.loads((out / "datapackage.json").read_text(encoding="utf-8"))
    resources = {resource["name"]: resource for resource in package["resources"]}
    assert package["licenses"]
    for table in TABLES:
        resource = resources[table.name]
        for path in (resource["path"], resource["parquet"]):
            assert (out / path).is_file()
        assert resource["bytes"] == (out / resource["path"]).stat().st_size
        schema = resource["schema"]
        fields = {field["name"]: field for field in schema["fields"]}
        assert tuple(fields) == table.column_names
        assert tuple(schema["primaryKey"]) == table.key
        for column in table.columns:
            assert fields[column.name]["type"] == column.type
            assert fields[column.name].get("unit") == column.unit
        assert len(schema["foreignKeys"]) == sum(c.foreign is not None for c in table.columns)


def test_the_run_file_counts_rows(out: Path, tables: Tables) -> None:
    run = json.loads((out / "run.json").read_text(encoding="utf-8"))
    assert run["tables"] == tables.counts()
    assert run["versions"] == {"hankepoimuri": "0"}


def test_the_same_records_give_the_same_bytes(out: Path, tmp_path: Path) -> None:
    with resolve(reversed(written.POSTS)) as again, locked(tmp_path / "again") as held:
        write_outputs(again, held, RunInfo(versions={"hankepoimuri": "0"}))
    one, other = current(out), current(tmp_path / "again")
    files = sorted(path.relative_to(one) for path in one.rglob("*") if path.is_file())
    assert files == sorted(path.relative_to(other) for path in other.rglob("*") if path.is_file())
    assert [f for f in files if (one / f).read_bytes() != (other / f).read_bytes()] == []


def test_long_tables_are_cut_into_even_groups() -> None:
    rows = GROUP + 10
    names = pa.table(
        {
            "entity_type": pa.array(["area"] * rows),
            "entity_id": [f"a-{n:08}" for n in range(rows)],
            "name": ["x"] * rows,
            "kind": ["full"] * rows,
        }
    )
    uneven = pa.Table.from_batches(names.to_batches(max_chunksize=777))
    with Tables.of({"names": uneven}) as tables, Tables.of({"names": names}) as same:
        assert tables.count("names") == rows
        assert [len(batch) for batch in tables.batches("names")] == [BATCH] * (GROUP // BATCH) + [
            10
        ]
        assert tables.path("names").read_bytes() == same.path("names").read_bytes()
