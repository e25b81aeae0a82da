"""Rows of a table that name a project each, and which of them a sentence elsewhere speaks of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from pipeline.extract.finds import EntityFind
from pipeline.extract.gazetteer import words_of
from pipeline.extract.layout import Block, Layout
from pipeline.extract.places import gazetteer

LABELLED = "label:project_name"
"""The rule of a project's name that a label or a column's heading gives."""


class Row(NamedTuple):
    """A line of a table, the key of the one project it names, and the places named in it."""

    start: int
    end: int
    project: str
    places: frozenset[str]


def find_rows(
    page: Layout, text: str, mentions: Sequence[tuple[EntityFind, str]]
) -> tuple[Row, ...]:
    """The rows with one project each, below a line of headings; none where only one has any."""
    found = []
    for block in page.blocks:
        if block.kind != "field" or not _below_headings(page, block):
            continue
        inside = {
            key for m, key in mentions if m.rule == LABELLED and block.start <= m.start < block.end
        }
        if len(inside) == 1:
            places = frozenset(places_in(text[block.start : block.end]))
            found.append(Row(block.start, block.end, inside.pop(), places))
    return tuple(found) if len({row.project for row in found}) > 1 else ()


def of_place(rows: Sequence[Row], words: str) -> str | None:
    """Key of the one row that a place of ``words`` is in: ``Raahessa`` for Raahen kaupunki."""
    said = set(places_in(words))
    meant = {row.project for row in rows if row.places & said}
    return meant.pop() if len(meant) == 1 else None


def places_in(text: str) -> list[str]:
    """Names of the municipalities that stand in ``text``, in any case."""
    words = words_of(text)
    return [
        hit.entry.item.name
        for at in range(len(words))
        if words[at].capital
        for hit in gazetteer().at(words, at)[:1]
        if hit.entry.item.type == "municipality"
    ]


def _below_headings(page: Layout, block: Block) -> bool:
    """Several values side by side, their labels in a line above."""
    inside = [f for f in page.fields if block.start <= f.start < block.end]
    return len(inside) > 1 and all(f.label_start < block.start for f in inside)
