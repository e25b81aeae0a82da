"""What deserves a person's look, as files of corrections ready to fill in.

A row whose ``decision`` stays empty decides nothing: a file may lie in ``corrections/`` half done.
"""

from __future__ import annotations

import csv
import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from itertools import combinations
from pathlib import Path

import msgspec
from rapidfuzz import fuzz

from pipeline.ask.evidence import sentence
from pipeline.ask.frames import database
from pipeline.errors import OutputUnusable
from pipeline.report.facts import (
    CHANGED,
    CHECKS,
    CORRECTION_COLUMNS,
    Fact,
    corrected_columns,
    doubtful_facts,
    facts,
    missing_cells,
)
from pipeline.report.words import Words
from pipeline.resolve.normal import fold
from pipeline.tables.answers import DOUBTFUL
from pipeline.tables.schema import ENTITY_IDS, ENTITY_TABLES
from pipeline.tables.spreadsheets import guarded_text

FACTS, ENTITIES = "review-facts.csv", "review-entities.csv"
ENTITY_COLUMNS = (
    "decision",
    "entity_type",
    "document",
    "id",
    "name",
    "other_document",
    "other_id",
    "other_name",
    "comment",
)
ALIKE = 88.0  # least similarity (0–100) of two names offered for merging
BEGINNING = 4  # letters in which names must agree to be compared
MOST = 400  # names that begin alike and are still compared
Named = tuple[str, str]  # a name and an id
_DIGITS = re.compile(r"\d+")


class Reviewed(msgspec.Struct, frozen=True):
    """How many facts and pairs of entities the files list, and where they lie."""

    facts: int
    pairs: int
    folder: Path


def review(run: Path, folder: Path, below: float = DOUBTFUL) -> Reviewed:
    """Write both files into ``folder`` from a run's folder; facts of confidence below ``below``,
    those that a check points at or misses, and pairs of entities whose names are nearly the same.

    Raises ``OutputUnusable`` where decisions filled in would be lost.
    """
    with closing(database(run)) as connection:
        connection.row_factory = sqlite3.Row
        found = [*_missing(connection), *_facts(connection, below)]
        pairs = list(_pairs(connection))
    folder.mkdir(parents=True, exist_ok=True)
    for name in (FACTS, ENTITIES):
        if _decided(folder / name):
            raise OutputUnusable(
                f"{folder / name} holds decisions. Move it into the folder of corrections, or name "
                "another folder with --to."
            )
    _write(folder / FACTS, CORRECTION_COLUMNS, found)
    _write(folder / ENTITIES, ENTITY_COLUMNS, pairs)
    return Reviewed(len(found), len(pairs), folder)


def _decided(path: Path) -> bool:
    """Whether somebody has filled in a list that lies there."""
    if not path.is_file():
        return False
    with path.open(encoding="utf-8-sig", newline="") as file:
        return any((row.get("decision") or "").strip() for row in csv.DictReader(file))


def _missing(connection: sqlite3.Connection) -> Iterator[tuple[str, ...]]:
    """Rows of facts that a check misses: with ``missing`` as decision and what is left to fill in,
    they add them."""
    words = Words("fi")
    for check in connection.execute(f"{CHECKS} ORDER BY doc_id, start_char").fetchall():
        document = _document(connection, check["doc_id"])
        text = document["text"]
        if cells := missing_cells(check, document["source"], text):
            said = sentence(text, check["start_char"], check["end_char"])
            todo = f"missing: {words('fill_in_lead').rstrip(':')}"
            yield "", *cells, " | ".join([check["message_fi"], todo, said])


def _document(connection: sqlite3.Connection, doc_id: str) -> sqlite3.Row:
    query = "SELECT source, text FROM documents WHERE doc_id = ?"
    found: sqlite3.Row = connection.execute(query, [doc_id]).fetchone()
    return found


def _facts(connection: sqlite3.Connection, below: float) -> Iterator[tuple[str, ...]]:
    """Rows of facts: what a check points at first, then the least sure."""
    remarks: dict[tuple[str, str, int, int], list[str]] = defaultdict(list)
    for row in connection.execute("SELECT * FROM checks").fetchall():
        place = (row["source_table"], row["doc_id"], row["start_char"], row["end_char"])
        remarks[place].append(row["message_fi"])

    def told(fact: Fact) -> list[str]:
        return remarks.get((fact.table, fact.doc_id, fact.start, fact.end), [])

    words = Words("fi")
    at_checks = (
        "EXISTS (SELECT 1 FROM checks AS c WHERE c.doc_id = f.doc_id "
        "AND c.start_char = f.start_char AND c.end_char = f.end_char)"
    )
    pointed_at = filter(told, facts(connection, words, at_checks))
    unsure = doubtful_facts(connection, words, below)
    documents: dict[str, sqlite3.Row] = {}
    for fact in [
        *sorted(pointed_at, key=lambda fact: fact.confidence),
        *(fact for fact in unsure if not told(fact)),
    ]:
        if fact.doc_id not in documents:
            documents[fact.doc_id] = _document(connection, fact.doc_id)
        document = documents[fact.doc_id]
        text = document["text"]
        column, value = corrected_columns(fact)
        comment = [*told(fact), f"{fact.confidence:.2f}", sentence(text, fact.start, fact.end)]
        yield (
            "",
            fact.table,
            fact.id,
            document["source"],
            text[fact.start : fact.end],
            column or CHANGED.get(fact.table, ""),
            value,
            " | ".join([f"{fact.head} {fact.said}".strip(), *comment]),
        )


def _pairs(connection: sqlite3.Connection) -> Iterator[tuple[str, ...]]:
    """Pairs of entities that may be one, those most alike first."""
    found: list[tuple[float, str, Named, Named]] = []
    for entity_type, table in ENTITY_TABLES.items():
        if entity_type == "area":  # areas have codes
            continue
        query = f"SELECT {ENTITY_IDS[entity_type]} AS id, name FROM {table} ORDER BY 2, 1"
        blocks: dict[str, list[Named]] = defaultdict(list)
        for row in connection.execute(query).fetchall():
            blocks[fold(row["name"])[:BEGINNING]].append((row["name"], row["id"]))
        for names in blocks.values():
            if len(names) <= MOST:
                found += [(score, entity_type, *pair) for score, pair in _alike(names)]
    for score, entity_type, one, other in sorted(found, key=lambda row: (-row[0], row[1:])):
        comment = " | ".join(
            [f"{score:.0f}", *(_known_from(connection, pair) for pair in (one, other))]
        )
        yield "", entity_type, "", one[1], one[0], "", other[1], other[0], comment


def _known_from(connection: sqlite3.Connection, entity: Named) -> str:
    """The first announcement that names an entity."""
    query = (
        "SELECT source FROM resolutions JOIN documents USING (doc_id) WHERE entity_id = ? "
        "ORDER BY published IS NULL, published, source LIMIT 1"
    )
    return str(connection.execute(query, [entity[1]]).fetchone()[0])


def _alike(entities: Sequence[Named]) -> Iterator[tuple[float, tuple[Named, Named]]]:
    """Pairs of names that are nearly the same, of equal names each with the next only."""
    for (n, (one, _)), (m, (other, _)) in combinations(enumerate(entities), 2):
        if (one == other and m > n + 1) or _DIGITS.findall(one) != _DIGITS.findall(other):
            continue  # phases of a project differ
        score = max(
            fuzz.ratio(fold(one), fold(other)),
            fuzz.token_sort_ratio(fold(one), fold(other)),
        )
        if score >= ALIKE or fold(other).startswith(f"{fold(one)} "):
            yield score, (entities[n], entities[m])


def _write(path: Path, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows([_cell(cell) for cell in row] for row in rows)


def _cell(text: str) -> str:
    plain = " ".join(text.split())
    return guarded_text(plain)
