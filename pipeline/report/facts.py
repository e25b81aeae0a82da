"""The facts of announcements and projects, as the pages show them."""

from __future__ import annotations

import csv
import io
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.report.words import Words
from pipeline.tables.answers import DOUBTFUL, SAYING

CORRECTION_COLUMNS = ("decision", "table", "id", "document", "text", "column", "value", "comment")

_PLACE = "f.doc_id, f.start_char, f.end_char, f.rule, f.confidence"
_PROJECT = "f.project_id, p.name AS project"


def _there(entity_type: str, column: str) -> str:
    """What the announcement itself calls an entity: corrections are made to what it says."""
    return (
        f"(SELECT name FROM resolutions AS n WHERE n.entity_type = '{entity_type}' "
        f"AND n.entity_id = f.{column} AND n.doc_id = f.doc_id ORDER BY local_key LIMIT 1) AS there"
    )


# What looks wrong, with what the announcement calls the project that it is about.
CHECKS = f"SELECT f.*, {_there('project', 'entity_id')} FROM checks AS f"
# Of each table: what heads a fact, what is said of it, and what a correction would change.
QUERIES: Mapping[str, str] = {
    "roles": f"""
        SELECT f.role_id AS id, h.name AS head, f.role AS said, o.name AS other,
               {_PROJECT}, {_PLACE}
        FROM roles AS f JOIN people AS h ON h.person_id = f.person_id
        LEFT JOIN organisations AS o ON o.organisation_id = f.organisation_id
        LEFT JOIN projects AS p ON p.project_id = f.project_id""",
    "participations": f"""
        SELECT f.participation_id AS id, o.name AS head, f.part AS said, {_PROJECT}, {_PLACE}
        FROM participations AS f JOIN organisations AS o ON o.organisation_id = f.organisation_id
        LEFT JOIN projects AS p ON p.project_id = f.project_id""",
    "dates": f"""
        SELECT f.date_id AS id, f.kind AS said, f.start, f."end" AS until, {_PROJECT}, {_PLACE}
        FROM dates AS f LEFT JOIN projects AS p ON p.project_id = f.project_id""",
    "budgets": f"""
        SELECT f.budget_id AS id, f.kind AS said, f.amount, f.currency, f.share_pct,
               o.name AS other, {_PROJECT}, {_PLACE}
        FROM budgets AS f LEFT JOIN organisations AS o ON o.organisation_id = f.organisation_id
        LEFT JOIN projects AS p ON p.project_id = f.project_id""",
    "project_areas": f"""
        SELECT '' AS id, a.name AS head, {_there("area", "area_id")}, {_PROJECT}, {_PLACE}
        FROM project_areas AS f JOIN areas AS a ON a.area_id = f.area_id
        JOIN projects AS p ON p.project_id = f.project_id""",
    "identifiers": f"""
        SELECT f.identifier_id AS id, f.scheme AS said, f.value AS head,
               CASE f.entity_type WHEN 'project' THEN f.entity_id END AS project_id,
               p.name AS project, {_PLACE}
        FROM identifiers AS f
        LEFT JOIN projects AS p ON f.entity_type = 'project' AND p.project_id = f.entity_id""",
    "project_links": f"""
        SELECT '' AS id, f.relation AS said, r.name AS other, f.related_project_id AS related_id,
               {_there("project", "related_project_id")}, {_PROJECT}, {_PLACE}
        FROM project_links AS f JOIN projects AS p ON p.project_id = f.project_id
        JOIN projects AS r ON r.project_id = f.related_project_id""",
}
KIND = {
    "roles": "person",
    "participations": "organisation",
    "dates": "date",
    "budgets": "money",
    "project_areas": "area",
    "identifiers": "identifier",
    "project_links": "project",
}
# The column that a person most likely puts right.
CHANGED = {
    "roles": "role",
    "participations": "part",
    "dates": "kind",
    "budgets": "amount",
    "identifiers": "value",
}
# The column that tells a fact without an id from others of the same words.
TELLING = {"project_areas": "area", "project_links": "related_project"}
# How a project is asked for; identifiers name entities of every type.
BY_PROJECT = {
    table: "f.entity_type = 'project' AND f.entity_id = ?"
    if table == "identifiers"
    else "f.project_id = ?"
    for table in QUERIES
}


@dataclass(slots=True)
class Fact:
    """One fact: ``head`` is what it is about, ``said`` what is said of it.

    ``there`` is what its announcement calls an area or related project.
    ``anchor`` is its id on its announcement's page, ``mark`` that of its words there.
    """

    table: str
    id: str
    kind: str
    head: str
    said: str
    project_id: str | None
    project: str | None
    doc_id: str
    start: int
    end: int
    rule: str
    confidence: float
    anchor: str = ""
    mark: str = ""
    related_id: str | None = None
    there: str | None = None

    @property
    def doubtful(self) -> bool:
        """Whether it is called unsure."""
        return self.confidence < DOUBTFUL


def facts(
    connection: sqlite3.Connection, words: Words, where: str, values: Sequence[Any] = ()
) -> Iterator[Fact]:
    """Facts of every table for which ``where`` holds (of ``f``), in the order of their places."""
    for table in QUERIES:
        yield from _of_table(table, connection, words, where, values)


def doubtful_facts(connection: sqlite3.Connection, words: Words, below: float) -> list[Fact]:
    """Facts of less confidence than ``below``, with a project or without, the least sure first.

    They are those of the view ``facts``.
    """
    found = [
        one
        for table in QUERIES
        for one in _of_table(
            table, connection, words, f"f.confidence < ? AND ({SAYING[table]})", [below]
        )
    ]
    return sorted(found, key=lambda fact: (fact.confidence, fact.doc_id))


def _of_table(
    table: str, connection: sqlite3.Connection, words: Words, where: str, values: Sequence[Any]
) -> Iterator[Fact]:
    order = "f.doc_id, f.start_char, f.end_char"
    rows = connection.execute(f"{QUERIES[table]} WHERE {where} ORDER BY {order}", values)
    yield from (fact(table, row, words) for row in rows.fetchall())


def project_facts(connection: sqlite3.Connection, words: Words, project_id: str) -> Iterator[Fact]:
    """Every fact about one project."""
    for table, query in QUERIES.items():
        where = (
            f"{query} WHERE {BY_PROJECT[table]} ORDER BY f.confidence DESC, f.doc_id, f.start_char"
        )
        for row in connection.execute(where, [project_id]).fetchall():
            yield fact(table, row, words)


def fact(table: str, row: sqlite3.Row, words: Words) -> Fact:
    """A row of ``QUERIES`` in words."""
    head, said = _TOLD[table](row, words)
    return Fact(
        table=table,
        id=row["id"],
        kind=KIND[table],
        head=head,
        said=said,
        project_id=row["project_id"],
        project=row["project"],
        doc_id=row["doc_id"],
        start=row["start_char"],
        end=row["end_char"],
        rule=row["rule"],
        confidence=row["confidence"],
        related_id=row["related_id"] if table == "project_links" else None,
        there=row["there"] if table in TELLING else None,
    )


def _role(row: sqlite3.Row, _: Words) -> tuple[str, str]:
    return row["head"], ", ".join(filter(None, (row["said"], row["other"])))


def _participation(row: sqlite3.Row, words: Words) -> tuple[str, str]:
    return row["head"], words(f"part.{row['said']}")


def _date(row: sqlite3.Row, words: Words) -> tuple[str, str]:
    return words.period(row["start"], row["until"]) or "?", words(f"date.{row['said']}")


def _budget(row: sqlite3.Row, words: Words) -> tuple[str, str]:
    amount = ""
    if row["amount"] is not None and (row["currency"] or "EUR") == "EUR":
        amount = words.euros(row["amount"])
    elif row["amount"] is not None:
        amount = f"{words.number(row['amount'])} {row['currency']}"
    share = words.percent(row["share_pct"]) if row["share_pct"] is not None else ""
    head = " · ".join(filter(None, (amount, share))) or "?"
    return head, ", ".join(filter(None, (words(f"budget.{row['said']}"), row["other"])))


def _area(row: sqlite3.Row, _: Words) -> tuple[str, str]:
    return row["head"], ""


def _identifier(row: sqlite3.Row, words: Words) -> tuple[str, str]:
    return row["head"], words(f"scheme.{row['said']}")


def _link(row: sqlite3.Row, words: Words) -> tuple[str, str]:
    return row["other"], words(f"link.{row['said']}")


_TOLD = {
    "roles": _role,
    "participations": _participation,
    "dates": _date,
    "budgets": _budget,
    "project_areas": _area,
    "identifiers": _identifier,
    "project_links": _link,
}


def correction(one: Fact, source: str, text: str) -> str:
    """A line for a file of corrections that strikes a fact out, as CSV."""
    column, value = corrected_columns(one)
    words = text[one.start : one.end]
    return csv_line("wrong", one.table, one.id, source, words, column, value, "")


def corrected_columns(one: Fact) -> tuple[str, str]:
    """Which column, with which value, tells a fact without an id from others of the same words."""
    column = TELLING.get(one.table, "")
    return column, (one.there or one.head) if column else ""


def missing_cells(check: sqlite3.Row, source: str, text: str) -> tuple[str, ...] | None:
    """What a check (a row of ``CHECKS``) misses, as a correction that adds it, from ``table`` on.

    The body that leads is left to fill in. ``None`` where nothing is missing.
    """
    name = check["there"]
    if check["check"] != "no_lead" or not name or ";" in name:  # which parts values
        return None
    words = text[check["start_char"] : check["end_char"]]
    return "participations", "", source, words, "project;organisation;part", f"{name};;lead"


def csv_line(*cells: str) -> str:
    """One line of CSV; line breaks within a cell become spaces."""
    out = io.StringIO()
    csv.writer(out, lineterminator="").writerow([" ".join(cell.split()) for cell in cells])
    return out.getvalue()
