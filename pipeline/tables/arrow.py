"""Arrow schemas of the output tables, made from ``schema.TABLES``."""

from __future__ import annotations

import pyarrow as pa

from pipeline.tables.schema import Column, Table

TYPES: dict[str, pa.DataType] = {
    "string": pa.string(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
}


def field(column: Column) -> pa.Field:
    """An Arrow field with its description, and its unit where it has one, as metadata."""
    metadata = {"description": column.description}
    if column.unit:
        metadata["unit"] = column.unit
    return pa.field(column.name, TYPES[column.type], column.nullable, metadata)


def arrow_schema(table: Table) -> pa.Schema:
    """The Arrow schema of an output table."""
    return pa.schema([field(column) for column in table.columns])
