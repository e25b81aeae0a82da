"""What people have decided: these two are the same, those two are not.

Decisions lie in a CSV file of their own, apart from the data, and outlive every rebuild:

    decision,entity_type,document,name,other_document,other_name,comment
    same,organisation,,Kivijoen Paja,,Kivijoen työpaja,renamed in 2021
    different,person,uutiset/12.txt,Aino Esimerkki,uutiset/40.txt,Aino Esimerkki,namesakes

A document is a source as in ``documents.source``; left empty it means every announcement. Columns
``id`` and ``other_id``, where a file has them, hold ids of entity tables: as they are without the
decisions that name ids, whichever run they were copied from; where an id is no longer there, the
name counts. Columns may be parted by commas, semicolons or tabs. Names are compared as everywhere:
typography, letter case and generic heads don't matter.
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
OPTIONAL = ("id", "other_id")
PREFIXES = {"project": "p", "person": "h", "organisation": "o", "area": "a"}
CHOICES = {"decision": get_args(Decision), "entity_type": get_args(EntityType)}


class Correction(msgspec.Struct, frozen=True, order=True):
    """One decision about two entities, each given by its id or name and, or not, a document."""

    decision: Decision
    entity_type: EntityType
    document: str | None
    name: str | None
    other_document: str | None
    other_name: str | None
    id: str | None = None
    other_id: str | None = None

    @property
    def ids(self) -> set[str]:
        """The ids it gives."""
        return {one for one in (self.id, self.other_id) if one is not None}


def correction(cells: Mapping[str, str | None]) -> Correction:
    """The decision of one row. Raises ``ValueError`` saying what is wrong with it."""
    for column, allowed in CHOICES.items():
        if cells[column] not in allowed:
            said = cells[column] or ""
            raise ValueError(f"{column} is {said!r}, not one of {', '.join(allowed)}")
    for name, identity in (("name", "id"), ("other_name", "other_id")):
        given = cells.get(identity)
        if cells[name] is None and given is None:
            raise ValueError(f"{name} is empty")
        prefix = PREFIXES[cells["entity_type"] or ""]
        if given is not None and not given.startswith(f"{prefix}-"):
            raise ValueError(
                f"{identity} is {given!r}, no id of a {cells['entity_type']} ({prefix}-…)"
            )
    return msgspec.convert(dict(cells), Correction)


# The entities that each side of a decision means.
_SIDES = """
CREATE TABLE correction AS
SELECT DISTINCT side.n, side.side, side.decision, coalesce(side.name, side.id) AS name, ent.e,
       ent.type, side.document IS NOT NULL OR meant.e IS NOT NULL AS exact
FROM side
LEFT JOIN meant USING (id)
LEFT JOIN nm ON meant.e IS NULL AND nm.type = side.entity_type AND nm.norm = side.norm
JOIN ent ON ent.e = coalesce(meant.e, nm.e) AND ent.type = side.entity_type
JOIN docs ON docs.d = ent.d
WHERE side.document IS NULL OR side.document = docs.source;
"""

_SAME = """
INSERT INTO keys
SELECT e, 'correction|' || n, 'correction', min(name), 0
FROM correction WHERE decision = 'same' GROUP BY e, n
"""


def add_keys(
    connection: duckdb.DuckDBPyConnection,
    corrections: Sequence[Correction],
    meant: Sequence[tuple[str, int]] = (),
) -> None:
    """Add the keys that join what is said to be the same; note what is said to be different.

    ``meant`` are the entities of single announcements (``ent.e``) behind the ids that are given.
    """
    rows = [
        (
            n,
            side,
            one.decision,
            one.entity_type,
            document,
            name,
            identity,
            None if name is None else normal.key_of(one.entity_type, name),
        )
        for n, one in enumerate(corrections)
        for side, document, name, identity in (
            (0, one.document, one.name, one.id),
            (1, one.other_document, one.other_name, one.other_id),
        )
    ]
    fields = ("n", "side", "decision", "entity_type", "document", "name", "id", "norm")
    types = (pa.int32(), pa.int32(), *[pa.string()] * 6)
    columns = {field: [row[at] for row in rows] for at, field in enumerate(fields)}
    offer(connection, "side", table(columns, pa.schema(list(zip(fields, types, strict=True)))))
    known: dict[str, list[object]] = {"id": [one for one, _ in meant], "e": [e for _, e in meant]}
    offer(connection, "meant", table(known, pa.schema([("id", pa.string()), ("e", pa.int32())])))
    connection.execute(_SIDES)
    connection.execute(_SAME)


def without_effect(connection: duckdb.DuckDBPyConnection) -> tuple[str, ...]:
    """What no entity answers to among the decisions' names, in words."""
    query = """
    SELECT DISTINCT entity_type, side.name, side.id, document
    FROM side ANTI JOIN correction USING (n, side) ORDER BY ALL
    """
    return tuple(
        f"correction without effect: no {entity_type} "
        + " and none ".join(
            [f"has the id {identity}"] * (identity is not None)
            + [f"is called {name!r}"] * (name is not None)
        )
        + (f" in {document}" if document else "")
        for entity_type, name, identity, document in connection.execute(query).fetchall()
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
