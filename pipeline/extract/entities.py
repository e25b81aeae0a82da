"""Groups the finds of one announcement into its entities: which mentions name the same one."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from pipeline.extract.finds import EntityFind
from pipeline.extract.folding import fold
from pipeline.extract.projects.names import is_acronym, phase
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
    names = {fold(name) for name in (find.name, *(n.name for n in find.names))}
    if kind == "project":
        names |= {f"{name.partition(' ')[0]} …" for name in names}
    return names


def _same(find: EntityFind, members: Sequence[EntityFind], kind: EntityType) -> bool:
    if kind == "area":
        return any(_same_area(find, other) for other in members)
    if kind == "person":
        return any(find.name == other.name for other in members)
    if kind == "organisation":
        return any(_same_organisation(find, other) for other in members)
    return any(_same_project(find, other) for other in members)


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


def _same_project(one: EntityFind, two: EntityFind) -> bool:
    """Shared names join, but neither a shared subtitle alone nor a name and its sequel do."""
    if one.subtype != two.subtype and "programme" in {one.subtype, two.subtype}:
        ours = {fold(n.name) for n in one.names if n.kind == "acronym" or is_acronym(n.name)}
        theirs = {fold(n.name) for n in two.names if n.kind == "acronym" or is_acronym(n.name)}
        return bool(ours & theirs) or fold(one.name) == fold(two.name)
    if _sequel(one, two):
        return False
    own_one = {fold(n.name) for n in one.names if n.kind != "alias"}
    own_two = {fold(n.name) for n in two.names if n.kind != "alias"}
    if own_one & own_two:
        return True
    all_one, all_two = {fold(n.name) for n in one.names}, {fold(n.name) for n in two.names}
    if fold(one.name) in all_two or fold(two.name) in all_one:
        return True
    return _begins(one.name, two.name) or _begins(two.name, one.name)


def _sequel(one: EntityFind, two: EntityFind) -> bool:
    """``SILTA`` and ``SILTA 2``, whatever their subtitles."""
    first = {
        phase(n.name)
        for n in one.names
        if n.kind in {"full", "short", "acronym"} and "–" not in n.name
    }
    second = {
        phase(n.name)
        for n in two.names
        if n.kind in {"full", "short", "acronym"} and "–" not in n.name
    }
    stems_one, stems_two = {fold(s): n for s, n in first}, {fold(s): n for s, n in second}
    return any(
        stem in stems_two and stems_two[stem] != number for stem, number in stems_one.items()
    )


def _begins(short: str, long: str) -> bool:
    """``Kestävää kasvua`` … is the beginning of its own longer name with years or a subtitle."""
    short, long = fold(short), fold(long)
    rest = long[len(short) :]
    if not long.startswith(short) or len(short.split()) < 2:
        return False
    return re.match(r"(?:-(?=\w)|\s\d{4}|\s\()", rest) is not None


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
