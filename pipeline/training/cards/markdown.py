"""Tables and numbers as the cards write them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table.

    >>> print(table(["a", "b"], [["1", "2"]]))
    | a | b |
    |---|---|
    | 1 | 2 |
    """
    lines = [header, *rows]
    written = [f"| {' | '.join(cells)} |" for cells in lines]
    return "\n".join([written[0], "|" + "---|" * len(header), *written[1:]])


def whole(number: float) -> str:
    """A whole number, thousands apart: ``14 500``."""
    return f"{number:,.0f}".replace(",", " ")


def speed(words: float | None) -> str:
    """Words a second to the hundred, which is what timing is good for; – where unknown."""
    return "–" if words is None else whole(round(words, -2))


def share(value: float | None) -> str:
    """A ratio of 0 to 1 with three decimals; – where there is none."""
    return "–" if value is None else f"{value:.3f}"


def shares(values: Iterable[float | None]) -> str:
    """Several ratios in one cell: ``0.796 / 0.801``."""
    return " / ".join(map(share, values))
