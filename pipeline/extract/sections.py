"""Cuts a page into sections, from heading to heading, where projects have headings of their own."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from pipeline.extract.finds import EntityFind
from pipeline.extract.layout import Block, Layout
from pipeline.extract.spans import Spans

OPENING = 4  # characters, a bullet or a number, behind which an item may begin with its name


def sections(page: Layout, text: str, named: Sequence[EntityFind]) -> list[tuple[int, int]]:
    """Spans from heading to heading.

    Of headings in a row the last one that names a project opens the section, else the first.
    A list item that begins with a project's name opens one too, up to the next item or the end of
    the list.
    ``named`` are the finds of projects.
    """
    cuts = [0]
    row: list[Block] = []
    listed = False  # are we in a list whose items are each about a project of its own?
    spans = Spans(named)
    for block in page.shown[1:]:
        titles = spans.beginning_in(block.start, block.end)
        if block.kind == "item" and any(m.start - block.start < OPENING for m in titles):
            cuts.append(block.start)
            row, listed = [], True
            continue
        if listed and block.kind != "item":
            cuts.append(block.start)
            listed = False
        if block.kind == "heading":
            row.append(block)
            continue
        if row and block.kind in {"paragraph", "field", "item", "label"}:
            own = [h for h in row if spans.beginning_in(h.start, h.end)]
            cuts.append((own[-1] if own else row[0]).start)
        row = []
    cuts.append(len(text) + 1)
    return [(low, high) for low, high in pairwise(cuts) if high > low]
