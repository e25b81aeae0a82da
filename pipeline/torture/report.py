"""The torture's figures as one table, and as the page ``docs/reliability.md``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

HEAD = """\
# What it withstands

Made by `make torture`{what}. Each part has a share of the time, so that a slower machine tries
less, not longer. Random cases are drawn from `SEED=…`; what they find becomes a case in
`tests/cases/torture.toml` and stays mended.
"""


class Row(NamedTuple):
    """A line of the table: what was tried, how much of it, what came out, whether that is well."""

    what: str
    tried: str
    found: str
    well: bool


def table(rows: Iterable[Row]) -> str:
    """The rows as a table in Markdown, which reads well on a terminal too."""
    cells = [("what", "tried", "found", ""), *((r.what, r.tried, r.found, _mark(r)) for r in rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    lines = [
        " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        for row in cells
    ]
    lines.insert(1, " | ".join("-" * max(3, width) for width in widths))
    return "\n".join(f"| {line} |" for line in lines)


def page(rows: Iterable[Row], faults: Iterable[str], what: str) -> str:
    """``docs/reliability.md``."""
    return "\n".join([HEAD.format(what=what), table(rows), *_faults(faults), ""])


def _faults(faults: Iterable[str]) -> Iterator[str]:
    listed = list(faults)
    if listed:
        yield "\nWhat is not well, for whoever mends it:\n"
        yield from (f"- {fault}" for fault in listed)


def _mark(row: Row) -> str:
    return "ok" if row.well else "NOT"
