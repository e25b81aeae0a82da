"""Groups the finds of one announcement into its entities: which mentions name the same one.

Which names are one project's is weighed by evidence: ``projects/coreference.py``.
"""

from __future__ import annotations

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
    known: dict[str, int] = {}  # by marks the number of the first group that has one
    for find in sorted(finds, key=lambda f: (-len(f.name), f.start)):
        marks = _marks(find, kind)
        home = min((known[mark] for mark in marks if mark in known), default=len(groups))
        if home == len(groups):
            groups.append([])
        groups[home].append(find)
        for mark in marks:
            known[mark] = home
    groups.sort(key=lambda g: min(f.start for f in g))
    return [Group(key=f"{kind}:{number}", finds=g) for number, g in enumerate(groups, start=1)]


def _marks(find: EntityFind, kind: EntityType) -> set[str]:
    """What two finds of one entity share at least one of, and no others do."""
    if kind == "area":
        return {f"{find.subtype} {find.code or fold(find.name)}"}
    if kind == "person":
        return {find.name}
    return {fold(name) for name in (find.name, *(n.name for n in find.names))}


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

    def best(field: str) -> Any:
        """The surest find's value of a field that has one."""
        return next((value for find in surest if (value := getattr(find, field)) is not None), None)

    return Entity(
        key=members.key,
        type=kind,
        name=canonical,
        names=tuple(ordered),
        subtype=best("subtype"),
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
