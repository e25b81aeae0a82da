"""What came, went and changed between two runs, told in words."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from pipeline.ask.frames import database
from pipeline.errors import OutputUnusable


class Named(NamedTuple):
    """What has an identifier and a name: where it stands, and its columns with words for them."""

    table: str
    key: str
    told: Mapping[str, str]


ENTITIES = {
    "project": Named(
        "overview",
        "project_id",
        {
            "start": "start",
            "end": "end",
            "lead": "lead",
            "funders": "funders",
            "partners": "partners",
            "total_eur": "total budget",
            "granted_eur": "granted",
            "areas": "areas",
            "contact": "contact",
        },
    ),
    "person": Named(
        "people", "person_id", {"degree": "degree", "email": "e-mail", "phone": "phone"}
    ),
    "organisation": Named(
        "organisations",
        "organisation_id",
        {"acronym": "acronym", "type": "type", "business_id": "business id"},
    ),
    "area": Named("areas", "area_id", {"type": "type", "code": "code", "parent_id": "lies in"}),
}

_NAMED = "LEFT JOIN projects USING (project_id) LEFT JOIN organisations USING (organisation_id)"

# Facts that came or went: their columns, told in this order, and where they stand. What the
# overview tells of a project is told there; `other` dates are days that a text happens to name.
FACTS = {
    "role": f"""people.name, role, role_code, projects.name, organisations.name
        FROM roles JOIN people USING (person_id) {_NAMED}""",
    "part": f"""organisations.name, part, projects.name FROM participations {_NAMED}
        WHERE part NOT IN ('lead', 'funder', 'partner') OR project_id IS NULL""",
    "sum": f"""budgets.kind,
        CASE currency WHEN 'EUR' THEN amount ELSE printf('%.15g ', amount) || currency END,
        CASE WHEN share_pct IS NOT NULL THEN printf('%.15g %%', share_pct) END,
        projects.name, organisations.name
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
    "check": """severity, message_en, projects.name, source FROM checks
        JOIN documents USING (doc_id) LEFT JOIN projects ON entity_id = project_id""",
}

_DOCUMENTS = "SELECT source, title, status, raw_sha256 FROM documents"


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
                *(change for what in ENTITIES for change in _entities(what, before, after)),
                *(change for what in FACTS for change in _facts(what, before, after)),
            ]
        except sqlite3.OperationalError as error:
            raise OutputUnusable(
                f"One of the runs was written by an older version ({error}). Run it again."
            ) from error
    return Changes(sorted(found))


def _documents(before: sqlite3.Connection, after: sqlite3.Connection) -> Iterator[Change]:
    one, other = (_rows(connection, _DOCUMENTS) for connection in (before, after))
    yield from _came_and_went("announcement", dict.fromkeys(one), dict.fromkeys(other))
    for source in one.keys() & other.keys():
        *was, content = one[source]
        *now, new_content = other[source]
        yield from _changed("announcement", source, ("title", "status"), was, now)
        if content != new_content:
            yield Change("announcement", "changed", source, "content", "other", "new")


def _entities(what: str, before: sqlite3.Connection, after: sqlite3.Connection) -> Iterator[Change]:
    table, key, told = ENTITIES[what]
    query = f"SELECT {key}, name, {', '.join(told)} FROM {table}"
    one, other = (_rows(connection, query) for connection in (before, after))
    yield from _came_and_went(
        what, *({key: row[0] for key, row in rows.items()} for rows in (one, other))
    )
    for key in one.keys() & other.keys():
        yield from _changed(what, other[key][0], ("name", *told.values()), one[key], other[key])


def _rows(connection: sqlite3.Connection, query: str) -> dict[str, Sequence[Any]]:
    """Rows by their first column."""
    return {row[0]: row[1:] for row in connection.execute(query)}


def _changed(
    what: str, name: str, columns: Sequence[str], was: Sequence[Any], now: Sequence[Any]
) -> Iterator[Change]:
    for column, one, other in zip(columns, was, now, strict=True):
        if one != other:
            yield Change(what, "changed", name, column, _text(one), _text(other))


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
