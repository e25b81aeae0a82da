"""How far two annotations of the same announcements agree: F1 by table, one against the other.

What one annotator requires counts as agreed where the other has it too, required or optional. An
entity is the same where the two share a name; a fact where its entities are and its values agree.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from pathlib import Path

import msgspec

from pipeline.scoring.gold import NOT_SCORED_MONEY, GoldDocument, GoldEntity, folded, load_gold
from pipeline.scoring.outputs import source_name

ENTITIES = ("projects", "people", "organisations", "areas")


class Agreement(msgspec.Struct, frozen=True):
    """Of a table: facts required by either annotator, how many of them the other has, and requires.

    A fact that both require counts twice, once for each of them.
    """

    required: int
    shared: int
    required_by_both: int

    @property
    def f1(self) -> float:
        """Share of the facts that either requires and the other has too."""
        return self.shared / self.required if self.required else 1.0

    @property
    def strict(self) -> float:
        """Share of the facts that either requires and the other requires too."""
        return self.required_by_both / self.required if self.required else 1.0


def agreement(one: Path, two: Path) -> dict[str, Agreement]:
    """Agreement by table on the announcements that both folders annotate.

    Raises ``OutputUnusable`` where a folder holds no gold.
    """
    others = {_stem(g): g for g in load_gold(two)}
    pairs = [(g, others[_stem(g)]) for g in load_gold(one) if _stem(g) in others]
    found: dict[str, list[int]] = {}
    for first, second in pairs:
        told = _told(first, second), _told(second, first)
        names = _Names(first, second)
        for table in told[0]:
            mine = [(names.of(0, key), optional) for key, optional in told[0][table]]
            theirs = [(names.of(1, key), optional) for key, optional in told[1][table]]
            tally = found.setdefault(table, [0, 0, 0])
            for here, there in ((mine, theirs), (theirs, mine)):
                known = {key for key, _ in there}
                wanted = {key for key, optional in here if not optional}
                tally[0] += len(wanted)
                tally[1] += len(wanted & known)
                tally[2] += len(wanted & {key for key, optional in there if not optional})
    return {table: Agreement(*tally) for table, tally in found.items()}


def _stem(document: GoldDocument) -> str:
    return source_name(document.source).split(".", 1)[0]


class _Names:
    """Gives an entity of either annotation one number, where both have it."""

    def __init__(self, one: GoldDocument, two: GoldDocument) -> None:
        self._numbers: tuple[dict[tuple[str, str], Hashable], ...] = ({}, {})
        for table in ENTITIES:
            first, second = getattr(one, table), getattr(two, table)
            taken: set[int] = set()
            for number, entry in enumerate(first):
                mate = _same(entry, second, taken)
                self._add(0, table, entry, (table, number))
                if mate is not None:
                    taken.add(mate)
                    self._add(1, table, second[mate], (table, number))
            for number, entry in enumerate(second):
                if number not in taken:
                    self._add(1, table, entry, (table, "two", number))

    def _add(self, side: int, table: str, entry: GoldEntity, number: Hashable) -> None:
        for name in entry.names:
            self._numbers[side].setdefault((table, folded(name)), number)

    def of(self, side: int, key: Sequence[Hashable]) -> Hashable:
        """A fact's key with numbers in the place of its entities' names."""
        numbers = self._numbers[side]
        return tuple(numbers.get(part, part) if isinstance(part, tuple) else part for part in key)


def _same(entry: GoldEntity, others: Sequence[GoldEntity], taken: set[int]) -> int | None:
    names = {folded(name) for name in entry.names}
    fit = [
        (max(map(len, shared)), -number)
        for number, other in enumerate(others)
        if number not in taken and (shared := names & {folded(name) for name in other.names})
    ]
    return -max(fit)[1] if fit else None


def _told(
    document: GoldDocument, other: GoldDocument
) -> Mapping[str, list[tuple[tuple[Hashable, ...], bool]]]:
    """The facts of a document by table; dates count where the other's interval overlaps them."""

    def name(table: str, text: str | None) -> Hashable:
        return None if text is None else (table, folded(text))

    dates: list[tuple[tuple[Hashable, ...], bool]] = []
    for entry in document.projects:
        for side in ("start", "end"):
            interval = getattr(entry, side)
            if interval is not None:
                optional = entry.optional or getattr(entry, f"{side}_optional")
                dates.append(
                    (
                        (name("projects", entry.names[0]), side, _agreed(entry, side, other)),
                        optional,
                    )
                )
    told: dict[str, list[tuple[tuple[Hashable, ...], bool]]] = {
        table: [((name(table, e.names[0]),), e.optional) for e in getattr(document, table)]
        for table in ENTITIES
    }
    told["project_dates"] = dates
    told["roles"] = [
        ((name("people", r.person), _role(r.role)), r.optional) for r in document.roles
    ]
    told["participations"] = [
        ((name("projects", p.project), name("organisations", p.organisation), p.part), p.optional)
        for p in document.participations
    ]
    told["budgets"] = [
        ((b.kind, b.amount if b.kind != "share" else b.share_pct), b.optional)
        for b in document.budgets
        if b.kind not in NOT_SCORED_MONEY
    ]
    told["project_areas"] = [
        ((name("projects", a.project), name("areas", a.area)), a.optional)
        for a in document.project_areas
    ]
    told["project_links"] = [
        (
            (name("projects", link.project), name("projects", link.related), link.relation),
            link.optional,
        )
        for link in document.links
    ]
    return told


def _role(forms: Iterable[str]) -> str:
    """A role's forms by their shortest common word: what two annotators word alike."""
    return min((folded(form).split()[-1] for form in forms), key=len)


def _agreed(entry: GoldEntity, side: str, other: GoldDocument) -> str:
    """A mark that two intervals share when they overlap: the later of their first days."""
    mine = getattr(entry, side)
    names = {folded(name) for name in entry.names}
    for theirs in other.projects:
        interval = getattr(theirs, side)
        if interval is not None and names & {folded(name) for name in theirs.names}:
            low, high = max(mine[0], interval[0]), min(mine[1], interval[1])
            if low <= high:
                return f"{low}"
    return f"{mine[0]}…{mine[1]}"
