"""Groups the finds of one announcement into its entities: which mentions name the same one.

Which names are one project's is weighed by evidence: ``projects/coreference.py``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from pipeline.extract.finds import EntityFind
from pipeline.extract.folding import fold
from pipeline.records import Entity, EntityType, Name

_KIND_ORDER = {"full": 0, "short": 1, "acronym": 2, "alias": 3}


class Group(msgspec.Struct, kw_only=True):
    """Finds that name one entity of the announcement."""

    key: str
    finds: list[EntityFind]


def group(finds: Iterable[EntityFind], kind: EntityType) -> list[Group]:
    """Groups of ``finds`` of one entity type, keyed ``<type>:<number>`` in text order."""
    groups: list[list[EntityFind]] = []
    known: defaultdict[str, dict[int, None]] = defaultdict(dict)  # numbers of groups by marks
    for find in sorted(finds, key=lambda f: (-len(f.name), f.start)):
        marks = _marks(find, kind)
        near = sorted({number for mark in marks for number in known[mark]})
        home = next((number for number in near if _same(find, groups[number], kind)), len(groups))
        if home == len(groups):
            groups.append([])
        groups[home].append(find)
        for mark in marks:
            known[mark][home] = None
    groups.sort(key=lambda g: min(f.start for f in g))
    return [Group(key=f"{kind}:{number}", finds=g) for number, g in enumerate(groups, start=1)]


def _marks(find: EntityFind, kind: EntityType) -> set[str]:
    """What two finds of one entity share at least one of."""
    if kind == "area":
        return {find.code or fold(find.name)}
    if kind == "person":
        return {find.name}
    return {fold(name) for name in (find.name, *(n.name for n in find.names))}


def _same(find: EntityFind, members: Sequence[EntityFind], kind: EntityType) -> bool:
    if kind == "area":
        return any(_same_area(find, other) for other in members)
    if kind == "person":
        return any(find.name == other.name for other in members)
    return any(_same_organisation(find, other) for other in members)


def _same_area(one: EntityFind, two: EntityFind) -> bool:
    if one.subtype != two.subtype:
        return False
    if one.code or two.code:
        return one.code == two.code
    return fold(one.name) == fold(two.name)


def _same_organisation(one: EntityFind, two: EntityFind) -> bool:
    if fold(one.name) == fold(two.name):
        return True
    shared = {fold(n.name) for n in one.names} & {fold(n.name) for n in two.names}
    return bool(shared)


def entity(members: Group, kind: EntityType) -> Entity:
    """One entity out of its finds: the fullest name is canonical, every name is kept."""
    surest = sorted(members.finds, key=lambda f: (-f.confidence, f.start))
    names: dict[str, Name] = {}
    for find in surest:
        for name in (Name(find.name, "full"), *find.names):
            known = names.get(name.name)
            if known is None or _KIND_ORDER[name.kind] < _KIND_ORDER[known.kind]:
                names[name.name] = name
    canonical = _canonical(kind, surest)
    ordered = [
        Name(name.name, "short" if name.kind == "full" and name.name != canonical else name.kind)
        for name in sorted(
            names.values(),
            key=lambda n: (n.name != canonical, _KIND_ORDER[n.kind], -len(n.name), n.name),
        )
    ]
    first = surest[0]

    def best(field: str) -> Any:
        """The surest find's value of a field that has one."""
        return next((value for find in surest if (value := getattr(find, field)) is not None), None)

    return Entity(
        key=members.key,
        type=kind,
        name=canonical,
        names=tuple(ordered),
        subtype=first.subtype or best("subtype"),
        code=best("code"),
        given_name=best("given_name"),
        family_name=best("family_name"),
        degree=best("degree"),
        latitude=best("latitude"),
        longitude=best("longitude"),
    )


def _canonical(kind: EntityType, finds: Sequence[EntityFind]) -> str:
    if kind == "project":
        return max((f.name for f in finds), key=lambda name: (len(name), name))
    return finds[0].name
