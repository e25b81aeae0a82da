"""The torture's figures as one table, and as the page ``docs/reliability.md``.

The page has two parts, each written by a command of its own: `make torture` and `make mutate`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

NOTICED = "## Changes of the code that the tests notice"
HEAD = """\
# What it withstands

Made by `make torture`{what}. Each part has a share of the time, so that a slower machine tries
less, not longer. Random cases are drawn from `SEED=…`; what they find becomes a case in
`tests/cases/torture.toml` and stays mended.
"""


NOTICED_HEAD = """\
Made by `make mutate`: constants (one more, half, twice), comparisons, signs and Boolean operators
changed one at a time, drawn at random from all there are, but for those that change no result
(`tests/cases/same_result.toml`).

| part | noticed | share | changes in all |
| --- | --- | --- | --- |
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


def page(rows: Iterable[Row], faults: Iterable[str], what: str, before: str = "") -> str:
    """``docs/reliability.md``; of the page ``before``, the other command's part stays."""
    made = "\n".join([HEAD.format(what=what), table(rows), *_faults(faults), ""])
    _, heading, rest = before.partition(NOTICED)
    return f"{made}\n{heading}{rest}" if heading else made


def with_noticed(before: str, shares: Iterable[tuple[str, int, int, int]]) -> str:
    """The page with shares of noticed changes: part, noticed, of how many tried, of all there are.

    Parts that are not among them keep their line.
    """
    made, _, rest = before.partition(NOTICED)
    lines = dict(re.findall(r"^\| ([a-z]+) +(\|.*)$", rest, re.MULTILINE))
    lines.pop("part", None)
    for part, noticed, tried, count in shares:
        lines[part] = f"| {noticed} of {tried} | {noticed / max(tried, 1):.0%} | {count} |"
    rows = "\n".join(f"| {part} {line}" for part, line in sorted(lines.items()))
    return f"{made.rstrip()}\n\n{NOTICED}\n\n{NOTICED_HEAD}{rows}\n"


def _faults(faults: Iterable[str]) -> Iterator[str]:
    listed = list(faults)
    if listed:
        yield "\nWhat is not well, for whoever mends it:\n"
        yield from (f"- {fault}" for fault in listed)


def _mark(row: Row) -> str:
    return "ok" if row.well else "NOT"
