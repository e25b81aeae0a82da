"""White space inside and around lines: one space between words, except between columns."""

from __future__ import annotations

import re

from pipeline.repair.changes import Change, substitute

_GAP = re.compile(r"[ \t]{2,}|\t")
_EDGE = re.compile(r"^[ \t]+|[ \t]+$", re.MULTILINE)
_COLUMN_WIDTH = 45  # characters; a longer cell is prose


def spaces(text: str) -> list[Change]:
    """Trim lines and collapse runs of spaces; runs that keep columns apart stay.

    "Haku   Valikko   FI | EN" stays as it is: later stages tell a menu or a table by its gaps.
    """
    if "  " not in text and "\t" not in text and not _EDGE.search(text):
        return []
    changes = []
    start = 0
    for line in text.split("\n"):
        changes += [
            Change(start + change.start, start + change.end, change.after)
            for change in _line_changes(line)
        ]
        start += len(line) + 1
    return changes


def _line_changes(line: str) -> list[Change]:
    edges = substitute(_EDGE, lambda match: "", line)
    begin = edges[0].end if edges and edges[0].start == 0 else 0
    end = edges[-1].start if edges and edges[-1].end == len(line) else len(line)
    if begin >= end or _is_columned(line[begin:end]):
        return edges
    gaps = [Change(match.start(), match.end(), " ") for match in _GAP.finditer(line, begin, end)]
    return sorted(edges + gaps)


def _is_columned(line: str) -> bool:
    """Whether the gaps of a line part short cells, each beginning like a label or a value."""
    gaps = _GAP.findall(line)
    wide = any("\t" in gap or len(gap) > 2 for gap in gaps)
    if not gaps or not (wide or len(gaps) > 1):
        return False
    cells = _GAP.split(line)
    return all(
        len(cell) <= _COLUMN_WIDTH and not cell[0].islower() and (last or cell[-1] not in ".!?,;")
        for cell, last in zip(cells, [False] * (len(cells) - 1) + [True], strict=True)
    )
