"""Pages that show what they showed in the run before are taken from there, not written again.

What a page shows is known by a digest of the rows that it is made of. A page of the run before that
is no longer as it was written is written anew.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path

import msgspec

from pipeline.report.announcement import NAMES
from pipeline.report.facts import QUERIES

FILE = "pages.json"  # in a language's folder: of each page what it shows, and its bytes
SIZE = 12  # bytes of a digest


class Pages(msgspec.Struct):
    """Of each page (path below the language's folder) two digests: what it shows, its bytes.

    ``figures`` are charts by digests of what they show.
    """

    pages: dict[str, tuple[str, str]] = {}
    figures: dict[str, str] = {}


class Kept:
    """The pages of one language of the run before; ``None`` where there is none to take from."""

    def __init__(self, folder: Path, earlier: Path | None, base: str) -> None:
        self._folder, self._earlier, self._base = folder, earlier, base
        self._before, self._now = Pages(), Pages()
        if earlier is not None:
            with suppress(OSError, msgspec.MsgspecError):
                self._before = msgspec.json.decode((earlier / FILE).read_bytes(), type=Pages)

    def take(self, path: str, shows: str) -> bool:
        """Take a page over, if there is one that shows the same; whether it was."""
        key = _hexadecimal(f"{self._base} {shows}".encode())
        was, sealed = self._before.pages.get(path, ("", ""))
        self._now.pages[path] = (key, sealed)
        if was != key or self._earlier is None:
            return False
        source, target = self._earlier / path, self._folder / path
        try:
            if _hexadecimal(source.read_bytes()) != sealed:
                return False
            try:
                os.link(source, target)
            except OSError:
                shutil.copyfile(source, target)
        except OSError:
            return False
        return True

    def wrote(self, path: str, text: bytes) -> None:
        """Note the bytes of a page that was written."""
        if path in self._now.pages:
            self._now.pages[path] = (self._now.pages[path][0], _hexadecimal(text))

    def figure(self, shows: str, draw: Callable[[], str]) -> str:
        """A chart of the run before that shows the same, or else what ``draw`` gives."""
        key = _hexadecimal(f"{self._base} {shows}".encode())
        drawn = self._before.figures.get(key) or draw()
        self._now.figures[key] = drawn
        return drawn

    def close(self) -> None:
        """Keep what was noted, for the next run."""
        (self._folder / FILE).write_bytes(msgspec.json.encode(self._now))


def announcements_show(connection: sqlite3.Connection) -> dict[str, str]:
    """For every announcement a digest of all that its page is made of."""
    found: dict[str, blake2b] = defaultdict(lambda: blake2b(digest_size=SIZE))
    _add(found, connection.execute("SELECT doc_id AS whose, * FROM documents ORDER BY doc_id"))
    for query in (*QUERIES.values(), NAMES):
        _add(
            found, connection.execute(f"SELECT doc_id AS whose, * FROM ({query}) ORDER BY {_PLACE}")
        )
    return {doc_id: digest.hexdigest() for doc_id, digest in found.items()}


_PLACE = "doc_id, start_char, end_char"


def projects_show(
    connection: sqlite3.Connection, announcements: Mapping[str, str]
) -> dict[str, str]:
    """For every project a digest of all that its page is made of; ``announcements`` as above."""
    found: dict[str, blake2b] = defaultdict(lambda: blake2b(digest_size=SIZE))
    _add(
        found, connection.execute("SELECT project_id AS whose, * FROM overview ORDER BY project_id")
    )
    checks = (
        "SELECT entity_id AS whose, * FROM checks "
        "WHERE entity_type = 'project' AND entity_id IS NOT NULL"
    )
    _add(found, connection.execute(f"{checks} ORDER BY check_id"))
    told: list[tuple[str, str]] = connection.execute(
        "SELECT DISTINCT entity_id, doc_id FROM mentions WHERE entity_type = 'project' "
        "AND entity_id IS NOT NULL UNION SELECT entity_id, doc_id FROM checks "
        "WHERE entity_type = 'project' AND entity_id IS NOT NULL ORDER BY 1, 2"
    ).fetchall()
    for query in QUERIES.values():
        told += connection.execute(
            f"SELECT DISTINCT project_id, doc_id FROM ({query}) WHERE project_id IS NOT NULL "
            "ORDER BY 1, 2"
        ).fetchall()
    for project_id, doc_id in told:
        found[project_id].update(announcements[doc_id].encode())
    return {project_id: digest.hexdigest() for project_id, digest in found.items()}


def _add(found: Mapping[str, blake2b], rows: Iterable[sqlite3.Row]) -> None:
    for row in rows:
        found[row[0]].update(repr(tuple(row)[1:]).encode("utf-8", "surrogatepass"))


def _hexadecimal(content: bytes) -> str:
    return blake2b(content, digest_size=SIZE).hexdigest()


def digest_of(parts: Iterable[bytes]) -> str:
    """One digest of several things."""
    whole = blake2b(digest_size=SIZE)
    for part in parts:
        whole.update(blake2b(part, digest_size=SIZE).digest())
    return whole.hexdigest()
