"""What came, went and changed between two runs, told in words."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec

from pipeline.ask.frames import database
from pipeline.errors import OutputUnusable

# What is told of a project beside its being there, as columns of the view ``overview``.
TOLD = {
    "name": "name",
    "start": "start",
    "end": "end",
    "lead": "lead",
    "funders": "funders",
    "partners": "partners",
    "total_eur": "total budget",
    "granted_eur": "granted",
    "areas": "areas",
    "contact": "contact",
}
_OVERVIEW = f"SELECT project_id, kind, {', '.join(TOLD)} FROM overview"
_NAMED = "LEFT JOIN projects USING (project_id) LEFT JOIN organisations USING (organisation_id)"

# Facts that came or went: their columns, told in this order, and where they stand. What the
# overview tells of a project is told there; `other` dates are days that a text happens to name.
FACTS = {
    "role": f"""people.name, role, role_code, projects.name, organisations.name
        FROM roles JOIN people USING (person_id) {_NAMED}""",
    "part": f"""organisations.name, part, projects.name FROM participations {_NAMED}
        WHERE part NOT IN ('lead', 'funder', 'partner') OR project_id IS NULL""",
    "sum": f"""budgets.kind, CASE currency WHEN 'EUR' THEN amount ELSE amount || currency END,
        share_pct || ' %', projects.name, organisations.name
        FROM budgets {_NAMED} WHERE budgets.kind NOT IN ('total', 'grant') OR project_id IS NULL""",
    "date": """dates.kind, start, "end", projects.name, source FROM dates
        JOIN documents USING (doc_id) LEFT JOIN projects USING (project_id)
        WHERE dates.kind NOT LIKE 'project%' AND dates.kind <> 'other' OR
        dates.kind LIKE 'project%' AND project_id IS NULL""",
    "identifier": """scheme, value, coalesce(projects.name, people.name, organisations.name)
        FROM identifiers LEFT JOIN projects ON entity_id = project_id
        LEFT JOIN people ON entity_id = person_id
        LEFT JOIN organisations ON entity_id = organisation_id""",
    "link": """one.name, relation, other.name FROM project_links
        JOIN projects one USING (project_id)
        JOIN projects other ON related_project_id = other.project_id""",
    "check": "severity, message_en FROM checks",
}

# Who and where, by an identifier, a name and what else is told of each.
ENTITIES = {
    "person": ("people", "person_id", ("degree", "email", "phone")),
    "organisation": ("organisations", "organisation_id", ("acronym", "type", "business_id")),
    "area": ("areas", "area_id", ("type", "code", "parent_id")),
}
_DOCUMENTS = "SELECT source, title, status, raw_sha256 FROM documents"

_Rows = Mapping[str, Sequence[Any]]


class Change(msgspec.Struct, frozen=True, order=True):
    """One difference.

    ``what`` is ``announcement``, ``project``, or a key of ``FACTS`` or ``ENTITIES``.

    ``how`` is ``came``, ``went`` or ``changed``; of what changed, ``column``, ``before`` and
    ``after``.
    """

    what: str
    how: str
    name: str
    column: str = ""
    before: str = ""
    after: str = ""

    def __str__(self) -> str:
        """The change as a sentence."""
        if self.how == "changed":
            was, now = self.before or "nothing", self.after or "nothing"
            return f"{self.what} {self.name}: {self.column} was {was}, is {now}"
        return f"{self.what} {self.name} {self.how}"


class Changes(list[Change]):
    """Differences, sorted; ``str`` tells them line by line."""

    def __str__(self) -> str:
        """Each in words, or that there are none."""
        return "\n".join(map(str, self)) or "Nothing changed."

    def _repr_html_(self) -> str:
        from html import escape

        return f"<pre>{escape(str(self))}</pre>"


def changes(earlier: Path, later: Path) -> Changes:
    """The differences between two runs' folders. Raises ``OutputUnusable``."""
    with closing(database(earlier)) as before, closing(database(later)) as after:
        try:
            found = [
                *_documents(before, after),
                *_projects(before, after),
                *(change for what in ENTITIES for change in _entities(what, before, after)),
                *(change for what in FACTS for change in _facts(what, before, after)),
            ]
        except sqlite3.OperationalError as error:
            raise OutputUnusable(
                f"One of the runs was written by an older version ({error}). Run it again."
            ) from error
    return Changes(sorted(found))


def _documents(before: sqlite3.Connection, after: sqlite3.Connection) -> Iterator[Change]:
    one, other = (
        {row[0]: row[1:] for row in connection.execute(_DOCUMENTS)}
        for connection in (before, after)
    )
    yield from _came_and_went("announcement", dict.fromkeys(one), dict.fromkeys(other))
    for source in one.keys() & other.keys():
        for at, column in enumerate(("title", "status", "content")):
            if one[source][at] != other[source][at]:
                was, now = (
                    ("other", "new") if column == "content" else _shown(one, other, source, at)
                )
                yield Change("announcement", "changed", source, column, was, now)


def _shown(one: _Rows, other: _Rows, key: str, at: int) -> tuple[str, str]:
    return _text(one[key][at]), _text(other[key][at])


def _projects(before: sqlite3.Connection, after: sqlite3.Connection) -> Iterator[Change]:
    one, other = (
        {row[0]: row[2:] for row in connection.execute(_OVERVIEW)} for connection in (before, after)
    )
    yield from _named("project", one, other, list(TOLD.values())[1:])


def _entities(what: str, before: sqlite3.Connection, after: sqlite3.Connection) -> Iterator[Change]:
    table, key, columns = ENTITIES[what]
    query = f"SELECT {key}, name, {', '.join(columns)} FROM {table}"
    one, other = (
        {row[0]: row[1:] for row in connection.execute(query)} for connection in (before, after)
    )
    yield from _named(what, one, other, columns)


def _named(what: str, one: _Rows, other: _Rows, columns: Sequence[str]) -> Iterator[Change]:
    """What came, went and changed of rows by an identifier: a name, then those columns."""
    names = {key: row[0] for key, row in (*one.items(), *other.items())}
    yield from _came_and_went(
        what, {key: names[key] for key in one}, {key: names[key] for key in other}
    )
    for key in one.keys() & other.keys():
        for at, told in enumerate(("name", *columns)):
            if one[key][at] != other[key][at]:
                yield Change(what, "changed", names[key], told, *_shown(one, other, key, at))


def _facts(what: str, before: sqlite3.Connection, after: sqlite3.Connection) -> Iterator[Change]:
    one, other = (
        {
            ", ".join(_text(value) for value in row if value is not None)
            for row in connection.execute(f"SELECT {FACTS[what]}")
        }
        for connection in (before, after)
    )
    yield from _came_and_went(what, dict.fromkeys(one), dict.fromkeys(other))


def _came_and_went(
    what: str, before: Mapping[str, str | None], after: Mapping[str, str | None]
) -> Iterator[Change]:
    for key in after.keys() - before.keys():
        yield Change(what, "came", after[key] or key)
    for key in before.keys() - after.keys():
        yield Change(what, "went", before[key] or key)


def _text(value: object) -> str:
    if isinstance(value, float):  # an amount of euros
        return f"{value:,.2f}".replace(",", "\u00a0").removesuffix(".00") + "\u00a0€"
    return "" if value is None else str(value)
