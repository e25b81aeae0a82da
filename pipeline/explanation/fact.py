"""Why a fact holds: what read it and, where evidence decided, the decision read again."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from typing import Protocol

import msgspec

from pipeline.ask.evidence import sentence
from pipeline.evidence import Model
from pipeline.explanation.candidates import (
    JOINT,
    NAMES,
    PUBLICATION,
    Candidate,
    Reading,
    announcement_of,
)
from pipeline.explanation.decision import Decision, decision, rivals_of
from pipeline.records import Announcement
from pipeline.tables.schema import TABLES

# Facts that evidence decides, by table: the kind of decision.
KINDS = {
    "mentions": JOINT,
    "participations": "participations",
    "dates": "dates",
    "budgets": "budgets",
    "project_areas": "areas",
    "project_links": "links",
    "roles": "role_projects",
}
SIDES = {"project_start": ("start",), "project_end": ("end",), "project_period": ("start", "end")}
OF_PAGE = ("published", "updated")
PAIRED: Mapping[str, tuple[str, ...]] = {
    "project_areas": ("project_id", "area_id"),
    "project_links": ("project_id", "related_project_id"),
}
SAME = 0.0006  # confidences are kept to three digits
Row = Mapping[str, str | int | float | None]


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
    row: Row


class FactTold(msgspec.Struct, frozen=True, kw_only=True):
    """A fact in its sentence, its columns, the names of the entities in these, how it was decided.

    ``decisions`` is empty where ``decided_by`` is a rule or a person: evidence weighs names of
    projects, what ties bodies, dates, money, areas and projects to them, and where roles are held.
    ``remark`` says where what is read now differs from what the tables hold.
    """

    table: str
    id: str
    source: str
    sentence: str
    columns: dict[str, str | int | float | None]
    names: dict[str, str]
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
    decisions: list[Decision] = []
    remark = None
    by = "a person (corrections)" if row["rule"] == "correction" else "a rule"
    if by == "a rule" and _is_weighed(fact):
        decisions, remark = _decisions(connection, fact, document, fresh)
        by = "evidence" if decisions else by
    start, end = int(row["start_char"] or 0), int(row["end_char"] or 0)
    return FactTold(
        table=fact.table,
        id=fact.id,
        source=document["source"],
        sentence=sentence(document["text"], start, end),
        columns=dict(row),
        names=_names(connection, row),
        rule=str(row["rule"]),
        confidence=float(row["confidence"] or 0),
        decided_by=by,
        decisions=decisions,
        remark=remark,
    )


def _kind(fact: Asked) -> str:
    """The decision behind a fact."""
    of_page = fact.table == "dates" and fact.row["kind"] in OF_PAGE
    return PUBLICATION if of_page else KINDS[fact.table]


def _is_weighed(fact: Asked) -> bool:
    """Whether facts of its kind are decided by evidence: of names only those of projects."""
    return fact.table in KINDS and fact.row.get("entity_type", "project") == "project"


def _names(connection: sqlite3.Connection, row: Row) -> dict[str, str]:
    """The names of the entities whose ids are in a row."""
    query = "SELECT name FROM names WHERE entity_id = ? ORDER BY kind <> 'full', name"
    found = {}
    for column, value in row.items():
        if column.endswith("_id") and (named := connection.execute(query, [value]).fetchone()):
            found[str(value)] = str(named[0])
    return found


def _decisions(
    connection: sqlite3.Connection, fact: Asked, document: dict[str, str | None], fresh: Fresh
) -> tuple[list[Decision], str | None]:
    """The decisions behind a fact, and a remark where they aren't those of the tables."""
    kind = _kind(fact)

    def decided(meant: list[Candidate], reading: Reading) -> list[Decision]:
        told = [*meant, *(_alone(one, reading) for one in meant if one.kind == JOINT)]
        return [
            decision(one, rivals_of(one, reading), fresh.model(one.kind), reading) for one in told
        ]

    # A title may be the page's own, or what was taken for one as there was none: then it is no
    # sign. The reading that gives the confidence of the tables is the one that they come from.
    announcement = announcement_of(document)
    readings = []
    for title in dict.fromkeys((announcement.title, None)):
        reading = fresh.read(msgspec.structs.replace(announcement, title=title))
        meant = list(_meant(connection, fact, reading))
        least = min((one.probability for one in meant), default=-1.0)
        above = least - float(fact.row["confidence"] or 0)
        # Of a role the reading of the title may be less sure than where it is held.
        if above >= -SAME and (above <= SAME or fact.table == "roles"):
            return decided(meant, reading), None
        readings.append((meant, reading))
    meant, reading = readings[0]
    if meant:
        return decided(meant, reading), (
            "What evidence says now differs from the confidence in the tables: they come from "
            "other weights or another text, or the fact took its confidence from another's "
            "(a full name is at least as likely as its short one)."
        )
    # A date or a sum of no project: the likeliest that it might have been.
    span = (fact.row["start_char"], fact.row["end_char"])
    refused = [one for one in reading.candidates[kind] if one.spans == (span,)]
    refused.sort(key=lambda one: -one.probability)
    return decided(refused[:1], reading), None


def _alone(name: Candidate, reading: Reading) -> Candidate:
    """The same name as it is weighed before the others are looked at."""
    return next(one for one in reading.candidates[NAMES] if one.item == name.item)


def _meant(connection: sqlite3.Connection, fact: Asked, reading: Reading) -> Iterator[Candidate]:
    """The candidates that a fact was made of: two for a period, mostly one."""
    row, kind = fact.row, _kind(fact)
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
    elif kind == PUBLICATION:
        yield from best(one for one in every if one.spans == (span,) and one.value == row["kind"])
    elif fact.table == "dates":
        projects = keys("project_id")
        for side in SIDES.get(str(row["kind"]), ()):
            yield from best(
                one
                for one in every
                if one.spans == (span,) and one.project in projects and one.value == side
            )
    elif fact.table == "roles":
        projects, bodies = keys("project_id") - {None}, keys("organisation_id")
        yield from best(one for one in every if one.spans == (span,) and one.project in projects)
        yield from best(
            one
            for one in reading.candidates["role_bodies"]
            if one.spans == (span,) and one.value in bodies
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
