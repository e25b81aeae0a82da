"""Precision, recall and F1 of labelled spans."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

Span = tuple[int, int, str]


def spans_of(labels: Sequence[str]) -> set[Span]:
    """The spans (first, after, type) of IOB2 labels; an ``I-`` without its ``B-`` opens one."""
    spans: set[Span] = set()
    first, kind = 0, ""
    for index, label in enumerate([*labels, "O"]):
        mark, _, named = label.partition("-")
        if kind and (mark != "I" or named != kind):
            spans.add((first, index, kind))
            kind = ""
        if mark == "B" or (mark == "I" and not kind):
            first, kind = index, named
    return spans


@dataclass
class Tally:
    """Right, found and wanted spans, by type."""

    right: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    wanted: Counter[str] = field(default_factory=Counter)

    def add(self, found: Iterable[Span], wanted: Iterable[Span]) -> None:
        """Count one sentence."""
        found, wanted = set(found), set(wanted)
        self.found.update(kind for *_, kind in found)
        self.wanted.update(kind for *_, kind in wanted)
        self.right.update(kind for *_, kind in found & wanted)

    def scores(self, kinds: Iterable[str] | None = None) -> tuple[float, float, float]:
        """Precision, recall and F1 over some types, by default all; 0 where nothing is found."""
        chosen = set(self.wanted | self.found) if kinds is None else set(kinds)
        right, found, wanted = (
            sum(count[kind] for kind in chosen) for count in (self.right, self.found, self.wanted)
        )
        precision, recall = right / found if found else 0.0, right / wanted if wanted else 0.0
        total = precision + recall
        return precision, recall, 2 * precision * recall / total if total else 0.0
