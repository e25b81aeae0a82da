"""Picks the facts of an announcement out of weighed candidates: a consistent set, kind by kind."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from typing import TypeVar

import msgspec

from pipeline.evidence import Evidence
from pipeline.extract.budgets import BudgetFind
from pipeline.extract.links import LinkFind
from pipeline.extract.project_dates import ProjectDateFind
from pipeline.extract.relations.candidates import RelatedCandidates
from pipeline.extract.relations.dates import Base, Day
from pipeline.extract.relations.pairs import Pair
from pipeline.extract.roles import RoleFind
from pipeline.records import Participation, ProjectArea

BESIDE = 16  # characters between two days that stand side by side: " ja päättyy "
PROJECT_DATES = frozenset({"project_start", "project_end", "project_period"})
PROJECT_MONEY = frozenset({"total", "grant", "own", "share"})

Group = TypeVar("Group", bound=Hashable)
Weighed = list[tuple[Pair, float]]
"""Pairs with their probabilities."""
Ends = dict[tuple[str | None, str], tuple[int, float]]
"""Of a project and a side the number of its day and how likely it is."""


class Decided(msgspec.Struct, frozen=True, kw_only=True):
    """The facts that tie an announcement's entities to its projects."""

    participations: tuple[Participation, ...]
    dates: tuple[ProjectDateFind, ...]
    budgets: tuple[BudgetFind, ...]
    areas: tuple[ProjectArea, ...]
    links: tuple[LinkFind, ...]
    roles: tuple[RoleFind, ...]


def decided(candidates: RelatedCandidates, evidence: Evidence) -> Decided:
    """The facts that ``evidence`` accepts; a confidence is the pair's calibrated probability."""

    def weighed(kind: str) -> Weighed:
        pairs = candidates.pairs[kind]
        sure = evidence.model(kind).probabilities([pair.signs for pair in pairs])
        return list(zip(pairs, sure, strict=True))

    def least(kind: str) -> float:
        return evidence.model(kind).least

    def best_pairs(kind: str) -> dict[str, tuple[Pair, float]]:
        """Of each item its likeliest pair."""
        told = weighed(kind)
        chosen = best_of(told, least(kind), lambda pair: pair.item)
        return {item: told[number] for item, (number, _) in chosen.items()}

    return Decided(
        participations=tuple(
            Participation(
                start=pair.start,
                end=pair.end,
                rule=pair.rule,
                confidence=round(sure, 3),
                project=pair.project,
                organisation=pair.item,
                part=pair.value,  # type: ignore[arg-type]
            )
            for pair, sure in accepted_parts(weighed("participations"), least("participations"))
        ),
        dates=tuple(_dates(candidates, weighed("dates"), least("dates"))),
        budgets=tuple(
            _budgets(candidates, weighed("budgets"), least("budgets"), weighed("owners"))
        ),
        areas=tuple(
            ProjectArea(
                start=pair.start,
                end=pair.end,
                rule=pair.rule,
                confidence=round(sure, 3),
                project=pair.project or "",
                area=pair.item,
            )
            for pair, sure in weighed("areas")
            if sure >= least("areas")
        ),
        links=tuple(_links(weighed("links"), least("links"))),
        roles=tuple(
            _roles(
                candidates.roles,
                best_pairs("role_projects"),
                best_pairs("role_bodies"),
            )
        ),
    )


def accepted_parts(weighed: Weighed, least: float) -> Weighed:
    """Parts from ``least`` on; one with a project that the text names rules out one with none."""
    kept = [(pair, sure) for pair, sure in weighed if sure >= least]
    named = {(pair.item, pair.value) for pair, _ in kept if pair.project is not None}
    return [
        (pair, sure)
        for pair, sure in kept
        if pair.project is not None or (pair.item, pair.value) not in named
    ]


def best_of(
    weighed: Sequence[tuple[Pair, float]], least: float, group: Callable[[Pair], Group]
) -> dict[Group, tuple[int, float]]:
    """Of each group the number of its likeliest pair, from ``least`` on, and how likely it is."""
    best: dict[Group, tuple[int, float]] = {}
    for number, (pair, sure) in enumerate(weighed):
        key = group(pair)
        if sure >= least and (key not in best or sure > best[key][1]):
            best[key] = (number, sure)
    return best


def _dates(
    candidates: RelatedCandidates, weighed: Weighed, least: float
) -> Iterator[ProjectDateFind]:
    """One start and one end a project, in order; a find that gives both is its period."""
    ends = chosen_ends(weighed, candidates.days, least)
    chosen = _in_order(ends, [pair for pair, _ in weighed], candidates.days)
    sides: dict[tuple[int, str | None], dict[str, tuple[Pair, Day, float]]] = {}
    for number, sure in chosen.values():
        pair, day = weighed[number][0], candidates.days[number]
        sides.setdefault((pair.start, pair.project), {})[pair.value] = (pair, day, sure)
    taken = set()
    for (start, project), found in sides.items():
        taken.add(start)
        pair, day, sure = min(found.values(), key=lambda one: one[2])
        first = found["start"][1].day if "start" in found else None
        last = found["end"][1].day if "end" in found else None
        kind = "project_period" if first and last else "project_start" if first else "project_end"
        find = day.find
        yield ProjectDateFind(
            start=pair.start,
            end=pair.end,
            rule=pair.rule,
            confidence=round(sure, 3),
            kind=kind,  # type: ignore[arg-type]
            # A start or an end alone keeps both days that its wording can mean.
            first=first or (find.first if _one_point(day) else last),
            last=last or (find.last if _one_point(day) else None),
            precision=find.precision,
            project=project,
        )
    for find in candidates.dates:
        if find.start in taken:
            continue
        if find.kind in PROJECT_DATES:
            find = msgspec.structs.replace(find, kind="other", project=None)
        yield find


def chosen_ends(weighed: Weighed, days: Sequence[Day], least: float) -> Ends:
    """Of each project its likeliest start and end; a reckoned one only from what is chosen, too."""

    def best(allowed: Callable[[Pair, Base | None], bool]) -> Ends:
        kept = [
            (pair, sure if allowed(pair, day.base) else 0.0)
            for (pair, sure), day in zip(weighed, days, strict=True)
        ]
        return best_of(kept, least, lambda pair: (pair.project, pair.value))

    told = best(lambda pair, base: base is None)
    bases = {
        (project, (weighed[number][0].start, side, days[number].day))
        for (project, side), (number, _) in told.items()
    }
    return best(lambda pair, base: base is None or (pair.project, base) in bases)


def _in_order(chosen: Ends, pairs: Sequence[Pair], days: Sequence[Day]) -> Ends:
    """The chosen ends, of a project whose end would lie before its start the likelier alone.

    Two days side by side are what the text says: both stay, and a check points at them.
    """
    kept = dict(chosen)
    for (project, side), (number, sure) in chosen.items():
        end, end_sure = chosen.get((project, "end"), (number, sure))
        if side == "start" and days[end].day < days[number].day:
            if 0 <= pairs[end].start - pairs[number].end <= BESIDE:
                continue
            del kept[project, "start" if sure < end_sure else "end"]
    return kept


def _one_point(day: Day) -> bool:
    """Does a date mean one point of time, known to the month or season, and no stretch?"""
    return not getattr(day.find, "is_range", False) and day.find.last is not None


def _budgets(
    candidates: RelatedCandidates, weighed: Weighed, least: float, owners: Weighed
) -> Iterator[BudgetFind]:
    """One kind and the likeliest owner of a sum; what no kind is likely for is ``other``."""
    likeliest = best_of(owners, 0.0, lambda pair: pair.item).values()
    owner = {owners[number][0].start: owners[number][0].project for number, _ in likeliest}
    chosen = best_of(weighed, least, lambda pair: pair.item)
    kinds = {
        weighed[number][0].start: (weighed[number][0], sure) for number, sure in chosen.values()
    }
    for find in candidates.budgets:
        pair, sure = kinds.get(find.start, (None, 0.0))
        if pair is None:
            if find.amount is None or find.rule == "evidence":
                continue  # a percentage that is nobody's share; a sum on the page's furniture
            if find.kind in PROJECT_MONEY:
                find = msgspec.structs.replace(find, kind="other", project=None)
            yield find
            continue
        yield msgspec.structs.replace(
            find, kind=pair.value, confidence=round(sure, 3), project=owner.get(find.start)
        )


def _links(weighed: Weighed, least: float) -> Iterator[LinkFind]:
    """One relation between two projects, one way."""
    chosen = best_of(weighed, least, lambda pair: frozenset((pair.item, pair.project or pair.item)))
    for number, sure in chosen.values():
        pair = weighed[number][0]
        yield LinkFind(
            start=pair.start,
            end=pair.end,
            rule=pair.rule,
            confidence=round(sure, 3),
            project=pair.item,
            related=pair.project or "",
            relation=pair.value.split()[0],  # type: ignore[arg-type]
        )


def _roles(
    finds: Sequence[RoleFind],
    projects: Mapping[str, tuple[Pair, float]],
    bodies: Mapping[str, tuple[Pair, float]],
) -> Iterator[RoleFind]:
    """The roles with the project and the body of each; no surer than the least sure of them."""
    for number, find in enumerate(finds):
        project, body = projects.get(str(number)), bodies.get(str(number))
        sure = [chance for _, chance in filter(None, (project, body))]
        yield msgspec.structs.replace(
            find,
            project=project[0].project if project else None,
            organisation=body[0].value if body else None,
            confidence=round(min([find.confidence, *sure]), 3),
        )


__all__ = ["Decided", "accepted_parts", "best_of", "chosen_ends", "decided"]
