"""Why an entity is one: its announcements, the rule that joined each, the sentences that name it.

Reads the SQLite file of a finished run.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing
from difflib import get_close_matches
from pathlib import Path

from pipeline.ask.evidence import sentence
from pipeline.errors import OutputUnusable, PipelineError
from pipeline.tables.publish import current
from pipeline.tables.rules import RULES
from pipeline.tables.schema import ENTITY_IDS, ENTITY_TABLES

SHOWN = 3  # mentions shown of an announcement
NEAR = 5  # other names offered where none is the one that was said


def explain(outputs: Path, entity: str) -> str:
    """The explanation of one entity as text, announcements in the order they were published.

    ``entity`` is an id, or a name in any letter case. Raises ``OutputUnusable`` when ``outputs``
    holds no run, and ``PipelineError`` when there is no such entity, or several of that name.
    """
    path = current(outputs) / "hankkeet.sqlite"
    if not path.is_file():
        raise OutputUnusable(f"{outputs} holds no tables. Run `hankepoimuri run` first.")
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        connection.row_factory = sqlite3.Row
        entity_id = _id_of(connection, entity)
        for entity_type, table in ENTITY_TABLES.items():
            query = f"SELECT name FROM {table} WHERE {ENTITY_IDS[entity_type]} = ?"
            if found := connection.execute(query, [entity_id]).fetchone():
                head = _head(connection, entity_type, entity_id, found["name"])
                return "\n".join([*head, *_announcements(connection, entity_type, entity_id)])
    raise AssertionError(f"the names table has an id that no entity has: {entity_id}")


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


def _id_of(connection: sqlite3.Connection, said: str) -> str:
    """The id that was said, or that of the one entity so called. Raises ``PipelineError``."""
    if connection.execute("SELECT 1 FROM names WHERE entity_id = ?", [said]).fetchone():
        return said
    known: dict[str, list[tuple[str, str]]] = defaultdict(list)
    query = "SELECT DISTINCT name, entity_id, entity_type FROM names ORDER BY 3, 2"
    for name, entity_id, entity_type in connection.execute(query).fetchall():
        known[name.casefold()].append((entity_id, f"{entity_id} ({entity_type} {name})"))
    named = known.get(said.casefold(), [])
    if len(named) == 1:
        return named[0][0]
    if named:
        raise PipelineError(
            f"{said} is the name of several. Give one of their ids: "
            + ", ".join(told for _, told in named)
            + "."
        )
    near = [name for name in known if said.casefold() in name][:NEAR]
    near += get_close_matches(said.casefold(), known, n=NEAR, cutoff=0.7)
    told = [told for name in dict.fromkeys(near) for _, told in known[name]][:NEAR]
    hint = f" Perhaps: {', '.join(told)}." if told else " The ids are in the first columns."
    raise PipelineError(f"There is no entity {said}.{hint}")
