"""What a record says that cannot be so is left out, fact by fact, and its announcement says so.

One impossible value (a share of 120 %, an end before the start) must neither spoil the tables of
all announcements nor cost the other facts of its own.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any, get_args

from msgspec.structs import replace

from pipeline import records
from pipeline.records import Entity, Record
from pipeline.resolve import normal
from pipeline.tables import schema

# Fields of each fact that name an entity of the record: its type, and whether it must be there.
REFERENCES: Mapping[str, tuple[tuple[str, str | None, bool], ...]] = {
    "mentions": (("entity", None, False),),
    "roles": (
        ("person", "person", True),
        ("project", "project", False),
        ("organisation", "organisation", False),
    ),
    "participations": (
        ("project", "project", False),
        ("organisation", "organisation", True),
    ),
    "dates": (("project", "project", False),),
    "budgets": (("project", "project", False), ("organisation", "organisation", False)),
    "project_areas": (("project", "project", True), ("area", "area", True)),
    "identifiers": (("entity", None, False),),
    "project_links": (("project", "project", True), ("related", "project", True)),
}
CODES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "mentions": {"entity_type": schema.ENTITY_TYPES},
    "roles": {"role_code": schema.ROLE_CODES},
    "participations": {"part": get_args(records.Part)},
    "dates": {"kind": get_args(records.DateKind), "precision": schema.PRECISIONS},
    "budgets": {"kind": get_args(records.BudgetKind)},
    "identifiers": {"scheme": schema.SCHEMES},
    "project_links": {"relation": get_args(records.Relation)},
}
NEEDED = {"mentions": ("text", "label"), "roles": ("role",), "identifiers": ("value",)}
TYPES: Mapping[str, tuple[tuple[str, ...], str | None]] = {
    "project": (schema.PROJECT_KINDS, "project"),
    "organisation": (schema.ORGANISATION_TYPES, None),
    "area": (schema.AREA_TYPES, "other"),
    "person": ((), None),
}
NAMED = 3  # reasons named in the announcement's note


def sound(record: Record) -> Record:
    """The record without what cannot be so; ``announcement.reason`` says what was left out."""
    wrong: list[str] = []
    entities: dict[str, Entity] = {}
    for entity in record.entities:
        if not normal.key_of(entity.type, entity.name):
            wrong.append(f"an entity without a name ({entity.name!r})")
        elif entity.key in entities:
            wrong.append(f"a second entity with the key {entity.key!r}")
        else:
            entities[entity.key] = _entity(entity)
    text = record.announcement.text
    tables = {}
    for table in REFERENCES:
        kept = []
        for fact in getattr(record, table):
            try:
                kept.append(_fact(table, fact, entities, text))
            except ValueError as error:
                wrong.append(f"{table}: {error} ({fact.rule})")
        tables[table] = tuple(kept)
    if not wrong and all(tables[table] == getattr(record, table) for table in tables):
        return replace(record, entities=tuple(entities.values()))
    announcement = record.announcement
    if wrong:
        more = f" and {len(wrong) - NAMED} more" if len(wrong) > NAMED else ""
        note = f"left out: {'; '.join(wrong[:NAMED])}{more}"
        reason = f"{announcement.reason}; {note}" if announcement.reason else note
        announcement = replace(announcement, reason=reason)
    return replace(record, announcement=announcement, entities=tuple(entities.values()), **tables)


def _entity(entity: Entity) -> Entity:
    known, otherwise = TYPES[entity.type]
    changes: dict[str, Any] = {}
    if entity.subtype not in known and entity.subtype != otherwise:
        changes["subtype"] = otherwise
    for name, most in (("latitude", 90), ("longitude", 180)):
        value = getattr(entity, name)
        if value is not None and not abs(value) <= most:
            changes[name] = None
    return replace(entity, **changes) if changes else entity


def _fact(table: str, fact: Any, entities: Mapping[str, Entity], text: str) -> Any:
    """The fact, mended where that is plain. Raises ``ValueError`` saying what cannot be so."""
    if not 0 <= fact.start < fact.end <= len(text):
        raise ValueError(f"no text at {fact.start}–{fact.end}")
    if not 0 <= fact.confidence <= 1:
        raise ValueError(f"a confidence of {fact.confidence}")
    for field, codes in CODES.get(table, {}).items():
        if getattr(fact, field) not in codes:
            raise ValueError(f"{field} {getattr(fact, field)!r}")
    for field in NEEDED.get(table, ()):
        if not getattr(fact, field):
            raise ValueError(f"no {field}")
    changes = _references(table, fact, entities)
    if check := _CHECKS.get(table):
        check(fact)
    if table == "mentions" and fact.text != text[fact.start : fact.end]:
        raise ValueError(f"{fact.text!r} does not stand at {fact.start}")
    if table in ("dates", "budgets") and fact.text != text[fact.start : fact.end]:
        changes["text"] = text[fact.start : fact.end]
    return replace(fact, **changes) if changes else fact


def _references(table: str, fact: Any, entities: Mapping[str, Entity]) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    for field, entity_type, needed in REFERENCES[table]:
        key = getattr(fact, field)
        entity = entities.get(key) if key is not None else None
        if entity is None or (entity_type and entity.type != entity_type):
            if needed:
                raise ValueError(f"no {field} {key!r}")
            if key is not None:
                changes[field] = None
        elif entity_type is None and fact.entity_type != entity.type:
            changes["entity_type"] = entity.type
    return changes


def _check_date(fact: records.DateFact) -> None:
    if fact.first and fact.last and fact.last < fact.first:
        raise ValueError(f"ends {fact.last} before it starts {fact.first}")


def _check_budget(fact: records.Budget) -> None:
    if fact.amount is not None and not 0 <= fact.amount < math.inf:
        raise ValueError(f"an amount of {fact.amount}")
    if fact.share_pct is not None and not 0 <= fact.share_pct <= 100:
        raise ValueError(f"a share of {fact.share_pct} %")


def _check_identifier(fact: records.Identifier) -> None:
    if fact.entity_type is not None and fact.entity_type not in schema.ENTITY_TYPES:
        raise ValueError(f"entity_type {fact.entity_type!r}")


_CHECKS: Mapping[str, Callable[[Any], None]] = {
    "dates": _check_date,
    "budgets": _check_budget,
    "identifiers": _check_identifier,
}
