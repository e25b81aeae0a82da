"""White space inside and around lines: one space between words, except between columns."""

from __future__ import annotations

import re

from pipeline.repair.changes import Change

_GAP = re.compile(r"[ \t]{2,}|\t")
_ANYTHING = re.compile(r"  |\t|\n | \n")
_BLANKS = (" ", "\t")
_COLUMN_WIDTH = 45  # characters; a longer cell is prose


def spaces(text: str) -> list[Change]:
    """Trim lines and collapse runs of spaces; runs that keep columns apart stay.

    "Haku   Valikko   FI | EN" stays as it is: later stages tell a menu or a table by its gaps.
    """
    if not _ANYTHING.search(text) and text[:1] not in _BLANKS and text[-1:] not in _BLANKS:
        return []
    changes: list[Change] = []
    start = 0
    for line in text.split("\n"):
        changes += _line_changes(line, start)
        start += len(line) + 1
    return changes


def _line_changes(line: str, start: int) -> list[Change]:
    """Changes of a line whose first character stands at ``start`` of the text."""
    inner = line.strip(" \t")
    begin = len(line) - len(line.lstrip(" \t")) if inner else 0
    end = begin + len(inner)
    edges = [(0, begin), (end, len(line))]
    gaps = [] if not inner or _is_columned(inner) else list(_GAP.finditer(line, begin, end))
    changes = [Change(start + a, start + b, "") for a, b in edges if a < b]
    changes += [Change(start + gap.start(), start + gap.end(), " ") for gap in gaps]
    return sorted(changes)


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
