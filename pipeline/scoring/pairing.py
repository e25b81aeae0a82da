"""Output rows and gold entries of one announcement, and which entity is which."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.scoring.gold import GoldEntity, GoldEntry, folded
from pipeline.scoring.outcome import Found

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Candidate:
    """An output fact that may match: its values, and how to show it."""

    row: Row
    found: Found


@dataclass(frozen=True, slots=True)
class Wanted:
    """A gold fact: what a row must fulfil to be it."""

    fits: Callable[[Row], bool]
    entry: GoldEntry
    label: str
    names: tuple[str, ...]
    optional: bool


@dataclass(frozen=True, slots=True)
class Announced:
    """The rows of one announcement; ``mentions`` by entity type and id, facts by table.

    ``names`` gives the folded names, ``shown`` the canonical one, of ``(entity_type, id)``.
    """

    mentions: Mapping[tuple[str, str], Sequence[Row]]
    facts: Mapping[str, Sequence[Row]]
    names: Mapping[tuple[str, str], frozenset[str]]
    shown: Mapping[tuple[str, str], str]


def found_in(row: Row, label: str) -> Found:
    """A row as an outcome shows it."""
    return Found(
        label=label,
        start=row["start_char"],
        end=row["end_char"],
        rule=row["rule"] or "",
        confidence=row["confidence"],
    )


def surest(rows: Sequence[Row]) -> Row:
    """The row of highest confidence, the first of equals."""
    return max(rows, key=lambda row: row["confidence"] or 0.0)


class Pairing:
    """Which output entity each gold entity of one kind was found as."""

    def __init__(self, gold: Sequence[GoldEntity], predicted: Mapping[str, frozenset[str]]) -> None:
        """Pair greedily by the longest shared name; ties go by the gold's order, then the id."""
        self.gold = gold
        candidates = [
            (-max(map(len, shared)), index, key)
            for index, entry in enumerate(gold)
            for key, names in predicted.items()
            if (shared := {folded(name) for name in entry.names} & names)
        ]
        self.by_index: dict[int, str] = {}
        for _, index, key in sorted(candidates):
            if index not in self.by_index and key not in self.by_index.values():
                self.by_index[index] = key
        self.extra = sorted(set(predicted) - set(self.by_index.values()))

    def id_of(self, name: str | None) -> str | None:
        """The output id of the gold entity of that name; ``None`` where it was not found."""
        if name is None:
            return None
        wanted = folded(name)
        for index, entry in enumerate(self.gold):
            if entry.has_name(wanted):
                return self.by_index.get(index)
        return None

    def is_at(self, name: str, key: object) -> bool:
        """Whether ``key`` is the output id of the gold entity of that name."""
        found = self.id_of(name)
        return found is not None and found == key
