"""``datapackage.json``: a Frictionless data package that describes every table and column."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import Any

from pipeline.tables.schema import LICENCE, TABLES, Column, Table

# The names of the schema's types in DuckDB.
DUCKDB = {
    "string": "VARCHAR",
    "integer": "BIGINT",
    "number": "DOUBLE",
    "boolean": "BOOLEAN",
    "date": "DATE",
}
PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"


def data_package(folder: Path) -> dict[str, Any]:
    """The descriptor of the tables written under ``folder`` (``tables/<table>.csv``, …).

    The resources are the CSV files, which Frictionless tools check; each names its Parquet file
    as well. Paths are relative to ``folder``.
    """
    return {
        "$schema": PROFILE,
        "name": "hankepoimuri",
        "title": "Hankkeet, ihmiset, organisaatiot, rahat ja paikat hanketiedotteista",
        "description": (
            "Normalised tables of publicly funded development projects, read from Finnish "
            "announcements. Texts in documents.text belong to their publishers. In the CSV "
            "files what could start a spreadsheet formula has an apostrophe in front, also within "
            "a text behind commas, semicolons, tabs and line breaks; "
            "the Parquet and SQLite files have every value as it is."
        ),
        "licenses": [LICENCE],
        "resources": [_resource(table, folder) for table in TABLES],
        "database": "hankkeet.sqlite",
    }


def _resource(table: Table, folder: Path) -> dict[str, Any]:
    path = folder / "tables" / f"{table.name}.csv"
    with path.open("rb") as file:
        import hashlib

        digest = hashlib.file_digest(file, sha256).hexdigest()
    return {
        "name": table.name,
        "type": "table",
        "description": table.description,
        "path": f"tables/{table.name}.csv",
        "parquet": f"tables/{table.name}.parquet",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8-sig",
        "bytes": path.stat().st_size,
        "hash": f"sha256:{digest}",
        "load_csv": recipes(table),
        "licenses": [LICENCE],
        "schema": {
            "fields": [_field(column, table) for column in table.columns],
            "missingValues": [""],
            "primaryKey": list(table.key),
            "foreignKeys": [
                {
                    "fields": [column.name],
                    "reference": {
                        # An empty name means the table itself.
                        "resource": "" if column.foreign.table == table.name else there,
                        "fields": [column.foreign.column],
                    },
                }
                for column in table.columns
                if column.foreign and (there := column.foreign.table)
            ],
        },
    }


def recipes(table: Table) -> dict[str, str]:
    """How to read a table's CSV file with every code as text: leading zeros stay."""
    texts = {c.name: "string" for c in table.columns if c.type == "string"}
    dates = [c.name for c in table.columns if c.type == "date"]
    path = f"tables/{table.name}.csv"
    types = {c.name: DUCKDB[c.type] for c in table.columns}
    return {
        "pandas": f"pandas.read_csv({path!r}, dtype={texts!r}, parse_dates={dates!r}, "
        "keep_default_na=False, na_values=[''], encoding='utf-8-sig')",
        "duckdb": f"SELECT * FROM read_csv({path!r}, header = true, columns = {types!r})",
        "excel": "Data › From Text/CSV, file origin UTF-8, and in the editor the type Text for "
        + ", ".join(texts),
    }


def _field(column: Column, table: Table) -> dict[str, Any]:
    constraints: dict[str, Any] = {}
    if not column.nullable:
        constraints["required"] = True
    if table.key == (column.name,):
        constraints["unique"] = True
    if column.enum:
        constraints["enum"] = list(column.enum)
    for name, bound in (("minimum", column.minimum), ("maximum", column.maximum)):
        if bound is not None:
            constraints[name] = bound
    field: dict[str, Any] = {
        "name": column.name,
        "type": column.type,
        "description": column.description,
    }
    if column.unit:
        field["unit"] = column.unit
    if constraints:
        field["constraints"] = constraints
    return field
