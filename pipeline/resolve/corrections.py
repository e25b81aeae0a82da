"""What people have decided: these two are the same, those two are not.

Decisions lie in a CSV file of their own, apart from the data, and outlive every rebuild:

    decision,entity_type,document,name,other_document,other_name,comment
    same,organisation,,Kivijoen Paja,,Kivijoen työpaja,renamed in 2021
    different,person,uutiset/12.txt,Aino Esimerkki,uutiset/40.txt,Aino Esimerkki,namesakes

A document is a source as in ``documents.source``; left empty it means every announcement. Names
are compared as everywhere: typography, letter case and generic heads don't matter.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import duckdb
import msgspec
import pyarrow as pa

from pipeline.errors import PipelineError
from pipeline.records import EntityType
from pipeline.resolve import normal
from pipeline.resolve.database import offer
from pipeline.tables.arrays import table

Decision = Literal["same", "different"]
COLUMNS = ("decision", "entity_type", "document", "name", "other_document", "other_name")


class Correction(msgspec.Struct, frozen=True, order=True):
    """One decision about two entities, each given by its name and, or not, a document."""

    decision: Decision
    entity_type: EntityType
    document: str | None
    name: str
    other_document: str | None
    other_name: str


def read_corrections(path: Path) -> tuple[Correction, ...]:
    """The decisions of a file, sorted. Raises ``PipelineError`` naming file and line."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        if missing := set(COLUMNS) - set(reader.fieldnames or ()):
            raise PipelineError(f"{path}: columns are missing: {', '.join(sorted(missing))}")
        found = set()
        for row in reader:
            cells = {name: (row[name] or "").strip() or None for name in COLUMNS}
            try:
                found.add(msgspec.convert(cells, Correction))
            except msgspec.ValidationError as error:
                raise PipelineError(f"{path}, line {reader.line_num}: {error}") from error
    return tuple(sorted(found, key=repr))


# The entities that each side of a decision means.
_SIDES = """
CREATE TABLE correction AS
SELECT DISTINCT side.n, side.side, side.decision, side.name, ent.e, ent.type,
       side.document IS NOT NULL AS exact
FROM side
JOIN nm ON nm.type = side.entity_type AND nm.norm = side.norm
JOIN ent ON ent.e = nm.e JOIN docs ON docs.d = ent.d
WHERE side.document IS NULL OR side.document = docs.source;
"""

_SAME = """
INSERT INTO keys
SELECT e, 'correction|' || n, 'correction', min(name), 0
FROM correction WHERE decision = 'same' GROUP BY e, n
"""


def add_keys(connection: duckdb.DuckDBPyConnection, corrections: Sequence[Correction]) -> None:
    """Add the keys that join what is said to be the same; note what is said to be different."""
    rows = [
        (
            n,
            side,
            one.decision,
            one.entity_type,
            document,
            name,
            normal.key_of(one.entity_type, name),
        )
        for n, one in enumerate(corrections)
        for side, document, name in (
            (0, one.document, one.name),
            (1, one.other_document, one.other_name),
        )
    ]
    fields = ("n", "side", "decision", "entity_type", "document", "name", "norm")
    types = (pa.int32(), pa.int32(), *[pa.string()] * 5)
    columns = {field: [row[at] for row in rows] for at, field in enumerate(fields)}
    offer(connection, "side", table(columns, pa.schema(list(zip(fields, types, strict=True)))))
    connection.execute(_SIDES)
    connection.execute(_SAME)


def apart(connection: duckdb.DuckDBPyConnection, entity_type: str) -> list[tuple[int, int, int]]:
    """(decision, side, entity) for what must not be one: no two sides of a decision may join.

    An entity that both sides mean stands on the side that names its document, else on neither.
    """
    query = (
        "SELECT n, side, e FROM correction WHERE decision = 'different' AND type = ? "
        "WINDOW meant AS (PARTITION BY n, e) "
        "QUALIFY count(*) OVER meant = 1 OR (exact AND count_if(exact) OVER meant = 1) ORDER BY ALL"
    )
    return connection.execute(query, [entity_type]).fetchall()
