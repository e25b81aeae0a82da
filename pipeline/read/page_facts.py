"""Tables, definition lists and labelled fields to lines: "Rahoittaja: Törmälän kunta"."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from pipeline.read.page_tree import HtmlElement, classes_of

Lines = Callable[[HtmlElement], list[str]]
# The same for what is short, ``None`` for what is not: long cells are read once, when it is known
# what their table is.
ShortLines = Callable[[HtmlElement], list[str] | None]

_LONGEST_LABEL = 70  # characters
_LONGEST_VALUE = 90  # of one value among several on a line
_LAYOUT_LINES, _LAYOUT_TEXT = 8, 300  # a cell of more lines or characters lays out a page
_LABEL_CLASS = re.compile(
    r"(?:field|views|info|property|meta|facts?|data|detail|project|hanke)[\w-]*?[-_]+label"
)


class _Cell(NamedTuple):
    element: HtmlElement
    lines: list[str] | None
    is_head: bool


def labelled(label: str, values: list[str]) -> str:
    """One line for a label with its value or short values; long values on lines of their own."""
    label = label.strip().rstrip(":").rstrip()
    if not values or not label:
        return "\n".join(([label] if label else []) + values)
    short = all(len(value) <= _LONGEST_VALUE and value[-1] not in ".!?" for value in values)
    if len(values) == 1 or short:
        return f"{label}: {', '.join(value.rstrip(',;') for value in values)}"
    return "\n".join([f"{label}:", *values])


def definition_lines(element: HtmlElement, lines_of: Lines) -> list[str]:
    """Lines of a ``<dl>``, one for each term."""
    lines: list[str] = []
    label, values = "", list[str]()
    for part in _own(element, ("dt", "dd")):
        if part.tag == "dd":
            values += lines_of(part)
            continue
        if label or values:
            lines.append(labelled(label, values))
        label, values = " ".join(lines_of(part)), []
    if label or values:
        lines.append(labelled(label, values))
    return [line for line in lines if line]


def table_lines(
    table: HtmlElement, lines_of: Lines, short_lines_of: ShortLines
) -> list[str] | None:
    """Lines of a table of facts, one a row, or ``None`` when it only lays out a page."""
    rows = _rows(table, short_lines_of)
    if not rows:
        return []
    if _is_label_table(rows):
        return [line for row in rows for line in _label_row(row, lines_of)]
    if _is_layout(table, rows):
        return None
    return [_joined(row, lines_of) for row in rows]


def is_label(element: HtmlElement) -> bool:
    """Whether an element is a content system's label of a field: ``class="field__label"``."""
    return any(_LABEL_CLASS.fullmatch(name) for name in classes_of(element))


def _own(element: HtmlElement, tags: tuple[str, ...]) -> Iterator[HtmlElement]:
    """Elements of ``tags`` below ``element``, not within another one of its kind."""
    waiting = list(reversed(element))
    while waiting:
        part = waiting.pop()
        if part.tag in tags:
            yield part
        if part.tag != element.tag:
            waiting += reversed(part)


def _rows(table: HtmlElement, lines_of: ShortLines) -> list[list[_Cell]]:
    rows = []
    for row in _own(table, ("tr",)):
        cells = [
            _Cell(cell, lines_of(cell), cell.tag == "th")
            for cell in row
            if cell.tag in ("td", "th")
        ]
        filled = [cell for cell in cells if cell.lines is None or cell.lines]
        if filled:
            rows.append(filled)
    return rows


def _is_label_table(rows: list[list[_Cell]]) -> bool:
    """Whether most rows are a short label and its value, or several such pairs."""
    fitting = sum(1 for row in rows if _is_label_row(row))
    return fitting >= 0.6 * len(rows) and (len(rows) > 1 or rows[0][0].is_head)


def _is_label_row(row: list[_Cell]) -> bool:
    if len(row) % 2:
        return False
    labels, values = row[::2], row[1::2]
    several = len(row) > 2
    if several and any(cell.is_head for cell in values):
        return False
    for cell in labels:
        if cell.lines is None or len(cell.lines) > 2 or len(" ".join(cell.lines)) > _LONGEST_LABEL:
            return False
        if several and not (cell.is_head or cell.lines[0].endswith(":")):
            return False
    return True


def _label_row(row: list[_Cell], lines_of: Lines) -> list[str]:
    if _is_label_row(row):
        return [
            labelled(" ".join(lines_of(label.element)), lines_of(value.element))
            for label, value in zip(row[::2], row[1::2], strict=True)
        ]
    return [_joined(row, lines_of)]


def _joined(row: list[_Cell], lines_of: Lines) -> str:
    return " | ".join("; ".join(lines_of(cell.element)) for cell in row)


def _is_layout(table: HtmlElement, rows: list[list[_Cell]]) -> bool:
    if all(len(row) == 1 for row in rows) or any(_is_crowded(cell) for row in rows for cell in row):
        return True
    if next((inner for inner in table.iter("table") if inner is not table), None) is not None:
        return True
    return next(table.iter("h1", "h2", "article", "main"), None) is not None


def _is_crowded(cell: _Cell) -> bool:
    lines = cell.lines
    return lines is None or len(lines) > _LAYOUT_LINES or sum(map(len, lines)) > _LAYOUT_TEXT
