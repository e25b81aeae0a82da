"""``datapackage.json``: a Frictionless data package that describes every table and column."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import Any

from pipeline.tables.schema import LICENCE, TABLES, Column, Table

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
        "licenses": [LICENCE],
        "schema": {
            "fields": [_field(column, table) for column in table.columns],
            "missingValues": [""],
            "primaryKey": list(table.key),
            "foreignKeys": [
                {
                    "fields": [column.name],
                    "reference": {
                        "resource": column.foreign.table,
                        "fields": [column.foreign.column],
                    },
                }
                for column in table.columns
                if column.foreign
            ],
        },
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
