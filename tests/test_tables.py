"""Tables are written whole, in every format, the same bytes for the same rows, or not at all."""

from __future__ import annotations

import csv
import json
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from record_cases import area, organisation, person, project, record

from pipeline import ids, records
from pipeline.errors import OutputLocked, OutputUnusable
from pipeline.resolve import resolve
from pipeline.resolve.flatten import LOCAL
from pipeline.tables import Held, Invalid, RunInfo, current, document, locked, write_outputs
from pipeline.tables.arrow import arrow_schema
from pipeline.tables.check import problems
from pipeline.tables.publish import publishing
from pipeline.tables.rules import RULES
from pipeline.tables.schema import TABLES
from pipeline.tables.spreadsheets import guarded, unguarded
from pipeline.tables.sqlite import FOUND, ddl
from pipeline.tables.tables import BATCH, GROUP, Tables

ROOT = Path(__file__).parents[1]

POSTS = [
    record(
        "a.txt",
        [
            project("p", "KUUSI – Kuusamäen uudet sillat", ("KUUSI", "short")),
            project("q", "Siltojen Suomi", subtype="programme"),
            organisation("o", "Kuusamäen kaupunki", subtype="municipality", code="0000000-0"),
            person("h", "Aino Esimerkki", phone="+358 40 123 4567", email="aino@esimerkki.fi"),
            area("k", "Kuusamäki", "999"),
        ],
        [
            ("part", "p", "o", "lead"),
            ("role", "h", "projektipäällikkö", "p", "o"),
            ("date", "p", "project_period", date(2020, 1, 1), date(2021, 12, 31)),
            ("total", "p", 1_234_567.5),
            ("area", "p", "k"),
            ("link", "p", "q", "part_of"),
            ("id", "phone", "+358 40 123 4567", "person", "h"),
        ],
        date(2020, 2, 3),
        repairs=("mojibake", "entities"),
    ),
    record(
        "b.txt",
        [project("p", '=HYPERLINK("http://x";"y")'), organisation("o", '@Kirjasto 😀, "K"')],
        [("part", "p", "o", "partner")],
    ),
]


@pytest.fixture
def tables() -> Iterator[Tables]:
    with resolve(POSTS) as made:
        yield made


@pytest.fixture
def out(tmp_path: Path, tables: Tables) -> Path:
    with locked(tmp_path / "outputs") as held:
        write_outputs(tables, held, RunInfo(versions={"hankepoimuri": "0"}))
    return tmp_path / "outputs"


# Schema ------------------------------------------------------------------------------------------


def test_every_reference_and_key_of_the_schema_exists() -> None:
    by_name = {table.name: table for table in TABLES}
    for table in TABLES:
        assert len(set(table.column_names)) == len(table.columns)
        for name in (*table.key, *table.order, *(n for index in table.indexes for n in index)):
            table.column(name)
        for name in table.key:
            assert not table.column(name).nullable
        for column in table.columns:
            assert column.description
            if column.foreign:
                assert by_name[column.foreign.table].key == (column.foreign.column,)


def test_the_contract_is_kept() -> None:
    contract = ROOT.parent / "shared" / "CONTRACT.md"
    if not contract.is_file():
        pytest.skip("the contract is not beside the project")
    rows = [line.split("|") for line in contract.read_text(encoding="utf-8").splitlines()]
    told = {cells[1].strip(" `"): cells[2] for cells in rows if len(cells) == 4}
    for table in TABLES:
        if table.name not in told:
            continue
        wanted = {"doc_id", "start_char", "end_char", "rule", "confidence"} if table.fact else set()
        depth, outside = 0, ""
        for character in told[table.name]:
            depth += (character == "(") - (character == ")")
            outside += character if not depth else ""
        wanted |= {part for part in outside.split("`")[1::2] if part.isidentifier()}
        assert wanted <= set(table.column_names), table.name
    assert {table.name for table in TABLES} >= told.keys() - {"table", "---"}


def test_the_page_about_the_tables_is_up_to_date() -> None:
    page = (ROOT / "docs" / "tables.md").read_text(encoding="utf-8")
    assert page == document.document(), "python -m pipeline.tables.document docs/tables.md"


def test_ids_come_from_content() -> None:
    assert ids.content_id("m", "a", 1, None) == ids.content_id("m", "a", 1, None)
    assert ids.content_id("m", "a", None) != ids.content_id("m", "a", "")
    assert ids.content_id("m", "ab", "c") != ids.content_id("m", "a", "bc")
    one = ids.fact_id("m", "d-0123456789abcdef", 3, 4)
    assert one.startswith("m-01234567")
    assert len(one) == 22
    assert one != ids.fact_id("m", "d-0123456789abcdee", 3, 4)
    macro = "left(sha256('a' || chr(31) || 'ä' || chr(31) || chr(0)), 16)"
    (found,) = duckdb.sql(f"SELECT 'm-' || {macro}").fetchall()[0]
    assert found == ids.content_id("m", "a", "ä", None)


def test_every_fact_of_a_record_has_its_column() -> None:
    for table, struct in (
        ("mentions", records.Mention),
        ("roles", records.Role),
        ("participations", records.Participation),
        ("dates", records.DateFact),
        ("budgets", records.Budget),
        ("project_areas", records.ProjectArea),
        ("identifiers", records.Identifier),
        ("project_links", records.ProjectLink),
    ):
        assert set(struct.__struct_fields__) - set(LOCAL[table].names) == {"start", "end"}


# Formats -----------------------------------------------------------------------------------------


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
    with resolve(reversed(POSTS)) as again, locked(tmp_path / "again") as held:
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


# Checks ------------------------------------------------------------------------------------------


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


# Publishing --------------------------------------------------------------------------------------


def test_outputs_are_replaced_and_the_run_before_stays_readable(out: Path, tables: Tables) -> None:
    (out / "README.md").write_text("mine")
    first = current(out)
    for _ in range(2):
        with locked(out) as held:
            write_outputs(tables, held, more=lambda run: (run / "report").mkdir())
    assert (out / "README.md").read_text() == "mine"
    assert not first.exists()
    assert (out / "report").is_dir()
    assert len(list((out / ".runs").iterdir())) == 2
    with locked(out) as held:
        write_outputs(tables, held)
    assert not (out / "report").is_symlink()


def test_a_failed_run_leaves_nothing(out: Path, tables: Tables) -> None:
    before = current(out)

    def fail(_: Path) -> None:
        raise OSError("disk full")

    with locked(out) as held, pytest.raises(OSError, match="disk full"):
        write_outputs(tables, held, more=fail)
    assert current(out) == before
    assert [path.name for path in (out / ".runs").iterdir()] == [before.name]


def test_real_folders_in_the_way_are_set_aside(tmp_path: Path, tables: Tables) -> None:
    (tmp_path / "tables").mkdir()
    (tmp_path / "tables" / "old.txt").write_text("old")
    with locked(tmp_path) as held:
        write_outputs(tables, held)
    assert (tmp_path / "tables" / "projects.parquet").is_file()
    assert not (tmp_path / "tables" / "old.txt").exists()
    with locked(tmp_path) as held:
        write_outputs(tables, held)
    (aside,) = (tmp_path / ".runs").glob("replaced-tables-*/old.txt")
    assert aside.read_text() == "old"


def test_a_second_run_on_the_same_folder_stops(tmp_path: Path) -> None:
    code = (
        "import sys\nfrom pathlib import Path\nfrom pipeline.tables import locked\n"
        "with locked(Path(sys.argv[1])):\n print('held', flush=True)\n sys.stdin.read()"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "held\n"
    with pytest.raises(OutputLocked, match=f"process {child.pid}"), locked(tmp_path):
        pass
    child.send_signal(signal.SIGKILL)
    child.wait()
    with locked(tmp_path) as held:
        assert held == Held(tmp_path)


def test_an_output_that_cannot_be_made_is_said_plainly(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputUnusable, match="cannot be written"), locked(tmp_path / "file"):
        pass


KILLED = """
import os, sys
from pathlib import Path
from pipeline.tables import locked
from pipeline.tables.publish import publishing
step = int(sys.argv[2])
real, count = os.fsync, 0
def counting(*a, **k):
    global count
    count += 1
    if count > step:
        os.kill(os.getpid(), 9)
    return None
for name in ("fsync", "symlink", "replace", "rename", "unlink"):
    def wrap(old):
        def call(*a, **k):
            counting()
            return old(*a, **k)
        return call
    setattr(os, name, wrap(getattr(os, name)))
with locked(Path(sys.argv[1])) as held, publishing(held) as folder:
    (folder / "tables").mkdir()
    for name in ("a", "b", "c"):
        (folder / "tables" / name).write_text(sys.argv[2])
    (folder / "hankkeet.sqlite").write_text(sys.argv[2])
    (folder / "run.json").write_text("{}")
"""


def test_a_run_killed_at_any_step_leaves_one_complete_run(tmp_path: Path) -> None:
    for step in (100, *range(0, 12, 3), 101):
        subprocess.run([sys.executable, "-c", KILLED, str(tmp_path), str(step)], check=False)
        texts = {
            (tmp_path / name).read_text()
            for name in ("tables/a", "tables/b", "tables/c", "hankkeet.sqlite")
        }
        assert len(texts) == 1
    assert texts == {"101"}
    assert not list(tmp_path.glob(".*.link"))
    assert len(list((tmp_path / ".runs").iterdir())) <= 2


def test_rules_have_words() -> None:
    assert all(RULES.values())


def test_publishing_needs_no_tables(tmp_path: Path) -> None:
    with locked(tmp_path) as held, publishing(held) as folder:
        (folder / "run.json").write_text("{}")
    assert (tmp_path / "run.json").readlink() == Path(".current/run.json")
