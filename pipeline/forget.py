"""``hankepoimuri forget``: a person goes out of everything that was ever written, and stays out.

The announcements themselves belong to whoever keeps the input folder. They are read again with the
person taken out of their texts, now and in every later run.
"""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec
import pyarrow.parquet as pq

from pipeline.contact_forms import is_office
from pipeline.errors import PipelineError
from pipeline.forgotten import BREAK, Forgotten, fresh_key, read_forgotten, write_forgotten
from pipeline.ledger import Ledger
from pipeline.name_forms import person_of
from pipeline.options import LEDGER, Options
from pipeline.purge import purge
from pipeline.records import Announcement
from pipeline.run import run
from pipeline.search_bytes import files_that_name
from pipeline.summary import Report
from pipeline.tables.publish import current, drop_former_runs, locked


@dataclass(frozen=True, slots=True)
class Proof:
    """What was taken out, and the search afterwards: files and bytes that were looked through.

    ``named`` is false where nobody answers to an address: it went alone.
    """

    purged: int
    files: int
    bytes: int
    named: bool
    report: Report


class StillThere(PipelineError):
    """Files name somebody who was to be forgotten, and are not this program's to change."""

    def __init__(self, paths: Iterable[Path]) -> None:
        listed = "\n".join(f"  {path}" for path in paths)
        super().__init__(
            "The tables and the store name that person no more, but these files do. They are not "
            f"made by this program, or were copied; delete them or take the person out:\n{listed}"
        )


def forget(who: str, options: Options) -> Proof:
    """Forget a person given by name, e-mail address or id, in the folder ``options.output``.

    Raises ``PipelineError`` when no person answers to an id or address; ``StillThere`` when the
    search afterwards finds them in files that others made; and what ``run`` raises.
    """
    output = options.output
    with locked(output):
        names, contacts = _known(output, who)
        forgotten = _with(read_forgotten(output), names, contacts)
        write_forgotten(output, forgotten)
        purged = _purge(options, forgotten)
        shutil.rmtree(output / LEDGER / "columns", ignore_errors=True)
        if options.corrections is not None:
            _without_decisions(options.corrections, forgotten)
    report = run(replace(options, fresh=True))
    with locked(output) as held:
        drop_former_runs(held)
    roots = [output]
    if options.store is not None and "://" not in options.store:
        roots.append(Path(options.store))
    if options.corrections is not None:
        roots.append(options.corrections)
    naming, files, size = files_that_name(forgotten, roots)
    if naming:
        raise StillThere(naming)
    return Proof(purged=purged, files=files, bytes=size, named=bool(names), report=report)


def _known(output: Path, who: str) -> tuple[set[str], set[str]]:
    """Names and contacts of whoever answers to a name, an address or an id."""
    names, contacts = set[str](), set[str]()
    tables = current(output) / "tables"
    ids = set()
    if (tables / "people.parquet").is_file():
        people = pq.read_table(tables / "people.parquet").to_pylist()
        called = pq.read_table(tables / "names.parquet").to_pylist()
        own = [row for row in called if row["entity_type"] == "person"]
        wanted = who.casefold().strip()
        if not is_office(wanted):
            ids = {row["person_id"] for row in people if wanted in _answers(row)}
        ids |= {row["entity_id"] for row in own if row["name"].casefold() == wanted}
        for row in people:
            if row["person_id"] in ids:
                names.add(row["name"])
                # An office's address stays: others are reached by it, too.
                contacts |= {
                    row[column]
                    for column in ("email", "phone")
                    if row[column] and not is_office(row[column])
                }
        names |= {row["name"] for row in own if row["entity_id"] in ids}
    if "@" in who:
        contacts.add(who.strip())
    elif not ids:
        if len(who.split()) < 2:
            raise PipelineError(
                f"No person is called {who}. Give a whole name, an e-mail address, or an id from "
                "the table people."
            )
        names.add(who)
    return names, contacts


def _answers(row: dict[str, str | None]) -> set[str]:
    return {(row[column] or "").casefold() for column in ("person_id", "name", "email")}


def _with(forgotten: Forgotten, names: set[str], contacts: set[str]) -> Forgotten:
    """The list with a person more."""
    forgotten = forgotten if forgotten.key else Forgotten(key=fresh_key())
    person = person_of(forgotten, names, contacts)
    people = [*(one for one in forgotten.people if one != person), person]
    return msgspec.structs.replace(forgotten, people=tuple(people))


def _purge(options: Options, forgotten: Forgotten) -> int:
    ledger = Ledger(options.store or str(options.output / LEDGER), options.limits)

    def names_them(post: Announcement) -> bool:
        said = (post.text, post.title, post.url, post.source, post.reason)
        return forgotten.without_them(*said) != said

    with ledger:
        return purge(ledger, names_them)


def _without_decisions(path: Path, forgotten: Forgotten) -> None:
    """Take decisions about the person out of the file of corrections, or a folder's files."""
    if path.is_dir():
        for one in sorted(path.glob("*.csv")):
            _without_decisions(one, forgotten)
        return
    if not path.is_file():
        return
    raw = path.read_text(encoding="utf-8-sig")
    rows = list(csv.reader(io.StringIO(raw, newline=""), delimiter=_delimiter(raw)))
    kept = [row for row in rows if not forgotten.find(BREAK.join(row))]
    if len(kept) < len(rows):
        draft = path.with_name(f"{path.name}.draft")
        with draft.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, delimiter=_delimiter(raw)).writerows(kept)
        draft.replace(path)


def _delimiter(raw: str) -> str:
    return max(",;\t", key=raw.partition("\n")[0].count)
