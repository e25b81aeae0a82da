"""Why an entity is one: its announcements, the rule that joined each, the sentences that name it.

Reads the SQLite file of a finished run.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from pipeline.errors import OutputUnusable, PipelineError
from pipeline.tables.publish import current
from pipeline.tables.rules import RULES
from pipeline.tables.schema import ENTITY_IDS, ENTITY_TABLES

SHOWN = 3  # mentions shown of an announcement
_SENTENCE_END = re.compile(r"\n|(?<=[.!?…])\s+(?=[\"”'(–-]?\s?[A-ZÅÄÖŠŽ])")


def explain(outputs: Path, entity_id: str) -> str:
    """The explanation of one entity as text, announcements in the order they were published.

    Raises ``OutputUnusable`` when ``outputs`` holds no run, and ``PipelineError`` when there is no
    such entity (naming the ids, when it is the name of some).
    """
    path = current(outputs) / "hankkeet.sqlite"
    if not path.is_file():
        raise OutputUnusable(f"{outputs} holds no tables. Run `hankepoimuri run` first.")
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        connection.row_factory = sqlite3.Row
        for entity_type, table in ENTITY_TABLES.items():
            query = f"SELECT name FROM {table} WHERE {ENTITY_IDS[entity_type]} = ?"
            if found := connection.execute(query, [entity_id]).fetchone():
                head = _head(connection, entity_type, entity_id, found["name"])
                return "\n".join([*head, *_announcements(connection, entity_type, entity_id)])
        raise PipelineError(_unknown(connection, entity_id))


def _head(
    connection: sqlite3.Connection, entity_type: str, entity_id: str, name: str
) -> Iterator[str]:
    yield f"{entity_type} {entity_id}: {name}"
    query = "SELECT name, kind FROM names WHERE entity_type = ? AND entity_id = ? ORDER BY name"
    names = connection.execute(query, [entity_type, entity_id]).fetchall()
    if len(names) > 1:
        yield "names: " + ", ".join(f"{row['name']} ({row['kind']})" for row in names)


def _announcements(
    connection: sqlite3.Connection, entity_type: str, entity_id: str
) -> Iterator[str]:
    query = (
        "SELECT r.*, d.source, d.published, d.text FROM resolutions r JOIN documents d "
        "USING (doc_id) WHERE r.entity_type = ? AND r.entity_id = ? "
        "ORDER BY d.published IS NULL, d.published, d.source, r.local_key"
    )
    for row in connection.execute(query, [entity_type, entity_id]).fetchall():
        yield ""
        day = f", published {row['published']}" if row["published"] else ""
        yield f"{row['source']} ({row['doc_id']}{day}) calls it {row['name']}"
        yield f"  {row['rule']}: {_reason(row)}"
        yield from _mentions(connection, entity_type, entity_id, row["doc_id"], row["text"])


def _reason(row: sqlite3.Row) -> str:
    reason = RULES[row["rule"]]
    if row["evidence"]:
        reason += f" [{row['evidence']}]"
    if row["announcements"] > 1:
        reason += f", in {row['announcements']} announcements"
    return reason


def _mentions(
    connection: sqlite3.Connection, entity_type: str, entity_id: str, doc_id: str, text: str
) -> Iterator[str]:
    query = (
        "SELECT start_char, end_char, rule, confidence FROM mentions "
        "WHERE entity_type = ? AND entity_id = ? AND doc_id = ? ORDER BY start_char, end_char"
    )
    found = connection.execute(query, [entity_type, entity_id, doc_id]).fetchall()
    for row in found[:SHOWN]:
        shown = sentence(text, row["start_char"], row["end_char"])
        yield f"  {row['start_char']}: {shown} ({row['rule']}, {row['confidence']:.2f})"
    if len(found) > SHOWN:
        yield f"  … and {len(found) - SHOWN} more mentions"


def sentence(text: str, start: int, end: int) -> str:
    """The sentence or line around ``text[start:end]``, with those words in square brackets."""
    ends = (match.end() for match in _SENTENCE_END.finditer(text, 0, start + 1))
    first = max((end for end in ends if end <= start), default=0)
    after = _SENTENCE_END.search(text, end)
    last = after.start() if after else len(text)
    return f"{text[first:start]}[{text[start:end]}]{text[end:last]}".strip()


def _unknown(connection: sqlite3.Connection, entity_id: str) -> str:
    query = "SELECT DISTINCT entity_type, entity_id FROM names WHERE name = ? COLLATE NOCASE"
    named = connection.execute(f"{query} ORDER BY 1, 2", [entity_id]).fetchall()
    if not named:
        return f"There is no entity {entity_id}. The ids are in the first column of each table."
    ids = ", ".join(f"{row['entity_id']} ({row['entity_type']})" for row in named)
    return f"{entity_id} is a name. Give one of its ids: {ids}."
