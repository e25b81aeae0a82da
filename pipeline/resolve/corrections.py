"""What people have decided: these two are the same, those two are not.

Decisions lie in a CSV file of their own, apart from the data, and outlive every rebuild:

    decision,entity_type,document,name,other_document,other_name,comment
    same,organisation,,Kivijoen Paja,,Kivijoen työpaja,renamed in 2021
    different,person,uutiset/12.txt,Aino Esimerkki,uutiset/40.txt,Aino Esimerkki,namesakes

A document is a source as in ``documents.source``; left empty it means every announcement.
Columns may be parted by commas, semicolons or tabs. Names are compared as everywhere: typography,
letter case and generic heads don't matter.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, get_args

import duckdb
import msgspec
import pyarrow as pa

from pipeline.records import EntityType
from pipeline.resolve import normal
from pipeline.resolve.database import offer
from pipeline.tables.arrays import table

Decision = Literal["same", "different"]
COLUMNS = ("decision", "entity_type", "document", "name", "other_document", "other_name")
CHOICES = {"decision": get_args(Decision), "entity_type": get_args(EntityType)}


class Correction(msgspec.Struct, frozen=True, order=True):
    """One decision about two entities, each given by its name and, or not, a document."""

    decision: Decision
    entity_type: EntityType
    document: str | None
    name: str
    other_document: str | None
    other_name: str


def correction(cells: Mapping[str, str | None]) -> Correction:
    """The decision of one row. Raises ``ValueError`` saying what is wrong with it."""
    for column, allowed in CHOICES.items():
        if cells[column] not in allowed:
            said = cells[column] or ""
            raise ValueError(f"{column} is {said!r}, not one of {', '.join(allowed)}")
    for column in ("name", "other_name"):
        if cells[column] is None:
            raise ValueError(f"{column} is empty")
    return msgspec.convert(dict(cells), Correction)


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


def without_effect(connection: duckdb.DuckDBPyConnection) -> tuple[str, ...]:
    """What no entity answers to among the decisions' names, in words."""
    query = """
    SELECT DISTINCT entity_type, side.name, document
    FROM side ANTI JOIN correction USING (n, side) ORDER BY ALL
    """
    return tuple(
        f"correction without effect: no {entity_type} is called {name!r}"
        + (f" in {document}" if document else "")
        for entity_type, name, document in connection.execute(query).fetchall()
    )


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
