"""Lists of granted money: an introduction that ends in a colon, then a project on each line."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from pipeline.extract.finds import EntityFind
from pipeline.extract.layout import Block, Layout

_GRANTS = re.compile(r"(?<!\w)(?:\w*rahoit|\w*avustu|\w*myön|\w*tue|tuki|tukea|jaet|jakoi)", re.I)


class Item(NamedTuple):
    """A line ``text[start:end]`` of such a list, and the key of the one project on it."""

    start: int
    end: int
    project: str


def find_items(
    page: Layout, text: str, mentions: Sequence[tuple[EntityFind, str]]
) -> tuple[Item, ...]:
    """The lines of all such lists, each of two or more different projects."""
    found: list[Item] = []
    group: list[Item] = []
    granting = False
    for block in [*page.blocks, None]:
        item = _item(block, mentions) if block is not None and granting else None
        if item is not None:
            group.append(item)
            continue
        if len({one.project for one in group}) > 1:
            found += group
        group = []
        granting = (
            block is not None
            and text[block.end - 1] == ":"
            and _GRANTS.search(text, block.start, block.end) is not None
        )
    return tuple(found)


def _item(block: Block, mentions: Sequence[tuple[EntityFind, str]]) -> Item | None:
    inside = [(m, key) for m, key in mentions if block.start <= m.start < block.end]
    if block.kind == "furniture" or len({key for _, key in inside}) != 1:
        return None
    return Item(block.start, block.end, inside[0][1])
