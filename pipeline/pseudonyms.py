"""Tables without people: keyed, stable ids in place of names, and nothing that tells who they are.

A name, an e-mail address, a telephone number or a personal identity code in a text gives way to as
many ``█``, so that every offset stays right. Titles and roles stay. Announcements in which no
people were read have neither text nor title.
"""

from __future__ import annotations

import os
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from hashlib import blake2b
from itertools import permutations
from pathlib import Path
from secrets import token_hex
from typing import Any

import pyarrow as pa

from pipeline.contact_forms import IDENTITY, email, phone
from pipeline.forgotten import HANDLE, Forgotten, Person, Span, between, folded
from pipeline.name_forms import person_of
from pipeline.options import COLUMNS, LEDGER
from pipeline.tables.arrow import arrow_schema
from pipeline.tables.pseudonymised import SENTENCES, statement
from pipeline.tables.schema import BY_NAME, TABLES
from pipeline.tables.tables import BATCH, Tables
from pipeline.tables.views import views

KEY = ".people-key"
MASK = "█"
LABEL = "Henkilö"
_WORD = re.compile(r"[^\W\d_]+")


def pseudonym(key: bytes, person_id: str) -> tuple[str, str]:
    """A person's id and name in tables without people."""
    digest = blake2b(person_id.encode(), key=key, digest_size=8).hexdigest()
    return f"h-{digest}", f"{LABEL} {digest}"


def read_key(output: Path) -> bytes:
    """The key of an output folder's pseudonyms, made when it is first asked for."""
    path = output / KEY
    if not path.is_file():
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(file, "w", encoding="ascii") as out:
            out.write(token_hex(32))
    return bytes.fromhex(path.read_text(encoding="ascii"))


def without_people(tables: Tables, key: bytes, scratch: Path) -> Tables:
    """The same tables with people pseudonymised, in a folder of their own in ``scratch``."""
    made = Tables(scratch=scratch, remarks=_impersonal(tables.remarks), mended=tables.mended)
    texts = _Texts(tables, key)
    made.put("documents", texts.documents())
    map_schema = pa.schema([(name, pa.string()) for name in ("person_id", "id", "label")])
    mapped = [{"person_id": one, "id": new, "label": label} for one, new, label in texts.people()]
    with views(made.folder, was=tables.folder) as connection:
        _offer(connection, made.folder, "people_map", pa.Table.from_pylist(mapped, map_schema))
        names = [{"name": old, "masked": new} for old, new in texts.masked_names()]
        name_schema = pa.schema([("name", pa.string()), ("masked", pa.string())])
        _offer(connection, made.folder, "masked_names", pa.Table.from_pylist(names, name_schema))
        masked = str(made.path("documents")).replace("'", "''")
        connection.execute(f"CREATE VIEW masked AS SELECT * FROM read_parquet('{masked}')")
        for table in TABLES:
            if table.name != "documents":
                rows = connection.sql(statement(table))
                made.put(table.name, rows.to_arrow_reader(BATCH))
    for name in ("people_map", "masked_names"):
        (made.folder / f"{name}.parquet").unlink()
    return made


def _impersonal(remarks: Iterable[str]) -> tuple[str, ...]:
    """Those that repeat no name, nor words of an announcement, that a decision was about."""
    naming = ("correction without effect: no person ", "no fact of")
    return tuple(remark for remark in remarks if not any(words in remark for words in naming))


def _offer(connection: Any, folder: Path, name: str, table: pa.Table) -> None:
    import pyarrow.parquet as pq

    path = folder / f"{name}.parquet"
    pq.write_table(table, path)
    quoted = str(path).replace("'", "''")
    connection.execute(f"CREATE TEMP TABLE {name} AS SELECT * FROM read_parquet('{quoted}')")


@contextmanager
def published(resolved: Tables, output: Path, *, without: bool) -> Iterator[Tables]:
    """The tables as they are published: as they are, or ``without`` people."""
    with resolved:
        if not without:
            yield resolved
            return
        columns = output / LEDGER / COLUMNS
        with without_people(resolved, read_key(output), columns) as tables:
            yield tables


def failures_in(tables: Tables) -> tuple[tuple[str, str], ...]:
    """Failures as (source, reason), as the tables name them."""
    rows = _rows(tables, "documents", ("source", "status", "reason"))
    return tuple((row["source"], row["reason"]) for row in rows if row["status"] == "failed")


class _Texts:
    """Texts of announcements with the people they name masked."""

    def __init__(self, tables: Tables, key: bytes) -> None:
        self._tables = tables
        self._list = Forgotten(key=key)
        self._key = key
        self._names: dict[str, set[str]] = defaultdict(set)
        self._contacts: dict[str, set[str]] = defaultdict(set)
        for row in _rows(tables, "names", ("entity_type", "entity_id", "name")):
            if row["entity_type"] == "person":
                self._names[row["entity_id"]].add(row["name"])
        for row in _rows(tables, "people", ("person_id", "name", "email", "phone")):
            self._names[row["person_id"]].add(row["name"])
            found = filter(None, (row["email"], row["phone"]))
            self._contacts[row["person_id"]].update(found)
        self._pairs = {
            frozenset(map(folded, (parts[0], parts[-1])))
            for names in self._names.values()
            for name in names
            if len(parts := name.split()) > 1
        }
        self._joined = {"".join(pair) for one in self._pairs for pair in permutations(one)}
        self._families = {
            folded(parts[-1])
            for names in self._names.values()
            for name in names
            if len(parts := name.split()) > 1
        }
        self._known = lru_cache(maxsize=10_000)(self._person)

    def people(self) -> Iterator[tuple[str, str, str]]:
        """Each person's id, new id and new name."""
        for person in sorted(self._names):
            yield (person, *pseudonym(self._key, person))

    def documents(self) -> Iterator[pa.RecordBatch]:
        """The table of announcements, masked, in the order of its sources."""
        named, spans = self._mentions()
        rows = []
        for row in _rows(self._tables, "documents", BY_NAME["documents"].column_names):
            people = tuple(self._known(one) for one in sorted(named.get(row["doc_id"], ())))
            masked = dict(row)
            fields = ("text", "title", "url", "source", "reason")
            listed = Forgotten(key=self._key, people=people)
            found = listed.spans(*(row[field] for field in fields), known=True)
            found[0] = [*found[0], *spans.get(row["doc_id"], ())]
            for field, places in zip(fields, found, strict=True):
                masked[field] = mask(row[field], [*places, *self._whole_names(row[field] or "")])
            if row["status"] != "ok":  # nobody knows whom it names
                masked["text"] = masked["title"] = None
            rows.append(masked)
        rows.sort(key=lambda row: (row["source"].encode(), row["doc_id"]))
        schema = arrow_schema(BY_NAME["documents"])
        for start in range(0, len(rows), BATCH):
            yield pa.RecordBatch.from_pylist(rows[start : start + BATCH], schema)

    def masked_names(self) -> Iterator[tuple[str, str]]:
        """Names of projects and bodies that hold a person's, and what stands for them.

        Sentences that repeat such names, and what a register says, likewise.
        """
        seen: set[str] = set()
        for name in self._said():
            if name in seen:
                continue
            seen.add(name)
            places = self._whole_names(name)
            if (masked := mask(name, places)) != name and masked:
                yield name, masked

    def _said(self) -> Iterator[str]:
        """Names of all but people, and every other text that may hold a name."""
        for row in _rows(self._tables, "names", ("entity_type", "name")):
            if row["entity_type"] != "person":
                yield row["name"]
        for table, columns in SENTENCES.items():
            for row in _rows(self._tables, table, columns):
                yield from filter(None, row.values())

    def _whole_names(self, text: str) -> list[Span]:
        """Where anybody's whole name stands, also where no rule found a person."""
        words = [
            (match.start(), match.end(), folded(match.group())) for match in _WORD.finditer(text)
        ]
        found = []
        for number, (start, end, one) in enumerate(words):
            handle = text[start - 1 : start] in HANDLE and one[1:] in self._families
            if handle or one in self._joined:
                found.append((start, end))
            for behind, (first, last, other) in enumerate(words[number + 1 : number + 6]):
                initial = len(one) == 1 and other in self._families
                known = initial or frozenset((one, other)) in self._pairs
                if known and (not behind or between(text[end:first])):
                    found.append((start, last))
        return found

    def _person(self, person: str) -> Person:
        return person_of(self._list, self._names[person], self._contacts[person])

    def _mentions(self) -> tuple[dict[str, set[str]], dict[str, list[Span]]]:
        """Who is named in each announcement, and where people and their contacts stand."""
        named: dict[str, set[str]] = defaultdict(set)
        spans: dict[str, list[Span]] = defaultdict(list)
        columns = ("doc_id", "start_char", "end_char", "entity_type", "entity_id")
        for row in _rows(self._tables, "mentions", columns):
            if row["entity_type"] == "person":
                spans[row["doc_id"]].append((row["start_char"], row["end_char"]))
                if row["entity_id"]:
                    named[row["doc_id"]].add(row["entity_id"])
        for row in _rows(self._tables, "resolutions", ("entity_type", "entity_id", "doc_id")):
            if row["entity_type"] == "person":
                named[row["doc_id"]].add(row["entity_id"])
        for row in _rows(self._tables, "identifiers", (*columns[:3], "scheme")):
            if row["scheme"] in ("email", "phone"):
                spans[row["doc_id"]].append((row["start_char"], row["end_char"]))
        return named, spans


def mask(text: str | None, spans: Iterable[Span]) -> str | None:
    """The text with ``█`` for all that stands in the spans, and every address, number and code."""
    if not text:
        return text
    letters = list(text)
    contacts = [match.span() for match in email().finditer(text)]
    contacts += [match.span() for match in IDENTITY.finditer(text)]
    contacts += [match.span(match.lastgroup or 0) for match in phone().finditer(text)]
    for start, end in (*spans, *contacts):
        for at in range(start, end):
            if letters[at] not in "\n\t ":
                letters[at] = MASK
    return "".join(letters)


def _rows(tables: Tables, name: str, columns: Iterable[str]) -> Iterator[dict[str, Any]]:
    for batch in tables.batches(name, list(columns)):
        yield from batch.to_pylist()
