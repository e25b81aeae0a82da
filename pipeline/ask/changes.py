"""What came, went and changed between two runs, told in words."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
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
_STAFF = "SELECT DISTINCT project_id || '|' || person_id || '|' || role, project, person, role \
FROM staff WHERE project_id IS NOT NULL"
_DOCUMENTS = "SELECT source, title, status, raw_sha256 FROM documents"


class Change(msgspec.Struct, frozen=True, order=True):
    """One difference: ``what`` is ``announcement``, ``project`` or ``role``.

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
                *_came_and_went("role", _roles(before), _roles(after)),
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


def _shown(one: Any, other: Any, source: str, at: int) -> tuple[str, str]:
    return _text(one[source][at]), _text(other[source][at])


def _projects(before: sqlite3.Connection, after: sqlite3.Connection) -> Iterator[Change]:
    one, other = (
        {row[0]: row[1:] for row in connection.execute(_OVERVIEW)} for connection in (before, after)
    )
    names = {key: row[1] for key, row in (one | other).items()}
    yield from _came_and_went(
        "project", {key: names[key] for key in one}, {key: names[key] for key in other}
    )
    for key in one.keys() & other.keys():
        for at, told in enumerate(TOLD.values(), start=1):
            if one[key][at] != other[key][at]:
                yield Change("project", "changed", names[key], told, *_shown(one, other, key, at))


def _roles(connection: sqlite3.Connection) -> dict[str, str | None]:
    return {
        key: f"{person}, {role} ({project})"
        for key, project, person, role in connection.execute(_STAFF)
    }


def _came_and_went(
    what: str, before: dict[str, str | None], after: dict[str, str | None]
) -> Iterator[Change]:
    for key in after.keys() - before.keys():
        yield Change(what, "came", after[key] or key)
    for key in before.keys() - after.keys():
        yield Change(what, "went", before[key] or key)


def _text(value: object) -> str:
    if isinstance(value, float):  # an amount of euros
        return f"{value:,.2f}".replace(",", "\u00a0").removesuffix(".00") + "\u00a0€"
    return "" if value is None else str(value)
