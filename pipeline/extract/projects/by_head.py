"""Names before a generic head: ``SILTA-hanke``, ``Torin tie -hanke``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from spacy.tokens import Doc

from pipeline.extract.doc_text import text_of
from pipeline.extract.finds import EntityFind
from pipeline.extract.layout import Block
from pipeline.extract.projects import bounds, names
from pipeline.extract.projects.names import OPEN, make_find
from pipeline.patterns import Pattern


@cache
def _headed() -> Pattern:
    """``… -hanke``, ``…-hanke``, ``… -niminen hanke``: a head after a hyphen."""
    return Pattern(
        rf"""
        (?P<quote> [{OPEN}] )?
        (?P<gap> \s+[–—-]\s? | [-–] )
        (?: nimi(?: nen | s\w{{1,6}} ) \s (?: \w+\s ){{0,2}} )?
        (?P<head> {names.head_forms()} )
        (?![\w-])
        """,
        re.VERBOSE,
    )


def from_heads(
    doc: Doc,
    blocks: Sequence[Block],
    organisations: Sequence[EntityFind],
) -> Iterator[EntityFind]:
    """``Torin tie -hanke`` and ``SILTA-hanke``, the beginning found by walking left."""
    text = text_of(doc)
    for block in blocks:
        for match in _headed().finditer(text, block.start, block.end):
            head = names.head_of(match["head"])
            if head is None or head.kind == "none" or match["quote"]:
                continue
            end = match.start("gap")
            if match["gap"] in {"-", "–"}:
                start = _compound_start(text, block.start, end)
                sure = 0.95
            else:
                bracket = text.rfind("(", block.start, end) if text[end - 1] == ")" else end
                core = len(text[:bracket].rstrip())
                found = bounds.begins(doc, block.start, core, organisations)
                if found is None or bracket < 0:
                    continue
                start, sure = found
            name = text[start:end]
            if match["gap"].strip() != match["gap"] and "-" not in match["gap"] and sure < 0.95:
                sure = 0.8  # "– hankkeen" may be a clause of its own
            find = make_find(text, start, match.end(), name, "name-before-head", sure, head.kind)
            if find:
                yield find


def _compound_start(text: str, floor: int, end: int) -> int:
    """Start of the compound that ends at ``end``; a number takes the word before it along."""
    start = end
    while start > floor and not text[start - 1].isspace() and text[start - 1] not in "(" + OPEN:
        start -= 1
    if text[start:end].isdigit():
        before = re.search(r"[A-ZÅÄÖ][\w-]*\s+$", text[floor:start])
        if before:
            start = floor + before.start()
    return start
