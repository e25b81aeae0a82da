"""What gold says of candidates: is a name one, is a pair a fact, or may it be either?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from pipeline.extract.budgets import BudgetFind
from pipeline.extract.finds import EntityFind
from pipeline.extract.named import Named
from pipeline.extract.projects.candidates import Candidate
from pipeline.extract.projects.coreference_signs import Called
from pipeline.extract.publication import PageDay
from pipeline.extract.relations import RelatedCandidates
from pipeline.extract.relations.decision import PROJECT_MONEY
from pipeline.extract.relations.pairs import Pair
from pipeline.records import Entity
from pipeline.scoring.gold import GoldBudget, GoldDocument, GoldEntity, Interval, folded
from pipeline.scoring.pairing import Pairing

Label = bool | None
"""Right, wrong, or ``None`` where gold calls it optional."""


Held = tuple[str | None, str, str | None]
"""A role's person, what it is, and the project or body that it is in."""


class PairLabels(msgspec.Struct, frozen=True):
    """For each kind the label of each pair, and how many facts gold wants."""

    right: Mapping[str, Sequence[Label]]
    wanted: Mapping[str, int]


def day_label(day: PageDay, gold: GoldDocument) -> Label:
    """Whether a day is that of the page's publication, or of its update."""
    return day.find.first == (gold.published if day.kind == "published" else gold.updated)


def name_labels(candidate: Candidate, gold: GoldDocument) -> tuple[Label, int | None]:
    """Whether a candidate is a name of gold, and the number of the entry that it names."""
    first = candidate.finds[0]
    return _named_in(gold.projects, {folded(first.name), folded(first.names[0].name)})


def body_labels(find: EntityFind, gold: GoldDocument) -> tuple[Label, int | None]:
    """Whether a mention names a body of gold, and the number of the entry that it names."""
    return _named_in(gold.organisations, {folded(name.name) for name in find.names})


def coreference_label(one: Called, two: Called, gold: GoldDocument) -> Label:
    """Whether two names are one entry's; ``None`` where gold does not know one of them."""
    entries = [
        {
            number
            for number, entry in enumerate(gold.projects)
            if folded(called.name) in {folded(name) for name in entry.names}
        }
        for called in (one, two)
    ]
    return bool(entries[0] & entries[1]) if all(entries) else None


def _named_in(entries: Sequence[GoldEntity], names: set[str]) -> tuple[Label, int | None]:
    optional: int | None = None
    for number, entry in enumerate(entries):
        if names & {folded(name) for name in entry.names}:
            if not entry.optional:
                return True, number
            optional = number
    return (None, optional) if optional is not None else (False, None)


def pair_labels(named: Named, candidates: RelatedCandidates, gold: GoldDocument) -> PairLabels:
    """Labels of all pairs; an entity of gold is the one that it shares a name with."""
    entities = named.entities.by_key.values()
    projects = _matched(gold.projects, (e for e in entities if e.type == "project"))
    bodies = _matched(gold.organisations, (e for e in entities if e.type == "organisation"))
    areas = _matched(gold.areas, (e for e in entities if e.type == "area"))
    right: dict[str, Sequence[Label]] = {}
    wanted: dict[str, int] = {}

    facts = [
        ((bodies(p.organisation), p.part, projects(p.project)), p.optional, p.project is None)
        for p in gold.participations
    ]
    keys = [(p.item, p.value, p.project) for p in candidates.pairs["participations"]]
    right["participations"] = _labelled(keys, [(key, opt) for key, opt, _ in facts])
    loose = {key[:2] for key, opt, nobody in facts if opt and nobody}
    right["participations"] = [
        None if label is False and key[:2] in loose else label
        for key, label in zip(keys, right["participations"], strict=True)
    ]
    wanted["participations"] = sum(not opt for _, opt, _ in facts)

    area_facts = [((areas(a.area), projects(a.project)), a.optional) for a in gold.project_areas]
    area_keys = [(p.item, p.project) for p in candidates.pairs["areas"]]
    right["areas"] = _labelled(area_keys, area_facts)
    wanted["areas"] = sum(not opt for _, opt in area_facts)

    link_facts = [
        ((projects(link.project), f"{link.relation} {projects(link.related)}"), link.optional)
        for link in gold.links
    ]
    link_keys = [(p.item, p.value) for p in candidates.pairs["links"]]
    right["links"] = _labelled(link_keys, link_facts)
    wanted["links"] = sum(not opt for _, opt in link_facts)

    people = _matched(gold.people, (e for e in entities if e.type == "person"))
    key = named.entities.key
    holders = [(key(find.person), folded(find.role)) for find in candidates.roles]
    held: Mapping[str, tuple[Sequence[Held], Sequence[str | None]]] = {
        "role_projects": (
            [(*holders[int(p.item)], p.project) for p in candidates.pairs["role_projects"]],
            [projects(role.project) for role in gold.roles],
        ),
        "role_bodies": (
            [(*holders[int(p.item)], p.value) for p in candidates.pairs["role_bodies"]],
            [bodies(role.organisation) for role in gold.roles],
        ),
    }
    for kind, (role_keys, places) in held.items():
        said = list(zip(gold.roles, places, strict=True))
        role_facts = [
            ((people(role.person), folded(form), place), role.optional)
            for role, place in said
            for form in role.role
        ]
        right[kind] = _role_labels(role_keys, role_facts)
        wanted[kind] = sum(place is not None and not role.optional for role, place in said)

    right["dates"], wanted["dates"] = _date_labels(candidates, gold, projects)
    right["budgets"], right["owners"] = _money_labels(candidates, gold, projects)
    sums = sum(not b.optional for b in gold.budgets if b.kind in PROJECT_MONEY)
    wanted["budgets"] = wanted["owners"] = sums
    return PairLabels(right, wanted)


class _Matched:
    """The key of the entity that a name of gold means, a mark where there is none."""

    def __init__(self, gold: Sequence[GoldEntity], entities: Iterable[Entity]) -> None:
        names = {
            e.key: frozenset(folded(n) for n in (e.name, *(name.name for name in e.names)))
            for e in entities
        }
        self._gold = gold
        self.by_index = Pairing(gold, names).by_index

    def __call__(self, name: str | None) -> str | None:
        if name is None:
            return None
        wanted = folded(name)
        for index, entry in enumerate(self._gold):
            if entry.has_name(wanted):
                return self.by_index.get(index, "(missed)")
        return "(unlisted)"


_matched = _Matched


def _labelled(keys: Sequence[object], facts: Sequence[tuple[object, bool]]) -> list[Label]:
    required = {key for key, optional in facts if not optional}
    optional = {key for key, optional in facts if optional}
    return [True if k in required else None if k in optional else False for k in keys]


def _role_labels(keys: Sequence[Held], facts: Sequence[tuple[Held, bool]]) -> list[Label]:
    """Labels of where roles are held; of a role that gold doesn't require nothing is said."""
    required = {key[:2] for key, optional in facts if not optional}
    return [
        None if label is False and key[:2] not in required else label
        for key, label in zip(keys, _labelled(keys, facts), strict=True)
    ]


def _date_labels(
    candidates: RelatedCandidates, gold: GoldDocument, projects: _Matched
) -> tuple[list[Label], int]:
    spans: dict[tuple[str | None, str], tuple[Interval, bool]] = {}
    wanted = 0
    loose = set()
    for index, entry in enumerate(gold.projects):
        key = projects.by_index.get(index)
        if entry.optional and key is not None:
            loose.add(key)
        for side, interval, optional in (
            ("start", entry.start, entry.start_optional),
            ("end", entry.end, entry.end_optional),
        ):
            if interval is not None:
                is_optional = entry.optional or optional
                wanted += not is_optional
                if key is not None:
                    spans[key, side] = (interval, is_optional)
    labels: list[Label] = []
    for pair, day in zip(candidates.pairs["dates"], candidates.days, strict=True):
        told = spans.get((pair.project, pair.value))
        if pair.project in loose:
            labels.append(None)
        elif told is None or not told[0][0] <= day.day <= told[0][1]:
            labels.append(False)
        else:
            labels.append(None if told[1] else True)
    return labels, wanted


def _money_labels(
    candidates: RelatedCandidates, gold: GoldDocument, projects: _Matched
) -> tuple[list[Label], list[Label]]:
    """Labels of what sums are, and of whose they are."""
    finds = {find.start: find for find in candidates.budgets}

    def label(pair: Pair, facts: Iterable[GoldBudget]) -> Label:
        find = finds.get(pair.start)
        told = [fact.optional for fact in facts if find is not None and _same_sum(find, fact)]
        return False if not told else None if all(told) else True

    of_kind: defaultdict[str, list[GoldBudget]] = defaultdict(list)
    of_project: defaultdict[str | None, list[GoldBudget]] = defaultdict(list)
    for fact in gold.budgets:
        of_kind[fact.kind].append(fact)
        of_project[projects(fact.project)].append(fact)
    return (
        [label(pair, of_kind[pair.value]) for pair in candidates.pairs["budgets"]],
        [label(pair, of_project[pair.project]) for pair in candidates.pairs["owners"]],
    )


def _same_sum(find: BudgetFind, fact: GoldBudget) -> bool:
    if fact.kind == "share":
        return find.share_pct is not None and abs(find.share_pct - (fact.share_pct or -1)) < 0.01
    return find.amount is not None and abs(find.amount - (fact.amount or -1)) < 0.5
