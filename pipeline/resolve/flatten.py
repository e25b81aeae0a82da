"""Records as columns: one Arrow table for each kind of row, entities still announcement by one.

``rec`` ties the rows of one record together; ``no`` is an entity's place within its record, and
facts refer to entities by it.
Names are folded here, once, so that resolving never touches a single row in Python again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from hashlib import sha256
from operator import attrgetter
from typing import Any

import pyarrow as pa

from pipeline import records
from pipeline.ids import fact_id
from pipeline.records import Entity, Provenance, Record
from pipeline.resolve import normal
from pipeline.resolve.sound import sound
from pipeline.tables.arrays import column

FLATTEN_VERSION = "4"  # raise it whenever a column here changes meaning: stored columns are redone

_S, _I, _F, _B, _D = pa.string(), pa.int32(), pa.float64(), pa.bool_(), pa.date32()
_REC = [("rec", pa.int64())]
_FACT = [
    *_REC,
    ("id", _S),
    ("start_char", _I),
    ("end_char", _I),
    ("rule", _S),
    ("confidence", _F),
]

LOCAL: dict[str, pa.Schema] = {
    name: pa.schema(columns)
    for name, columns in {
        "documents": [
            *_REC,
            ("doc_id", _S),
            ("source", _S),
            ("url", _S),
            ("title", _S),
            ("language", _S),
            ("status", _S),
            ("reason", _S),
            ("published", _D),
            ("updated", _D),
            ("repairs", _S),
            ("char_count", _I),
            ("raw_sha256", _S),
            ("text", _S),
        ],
        "entities": [
            *_REC,
            ("no", _I),
            ("key", _S),
            ("type", _S),
            ("name", _S),
            ("norm", _S),
            ("generic", _B),
            ("acronym", _B),
            ("phase", _S),
            ("subtype", _S),
            ("code", _S),
            ("given_name", _S),
            ("family_name", _S),
            ("degree", _S),
            ("email", _S),
            ("phone", _S),
            ("phone_digits", _S),
            ("latitude", _F),
            ("longitude", _F),
        ],
        "names": [
            *_REC,
            ("no", _I),
            ("type", _S),
            ("name", _S),
            ("kind", _S),
            ("fold", _S),
            ("norm", _S),
            ("bare", _S),
            ("distinctive", _B),
            ("generic", _B),
            ("prefix", _S),
        ],
        "mentions": [
            *_FACT,
            ("text", _S),
            ("label", _S),
            ("entity_type", _S),
            ("entity", _I),
            ("lemma", _S),
        ],
        "roles": [
            *_FACT,
            ("person", _I),
            ("role", _S),
            ("role_code", _S),
            ("project", _I),
            ("organisation", _I),
        ],
        "participations": [*_FACT, ("project", _I), ("organisation", _I), ("part", _S)],
        "dates": [
            *_FACT,
            ("project", _I),
            ("kind", _S),
            ("first", _D),
            ("last", _D),
            ("precision", _S),
            ("text", _S),
        ],
        "budgets": [
            *_FACT,
            ("project", _I),
            ("kind", _S),
            ("amount", _F),
            ("currency", _S),
            ("share_pct", _F),
            ("organisation", _I),
            ("text", _S),
        ],
        "project_areas": [*_FACT, ("project", _I), ("area", _I)],
        "identifiers": [
            *_FACT,
            ("scheme", _S),
            ("value", _S),
            ("valid", _B),
            ("entity_type", _S),
            ("entity", _I),
        ],
        "project_links": [*_FACT, ("project", _I), ("related", _I), ("relation", _S)],
    }.items()
}

_REFERENCES = frozenset({"entity", "person", "project", "organisation", "area", "related"})

# Table of facts, the letter its ids begin with, and its fields beyond provenance.
FACTS = tuple(
    (name, prefix, tuple(LOCAL[name].names[len(_FACT) :]))
    for name, prefix in (
        ("mentions", "m"),
        ("roles", "r"),
        ("participations", "pa"),
        ("dates", "t"),
        ("budgets", "b"),
        ("project_areas", "pl"),
        ("identifiers", "i"),
        ("project_links", "l"),
    )
)


def record_number(key: str) -> int:
    """A signed 64-bit number for a record's key (the first bytes of its SHA-256)."""
    return int.from_bytes(sha256(key.encode()).digest()[:8], "big", signed=True)


def flatten(items: Iterable[tuple[str, Record]]) -> dict[str, pa.Table]:
    """Columns of keyed records; rows follow the order of the records."""
    rows: dict[str, list[tuple[Any, ...]]] = {name: [] for name in LOCAL}
    for key, record in items:
        _add(rows, record_number(key), sound(record))
    return {name: _table(schema, rows[name]) for name, schema in LOCAL.items()}


def _table(schema: pa.Schema, rows: list[tuple[Any, ...]]) -> pa.Table:
    columns = list(zip(*rows, strict=True)) or [()] * len(schema)
    arrays = [column(values, field.type) for values, field in zip(columns, schema, strict=True)]
    return pa.Table.from_arrays(arrays, schema=schema)


def _add(rows: dict[str, list[tuple[Any, ...]]], rec: int, record: Record) -> None:
    post = record.announcement
    rows["documents"].append((rec, *_document(post)))
    places = {entity.key: no for no, entity in enumerate(record.entities)}
    for no, entity in enumerate(record.entities):
        rows["entities"].append((rec, no, *_entity(entity)))
        rows["names"].extend((rec, no, *name) for name in _names(entity))
    for table, prefix, fields in FACTS:
        facts: tuple[Provenance, ...] = getattr(record, table)
        rows[table].extend((rec, *fact) for fact in _facts(post, prefix, fields, facts, places))


def _document(post: records.Announcement) -> tuple[Any, ...]:
    return (
        post.doc_id,
        post.source,
        post.url or None,
        post.title or None,
        post.language or None,
        post.status,
        post.reason or None,
        post.published,
        post.updated,
        ";".join(post.repairs) or None,
        len(post.text),
        post.raw_sha256 or None,
        post.text or None,
    )


def _entity(entity: Entity) -> tuple[Any, ...]:
    digits = "".join(filter(str.isdigit, entity.phone or ""))
    name = _shown(entity.type, entity.name)
    norm = normal.key_of(entity.type, entity.name)
    return (
        entity.key,
        entity.type,
        name,
        norm,
        normal.is_generic(entity.type, norm),
        _canonical_kind(entity) != "full" or normal.is_acronym(entity.name),
        _phase(entity),
        entity.subtype or None,
        entity.code or None,
        entity.given_name or None,
        entity.family_name or None,
        entity.degree or None,
        entity.email or None,
        entity.phone or None,
        # A Finnish number with and without its country code: the last nine digits.
        digits[-9:] if len(digits) >= 7 else None,
        entity.latitude,
        entity.longitude,
    )


def _shown(entity_type: str, name: str) -> str:
    return normal.project_name(name) if entity_type == "project" else name


def _canonical_kind(entity: Entity) -> str:
    return next((name.kind for name in entity.names if name.name == entity.name), "full")


def _phase(entity: Entity) -> str:
    if entity.type != "project":
        return ""
    if own := normal.phase(entity.name):
        return own
    return min(filter(None, (normal.phase(name.name) for name in entity.names)), default="")


def _names(entity: Entity) -> Iterator[tuple[Any, ...]]:
    own = (entity.name, _canonical_kind(entity))
    for name, kind in dict.fromkeys([own, *((n.name, n.kind) for n in entity.names)]):
        if (row := _name(entity.type, name, kind)) is not None:
            yield row


@lru_cache(maxsize=20_000)  # bodies and places are named in announcement after announcement
def _name(entity_type: str, name: str, kind: str) -> tuple[Any, ...] | None:
    norm = normal.key_of(entity_type, name)
    if not norm:
        return None
    project = entity_type == "project"
    short = normal.short_part(name)
    shown = _shown(entity_type, name)
    return (
        entity_type,
        shown,
        kind,
        normal.fold(shown),
        norm,
        normal.without_phase(name) if project else normal.without_legal_form(norm),
        normal.is_distinctive(norm) if project else True,
        normal.is_generic(entity_type, norm),
        normal.without_phase(short) if project and normal.is_acronym_like(short) else None,
    )


def _facts(
    post: records.Announcement,
    prefix: str,
    fields: tuple[str, ...],
    facts: tuple[Provenance, ...],
    places: dict[str, int],
) -> Iterator[tuple[Any, ...]]:
    best: dict[str, tuple[Any, ...]] = {}
    references = [at for at, field in enumerate(fields) if field in _REFERENCES]
    said = attrgetter(*fields)
    for fact in facts:
        values: list[Any] = [None if value == "" else value for value in said(fact)]
        identity = fact_id(prefix, post.doc_id, fact.start, fact.end, *values)
        for at in references:
            if values[at] is not None:
                values[at] = places[values[at]]
        held = best.get(identity)
        # The same fact read twice from one span: the surer reading stays, else the first by name.
        if held is None or (-fact.confidence, fact.rule) < (-held[4], held[3]):
            best[identity] = (identity, fact.start, fact.end, fact.rule, fact.confidence, *values)
    yield from best.values()
