"""What comparison says of one fact: found, made up, missed, or neither here nor there."""

from __future__ import annotations

from typing import Literal

import msgspec

Verdict = Literal["hit", "extra", "missed", "optional"]

# The compared tables in the order they are reported.
TABLES = (
    "projects",
    "project_dates",
    "people",
    "roles",
    "organisations",
    "participations",
    "budgets",
    "areas",
    "project_areas",
    "project_links",
)


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """An output row as the comparison sees it: readable, and where and how it was read."""

    label: str
    start: int = 0
    end: int = 0
    rule: str = ""
    confidence: float | None = None


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """One verdict; ``found`` is ``None`` for a miss, ``wanted`` (names in gold) empty for an extra.

    ``sentence`` is the one it was found in, or where a wanted name stands; ``nearby`` are the rules
    that fired in that sentence.
    """

    table: str
    source: str
    verdict: Verdict
    label: str
    found: Found | None = None
    wanted: tuple[str, ...] = ()
    sentence: str = ""
    nearby: tuple[str, ...] = ()


class Tally(msgspec.Struct, frozen=True):
    """Counts of one table, and the three ratios they make."""

    tp: int
    fp: int
    fn: int

    @property
    def precision(self) -> float:
        """Share of the found that is right; of nothing found, all, unless something was missed."""
        found = self.tp + self.fp
        return self.tp / found if found else float(not self.fn)

    @property
    def recall(self) -> float:
        """Share of the wanted that was found."""
        wanted = self.tp + self.fn
        return self.tp / wanted if wanted else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


def tallies(outcomes: list[Outcome]) -> dict[str, Tally]:
    """Counts per table, every table present."""
    counts = {table: {"hit": 0, "extra": 0, "missed": 0, "optional": 0} for table in TABLES}
    for outcome in outcomes:
        counts[outcome.table][outcome.verdict] += 1
    return {table: Tally(n["hit"], n["extra"], n["missed"]) for table, n in counts.items()}


def macro_f1(tables: dict[str, Tally]) -> float:
    """Mean of the tables' F1."""
    return sum(tally.f1 for tally in tables.values()) / len(tables)
