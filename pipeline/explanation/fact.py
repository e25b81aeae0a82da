"""Why a fact holds: what read it and, where evidence decided, the decision read again."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from typing import Protocol

import msgspec

from pipeline.ask.evidence import sentence
from pipeline.evidence import Model
from pipeline.explanation.candidates import NAMES, Candidate, Reading, announcement_of
from pipeline.explanation.decision import Decision, decision, rivals_of
from pipeline.records import Announcement
from pipeline.tables.schema import TABLES, Table

# Facts that evidence decides, by table: the kind of decision.
KINDS = {
    "mentions": NAMES,
    "participations": "participations",
    "dates": "dates",
    "budgets": "budgets",
    "project_areas": "areas",
    "project_links": "links",
}
SIDES = {"project_start": ("start",), "project_end": ("end",), "project_period": ("start", "end")}
PAIRED: Mapping[str, tuple[str, ...]] = {
    "project_areas": ("project_id", "area_id"),
    "project_links": ("project_id", "related_project_id"),
}
SAME = 0.0006  # confidences are kept to three digits


class Fresh(Protocol):
    """Reads announcements again."""

    def model(self, kind: str) -> Model:
        """The model that decides candidates of a kind."""
        ...

    def read(self, announcement: Announcement) -> Reading:
        """The candidates of an announcement."""
        ...


class Asked(msgspec.Struct, frozen=True):
    """A row of a table of facts, by column, and the id that it was asked for with."""

    table: str
    id: str
    row: Mapping[str, str | int | float | None]


class FactTold(msgspec.Struct, frozen=True, kw_only=True):
    """A fact in its sentence, its columns, and how it was decided.

    ``decisions`` is empty where ``decided_by`` is a rule or a person: evidence weighs names of
    projects and what ties bodies, dates, money, areas and projects to them. ``remark`` says where
    what is read now differs from what the tables hold.
    """

    table: str
    id: str
    source: str
    sentence: str
    columns: dict[str, str | int | float | None]
    rule: str
    confidence: float
    decided_by: str
    decisions: list[Decision]
    remark: str | None = None


def asked(connection: sqlite3.Connection, said: str) -> list[Asked]:
    """The facts of that id, or that tie both ids of ``ID/ID``; none where it is no fact's id."""
    found = []
    for table in TABLES:
        if not table.fact:
            continue
        if table.name in PAIRED:
            values, columns = said.split("/"), PAIRED[table.name]
        else:
            values, columns = [said], table.key
        if len(values) != len(columns):
            continue
        where = " AND ".join(f"{column} = ?" for column in columns)
        query = f"SELECT * FROM {table.name} WHERE {where} ORDER BY confidence DESC, doc_id"
        for row in connection.execute(query, values).fetchall():
            found.append(Asked(table.name, said, dict(row)))
    return found


def fact_told(connection: sqlite3.Connection, fact: Asked, fresh: Fresh) -> FactTold:
    """The explanation of a fact; its announcement is read again where evidence decided."""
    row = fact.row
    query = "SELECT * FROM documents WHERE doc_id = ?"
    document = dict(connection.execute(query, [row["doc_id"]]).fetchone())
    kind = KINDS.get(fact.table)
    by_rule = kind is None or (kind == NAMES and row["entity_type"] != "project")
    decisions: list[Decision] = []
    remark = None
    if row["rule"] == "correction":
        by = "a person (corrections)"
    elif by_rule:
        by = "a rule"
    else:
        by = "evidence"
        decisions, remark = _decisions(connection, fact, document, fresh)
        if not decisions:
            by = "a rule"
    start, end = int(row["start_char"] or 0), int(row["end_char"] or 0)
    return FactTold(
        table=fact.table,
        id=fact.id,
        source=document["source"],
        sentence=sentence(document["text"], start, end),
        columns=dict(_telling(connection, fact)),
        rule=str(row["rule"]),
        confidence=float(row["confidence"] or 0),
        decided_by=by,
        decisions=decisions,
        remark=remark,
    )


def _telling(
    connection: sqlite3.Connection, fact: Asked
) -> Iterator[tuple[str, str | int | float | None]]:
    """The columns that say what the fact is; ids with the names behind them."""
    table: Table = next(table for table in TABLES if table.name == fact.table)
    for column in table.columns:
        value = fact.row[column.name]
        if column.name in ("doc_id", "rule", "confidence", *table.key[:1]) and not (
            column.foreign and column.name != "doc_id"
        ):
            continue
        if value is None or column.name in ("start_char", "end_char"):
            continue
        named = None
        if column.name.endswith("_id"):
            query = "SELECT name FROM names WHERE entity_id = ? ORDER BY kind <> 'full', name"
            if found := connection.execute(query, [value]).fetchone():
                named = found[0]
        yield column.name, f"{value} ({named})" if named else value


def _decisions(
    connection: sqlite3.Connection, fact: Asked, document: dict[str, str | None], fresh: Fresh
) -> tuple[list[Decision], str | None]:
    """The decisions behind a fact, and a remark where they aren't those of the tables."""
    announcement = announcement_of(document)
    kind = KINDS[fact.table]
    told: list[list[Candidate]] = []
    readings = []
    # A title may be the page's own, or what was taken for one as there was none: then it is no
    # sign. The reading that gives the confidence of the tables is the one that they come from.
    for title in dict.fromkeys((announcement.title, None)):
        reading = fresh.read(msgspec.structs.replace(announcement, title=title))
        meant = list(_meant(connection, fact, reading))
        readings.append(reading)
        told.append(meant)
        least = min((one.probability for one in meant), default=-1.0)
        if abs(least - float(fact.row["confidence"] or 0)) <= SAME:
            break
    else:
        reading, meant = readings[0], told[0]
        if not meant:
            return [], None
        return _decided(meant, reading, fresh, kind), (
            "What evidence says now differs from the confidence in the tables: they come from "
            "other weights or another text, or the fact took its confidence from another's "
            "(a full name is at least as likely as its short one)."
        )
    return _decided(meant, reading, fresh, kind), None


def _decided(meant: list[Candidate], reading: Reading, fresh: Fresh, kind: str) -> list[Decision]:
    return [decision(one, rivals_of(one, reading), fresh.model(kind), reading) for one in meant]


def _meant(connection: sqlite3.Connection, fact: Asked, reading: Reading) -> Iterator[Candidate]:
    """The candidates that a fact was made of: two for a period, mostly one."""
    row, kind = fact.row, KINDS[fact.table]
    span = (row["start_char"], row["end_char"])

    def keys(column: str) -> set[str | None]:
        """The keys that the announcement has for an entity of the row."""
        if row[column] is None:
            return {None}
        query = "SELECT local_key FROM resolutions WHERE entity_id = ? AND doc_id = ?"
        return {key for (key,) in connection.execute(query, [row[column], row["doc_id"]])}

    def best(found: Iterator[Candidate]) -> Iterator[Candidate]:
        if one := max(found, key=lambda one: one.probability, default=None):
            yield one

    every = reading.candidates[kind]
    if fact.table == "mentions":
        yield from best(
            one
            for one in every
            if any(start == span[0] and end <= int(span[1] or 0) for start, end in one.spans)
        )
    elif fact.table == "participations":
        bodies, projects = keys("organisation_id"), keys("project_id")
        yield from best(
            one
            for one in every
            if one.item in bodies and one.project in projects and one.value == row["part"]
        )
    elif fact.table == "dates":
        projects = keys("project_id")
        for side in SIDES.get(str(row["kind"]), ()):
            yield from best(
                one
                for one in every
                if one.spans == (span,) and one.project in projects and one.value == side
            )
    elif fact.table == "budgets":
        yield from best(one for one in every if one.spans == (span,) and one.value == row["kind"])
    elif fact.table == "project_areas":
        projects, areas = keys("project_id"), keys("area_id")
        yield from best(one for one in every if one.item in areas and one.project in projects)
    else:
        projects, related = keys("project_id"), keys("related_project_id")
        yield from best(
            one
            for one in every
            if one.item in projects
            and one.project in related
            and one.value.split()[0] == row["relation"]
        )
