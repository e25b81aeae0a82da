"""Why an entity is one, and why a fact holds: ``explain`` says it as text or as JSON.

``entity.py`` reads the finished run; ``fact.py`` finds a fact there, ``reading.py`` reads its
announcement again for ``candidates.py`` (it alone knows the readers), ``decision.py`` compares
them, ``words.py`` says their signs in words, ``text.py`` sets all that for a terminal.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from pipeline.errors import OutputUnusable
from pipeline.explanation.entity import EntityTold, entity_told
from pipeline.explanation.fact import FactTold, Fresh, asked, fact_told
from pipeline.explanation.text import as_text
from pipeline.tables.publish import current
from pipeline.tables.sqlite import DATABASE

__all__ = ["EntityTold", "FactTold", "as_text", "explain"]

Told = EntityTold | list[FactTold]


def explain(outputs: Path, said: str, fresh: Callable[[], Fresh] | None = None) -> Told:
    """The explanation of what ``said`` names: an entity's id or name, or a fact's id.

    Facts without an id of their own are named by the ids that they tie: ``p-…/a-…`` (the areas of
    projects), ``p-…/p-…`` (links); one told by several announcements gives several explanations.
    ``fresh`` gives what announcements are read again with, by default the shipped models.

    Raises ``OutputUnusable`` when ``outputs`` holds no run, and ``PipelineError`` when there is
    nothing of that id or name, or several entities of that name.
    """
    path = current(outputs) / DATABASE
    if not path.is_file():
        raise OutputUnusable(f"{outputs} holds no tables. Run `hankepoimuri run` first.")
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        connection.row_factory = sqlite3.Row
        if facts := asked(connection, said):
            reader = fresh() if fresh else _fresh()
            return [fact_told(connection, fact, reader) for fact in facts]
        return entity_told(connection, said)


def _fresh() -> Fresh:
    from pipeline.explanation.reading import Reader  # spaCy and the models behind it take a while

    return Reader()
