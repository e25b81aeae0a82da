"""What the page of one announcement shows, and that of one project."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Collection
from typing import Any

from pipeline.ask.evidence import bounds
from pipeline.report.facts import QUERIES, Fact, facts, project_facts
from pipeline.report.marks import Span, anchor, marked
from pipeline.report.words import Words

# What is named in an announcement.
NAMES = """
SELECT m.doc_id, m.entity_type, m.entity_id, m.start_char, m.end_char, m.text,
       coalesce(n.name, m.lemma, m.text) AS name
FROM mentions AS m LEFT JOIN entity_names AS n ON n.id = m.entity_id"""


def announcement_page(connection: sqlite3.Connection, words: Words, doc_id: str) -> dict[str, Any]:
    """The announcement, its text with marks, and its facts by table, each leading to its mark."""
    document = connection.execute("SELECT * FROM documents WHERE doc_id = ?", [doc_id]).fetchone()
    text = document["text"] or ""
    found = list(facts(connection, words, "f.doc_id = ?", [doc_id]))
    for number, one in enumerate(found, start=1):
        one.anchor = f"f{number}"
    mentions = connection.execute(
        f"{NAMES} WHERE m.doc_id = ? ORDER BY m.start_char, m.end_char", [doc_id]
    ).fetchall()
    entities: dict[tuple[str, str], dict[str, Any]] = {}
    spans = []
    for row in mentions:
        key = (row["entity_type"], row["entity_id"] or row["name"])
        entity = entities.setdefault(
            key,
            {
                "name": row["name"],
                "kind": row["entity_type"],
                "id": row["entity_id"],
                "anchor": f"n{len(entities) + 1}",
                "places": [],
            },
        )
        entity["places"].append((row["start_char"], row["end_char"]))
        spans.append(Span(row["start_char"], row["end_char"], row["entity_type"], entity["anchor"]))
    # Facts come first: a date's or an amount's own kind colours its words.
    own = [Span(one.start, one.end, one.kind, one.anchor) for one in found]
    parts, targets = marked(text, [*_coloured(own), *spans, *_plain(own)])
    for one in found:
        one.mark = targets[one.start, one.end]
    for entity in entities.values():
        entity["marks"] = list(dict.fromkeys(targets[place] for place in entity["places"]))
    groups = [(table, [one for one in found if one.table == table]) for table in QUERIES]
    return {
        "document": document,
        "parts": parts,
        "groups": [(table, group) for table, group in groups if group],
        "entities": sorted(entities.values(), key=lambda e: (_ORDER.index(e["kind"]), e["name"])),
    }


_ORDER = ("project", "person", "organisation", "area")


def _coloured(spans: list[Span]) -> list[Span]:
    return [span for span in spans if span.kind in ("date", "money", "identifier")]


def _plain(spans: list[Span]) -> list[Span]:
    return [span for span in spans if span.kind not in ("date", "money", "identifier")]


def project_page(
    connection: sqlite3.Connection, words: Words, overview: sqlite3.Row, paged: Collection[str]
) -> dict[str, Any]:
    """A project at a glance, and each of its facts in its sentence."""
    project_id = overview["project_id"]
    found = list(project_facts(connection, words, project_id))
    texts: dict[str, str] = {}
    sentences: dict[int, tuple[str, str, str]] = {}
    for one in found:
        if one.doc_id not in texts:
            row = connection.execute("SELECT text FROM documents WHERE doc_id = ?", [one.doc_id])
            texts[one.doc_id] = row.fetchone()["text"] or ""
        text = texts[one.doc_id]
        first, last = bounds(text, one.start, one.end)
        one.mark = anchor(one.start, one.end)
        sentences[id(one)] = (
            text[first : one.start].lstrip(),
            text[one.start : one.end],
            text[one.end : last].rstrip(),
        )
    announcements = connection.execute(
        "SELECT doc_id, min(start_char) AS start_char, min(end_char) AS end_char, count(*) AS n "
        "FROM mentions WHERE entity_type = 'project' AND entity_id = ? GROUP BY doc_id",
        [project_id],
    ).fetchall()
    checks = connection.execute(
        "SELECT * FROM checks WHERE entity_id = ? ORDER BY severity, start_char", [project_id]
    ).fetchall()
    groups: dict[str, list[tuple[Fact, tuple[str, str, str]]]] = defaultdict(list)
    for one in found:
        groups[one.table].append((one, sentences[id(one)]))
    return {
        "project": overview,
        "groups": [(table, groups[table]) for table in QUERIES if groups[table]],
        "announcements": announcements,
        "checks": [(row, anchor(row["start_char"], row["end_char"])) for row in checks],
    }
