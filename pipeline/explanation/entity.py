"""Why an entity is one: its announcements, the rule that joined each, the sentences that name it.

Reads the SQLite file of a finished run.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable
from difflib import get_close_matches

import msgspec

from pipeline.ask.evidence import sentence
from pipeline.errors import PipelineError
from pipeline.resolve.normal import key_of
from pipeline.tables.rules import RULES
from pipeline.tables.schema import ENTITY_IDS, ENTITY_TABLES

NEAR = 5  # other names offered where none is the one that was said


class MentionTold(msgspec.Struct, frozen=True):
    """A place that names the entity; in ``sentence`` the words stand in square brackets."""

    mention_id: str
    start: int
    end: int
    sentence: str
    rule: str
    confidence: float


class AnnouncementTold(msgspec.Struct, frozen=True):
    """An announcement that names the entity: what it calls it, and why that is the same entity."""

    doc_id: str
    source: str
    published: str | None
    name: str
    rule: str
    reason: str
    mentions: list[MentionTold]


class EntityTold(msgspec.Struct, frozen=True):
    """An entity, its names with their kinds, its announcements in the order of publication."""

    entity_type: str
    id: str
    name: str
    names: dict[str, str]
    announcements: list[AnnouncementTold]


def entity_told(connection: sqlite3.Connection, said: str) -> EntityTold:
    """The explanation of one entity, given by its id, or by a name as ``resolve`` compares them:
    whatever its letter case, dashes and quotes, a project with or without a head ("-hanke").

    Raises ``PipelineError`` when there is no such entity, or several of that name.
    """
    entity_id = _id_of(connection, said)
    for entity_type, table in ENTITY_TABLES.items():
        query = f"SELECT name FROM {table} WHERE {ENTITY_IDS[entity_type]} = ?"
        if found := connection.execute(query, [entity_id]).fetchone():
            return EntityTold(
                entity_type=entity_type,
                id=entity_id,
                name=found["name"],
                names=_names(connection, entity_type, entity_id),
                announcements=_announcements(connection, entity_type, entity_id),
            )
    raise AssertionError(f"the names table has an id that no entity has: {entity_id}")


def _names(connection: sqlite3.Connection, entity_type: str, entity_id: str) -> dict[str, str]:
    query = "SELECT name, kind FROM names WHERE entity_type = ? AND entity_id = ? ORDER BY name"
    return dict(map(tuple, connection.execute(query, [entity_type, entity_id]).fetchall()))


def _announcements(
    connection: sqlite3.Connection, entity_type: str, entity_id: str
) -> list[AnnouncementTold]:
    query = (
        "SELECT r.*, d.source, d.published, d.text FROM resolutions r JOIN documents d "
        "USING (doc_id) WHERE r.entity_type = ? AND r.entity_id = ? "
        "ORDER BY d.published IS NULL, d.published, d.source, r.local_key"
    )
    return [
        AnnouncementTold(
            doc_id=row["doc_id"],
            source=row["source"],
            published=row["published"],
            name=row["name"],
            rule=row["rule"],
            reason=_reason(row),
            mentions=_mentions(connection, entity_type, entity_id, row["doc_id"], row["text"]),
        )
        for row in connection.execute(query, [entity_type, entity_id]).fetchall()
    ]


def _reason(row: sqlite3.Row) -> str:
    reason = RULES[row["rule"]]
    if row["evidence"]:
        reason += f" [{row['evidence']}]"
    if row["announcements"] > 1:
        reason += f", in {row['announcements']} announcements"
    return reason


def _mentions(
    connection: sqlite3.Connection, entity_type: str, entity_id: str, doc_id: str, text: str
) -> list[MentionTold]:
    query = (
        "SELECT mention_id, start_char, end_char, rule, confidence FROM mentions "
        "WHERE entity_type = ? AND entity_id = ? AND doc_id = ? ORDER BY start_char, end_char"
    )
    return [
        MentionTold(
            mention_id=row["mention_id"],
            start=row["start_char"],
            end=row["end_char"],
            sentence=sentence(text, row["start_char"], row["end_char"]),
            rule=row["rule"],
            confidence=row["confidence"],
        )
        for row in connection.execute(query, [entity_type, entity_id, doc_id]).fetchall()
    ]


def _id_of(connection: sqlite3.Connection, said: str) -> str:
    """The id that was said, or that of the one entity so called. Raises ``PipelineError``."""
    if connection.execute("SELECT 1 FROM names WHERE entity_id = ?", [said]).fetchone():
        return said
    query = "SELECT DISTINCT name, entity_id, entity_type FROM names ORDER BY 3, 2"
    rows = connection.execute(query).fetchall()
    named = _named(said, rows)
    if len(named) == 1:
        return next(iter(named))
    if named:
        raise PipelineError(
            f"{said} is the name of several. Give one of their ids: {', '.join(named.values())}."
        )
    known: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        known[row["name"].casefold()].append(_told(row))
    near = [name for name in known if said.casefold() in name][:NEAR]
    near += get_close_matches(said.casefold(), known, n=NEAR, cutoff=0.7)
    told = [told for name in dict.fromkeys(near) for told in known[name]][:NEAR]
    hint = f" Perhaps: {', '.join(told)}." if told else " The ids are in the first columns."
    raise PipelineError(f"There is no entity or fact {said}.{hint}")


def _named(said: str, rows: Iterable[sqlite3.Row]) -> dict[str, str]:
    """The entities so called, told by id: in these very letters, else as names are compared."""
    alike: dict[str, str] = {}
    exact: dict[str, str] = {}
    for row in rows:
        if row["name"].casefold() == said.casefold():
            exact.setdefault(row["entity_id"], _told(row))
        key = key_of(row["entity_type"], said)
        if key and key == key_of(row["entity_type"], row["name"]):
            alike.setdefault(row["entity_id"], _told(row))
    return exact or alike


def _told(row: sqlite3.Row) -> str:
    return f"{row['entity_id']} ({row['entity_type']} {row['name']})"
