"""What people decided about single facts: this one is wrong, that value is, one is missing.

    decision,table,id,document,text,column,value,comment
    wrong,budgets,b-0b9f176a4c208aaf5cc8,uutiset/6.txt,377 600 euroa,,,the sum of three projects
    value,roles,,uutiset/6.txt,Eliel Rautaparta,role_code,project_manager,
    missing,participations,,uutiset/6.txt,Kaavin kunta,project;organisation;part,Silta;Kaavi;lead,

A fact is known by its id, or by its announcement (``documents.source``) and the words it was read
from; where an id is given and no longer there, the words count. What is decided is done to the
announcement's record, before anything else is made of it; such facts have the rule ``correction``
and the confidence 1.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal, cast, get_args

import msgspec
from msgspec.structs import replace

from pipeline.ids import fact_id
from pipeline.records import Entity, EntityType, Name, Provenance, Record
from pipeline.resolve import normal
from pipeline.resolve.fact_columns import ELSE, FIELDS, NEEDED, parsed
from pipeline.resolve.flatten import FACTS

FactDecision = Literal["wrong", "value", "missing"]
DECISIONS = get_args(FactDecision)
COLUMNS = ("decision", "table", "id", "document", "text", "column", "value")
RULE = "correction"

_PREFIXES = {name: (prefix, fields) for name, prefix, fields in FACTS}


class FactCorrection(msgspec.Struct, frozen=True, order=True):
    """One decision about a fact; ``values`` are (column, value), the value ``None`` for nothing."""

    decision: FactDecision
    table: str
    id: str | None
    document: str | None
    text: str | None
    values: tuple[tuple[str, str | None], ...]


def fact_correction(row: Mapping[str, str | None]) -> FactCorrection:
    """The decision of one row. Raises ``ValueError`` saying what is wrong with it."""
    decision, table = row["decision"] or "", row["table"] or ""
    if decision not in DECISIONS:
        raise ValueError(f"decision is {decision!r}, not one of {', '.join(DECISIONS)}")
    if table not in FIELDS:
        raise ValueError(f"table is {table!r}, not one of {', '.join(FIELDS)}")
    if not (row["document"] and row["text"]) and (decision == "missing" or not row["id"]):
        wanted = "document and text" if decision == "missing" else "an id, or document and text"
        raise ValueError(f"{wanted} must say which fact is meant")
    names = [name.strip().removesuffix("_id") for name in (row["column"] or "").split(";")]
    cells = [cell.strip() or None for cell in (row["value"] or "").split(";")]
    if names == [""]:
        names, cells = [], []
    if len(names) != len(cells):
        raise ValueError(f"{len(names)} columns but {len(cells)} values, with ; between")
    known = FIELDS[table][1]
    for name, cell in zip(names, cells, strict=True):
        if name not in known:
            raise ValueError(f"column is {name!r}, not one of {', '.join(known)}")
        if cell is not None:
            parsed(name, cell, known[name][1])
    if decision == "value" and not names:
        raise ValueError("column is empty")
    values = tuple(zip(names, cells, strict=True))
    said = {name for name, cell in values if cell is not None}
    if decision == "missing" and (gap := [name for name in NEEDED[table] if name not in said]):
        raise ValueError(f"a missing row of {table} needs {', '.join(gap)}")
    return FactCorrection(
        cast(FactDecision, decision), table, row["id"], row["document"], row["text"], values
    )


class Corrected(msgspec.Struct):
    """A record as people decided it is; ``used`` are the decisions that found their fact.

    ``same`` are (type, name) of entities that the announcement didn't know by that name.
    """

    record: Record
    used: set[FactCorrection]
    same: list[tuple[EntityType, str]]


def concerns(decision: FactCorrection, doc_id: str, source: str) -> bool:
    """Whether a decision is about an announcement: ids of its facts begin like its own."""
    if decision.document is not None:
        return decision.document == source
    return (decision.id or "").rpartition("-")[2][:8] == doc_id[2:10]


def corrected(record: Record, decisions: Iterable[FactCorrection]) -> Corrected:
    """The record with what was decided about its facts done to it."""
    result = Corrected(record, set(), [])
    post = record.announcement
    for decision in decisions:
        if not concerns(decision, post.doc_id, post.source):
            continue
        if decision.decision == "missing":
            _add(result, decision)
            continue
        facts = getattr(result.record, decision.table)
        if meant := _meant(result.record, decision):
            result.used.add(decision)
            kept: list[Provenance] = []
            for fact in facts:
                if id(fact) not in meant:
                    kept.append(fact)
                elif decision.decision == "value":
                    kept.append(_changed(result, fact, decision))
            result.record = replace(result.record, **{decision.table: tuple(kept)})
    return result


def _meant(record: Record, decision: FactCorrection) -> set[int]:
    """Which facts of the record a decision means, by their Python ids; of several none."""
    facts: Sequence[Provenance] = getattr(record, decision.table)
    prefix, fields = _PREFIXES[decision.table]
    post = record.announcement
    words = (decision.text or "").split()
    if decision.id is not None:
        for fact in facts:
            values = [getattr(fact, field) for field in fields]
            values = [None if value == "" else value for value in values]
            if fact_id(prefix, post.doc_id, fact.start, fact.end, *values) == decision.id:
                # An id beside other words was copied from the wrong row.
                said = post.text[fact.start : fact.end].split()
                return {id(fact)} if words in ([], said) else set()
    if decision.text is None:
        return set()
    found = [fact for fact in facts if post.text[fact.start : fact.end].split() == words]
    if decision.decision == "wrong" and decision.id is None:
        # Beside an id, columns say what to change, not which fact is meant.
        found = [fact for fact in found if _has(record, fact, decision)]
    several = decision.id is not None or decision.decision == "value"
    return set() if several and len(found) > 1 else {id(fact) for fact in found}


def _has(record: Record, fact: Provenance, decision: FactCorrection) -> bool:
    """Whether a fact has the values that narrow a decision down."""
    known = FIELDS[decision.table][1]
    for name, cell in decision.values:
        field, kind = known[name]
        value = getattr(fact, field)
        if isinstance(kind, str):
            entity = next((one for one in record.entities if one.key == value), None)
            if (entity is None) != (cell is None):
                return False
            if entity is not None and not _is_called(entity, kind, cell or ""):
                return False
        elif value != (None if cell is None else parsed(name, cell, kind)):
            return False
    return True


def _changed(result: Corrected, fact: Provenance, decision: FactCorrection) -> Provenance:
    return replace(fact, rule=RULE, confidence=1.0, **_values(result, decision))


def _add(result: Corrected, decision: FactCorrection) -> None:
    """Add a missing fact where its words first stand in the text."""
    text = result.record.announcement.text
    words = map(re.escape, (decision.text or "").split())
    said = re.search(r"\s+".join(words), text)
    if said is None:
        return
    start, end = said.span()
    struct = FIELDS[decision.table][0]
    values = {**ELSE.get(decision.table, {}), **_values(result, decision)}
    if "text" in struct.__struct_fields__:
        values["text"] = text[start:end]
    if values.get("amount") is not None and values.get("currency") is None:
        values["currency"] = "EUR"
    fact = struct(start=start, end=end, rule=RULE, confidence=1.0, **values)
    facts = (*getattr(result.record, decision.table), fact)
    result.record = replace(result.record, **{decision.table: facts})
    result.used.add(decision)


def _values(result: Corrected, decision: FactCorrection) -> dict[str, Any]:
    """Fields and values that a decision gives; entities that it names are looked up or added."""
    values: dict[str, Any] = {}
    for name, cell in decision.values:
        field, kind = FIELDS[decision.table][1][name]
        if cell is None:
            values[field] = None
        elif isinstance(kind, str):
            values[field] = _entity(result, kind, cell)  # type: ignore[arg-type]
            if decision.table == "identifiers":
                values["entity_type"] = kind
        else:
            values[field] = parsed(name, cell, kind)
    return values


def _entity(result: Corrected, kind: EntityType, name: str) -> str:
    """The key of the announcement's entity of that name, made where there is none."""
    for entity in result.record.entities:
        if _is_called(entity, kind, name):
            return entity.key
    given, _, family = name.rpartition(" ")
    made = Entity(
        key=f"correction:{kind}:{name}",
        type=kind,
        name=name,
        names=(Name(name, "full"),),
        subtype={"project": "project", "area": "other"}.get(kind),
        given_name=given if kind == "person" and given else None,
        family_name=family if kind == "person" and given else None,
    )
    result.record = replace(result.record, entities=(*result.record.entities, made))
    result.same.append((kind, name))
    return made.key


def _is_called(entity: Entity, kind: str, name: str) -> bool:
    if entity.type != kind:
        return False
    wanted = normal.key_of(kind, name)
    names = (entity.name, *(one.name for one in entity.names))
    return any(normal.key_of(kind, one) == wanted for one in names)
