"""The schema: its keys and references, the contract, the page about it, ids."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
import written

from pipeline import ids, records
from pipeline.resolve.flatten import LOCAL
from pipeline.tables import document
from pipeline.tables.schema import TABLES

ROOT = Path(__file__).parents[1]
tables, out = written.tables, written.out


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
