"""Names tied to names: which acronym, alias or shorter form belongs to which full name.

Works on distinct names, not on mentions: a few hundred thousand at most, however many
announcements. A tie joins only when it is unambiguous over all records; a wrong merge is worse
than a missed one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

import msgspec
from rapidfuzz import fuzz

NEAR = 93.0  # least similarity (0–100) at which two spellings of one defined name are one
FEW = 12  # an acronym with more definitions than this is hopeless: no comparing
SUPPORT = 50  # a tie between two well-known names needs one announcement in so many behind it


class Tie(msgspec.Struct, frozen=True, order=True):
    """``documents`` announcements give ``name`` as another name of ``owner`` (both folded)."""

    name: str
    owner: str
    rule: str
    documents: int


class Known(msgspec.Struct, frozen=True):
    """A folded name that is some entity's canonical one: in how many announcements, what type."""

    documents: int
    type: str | None = None
    codes: frozenset[str] = frozenset()


class Joined(msgspec.Struct, frozen=True, order=True):
    """``name`` belongs to the body ``root``; ``rule`` and ``owner`` say through which tie."""

    name: str
    root: str
    rule: str
    owner: str


class _Forest:
    """Union-find over names; a root is the smallest name, so the result knows no order."""

    def __init__(self) -> None:
        self.parent: dict[str, str] = {}

    def find(self, name: str) -> str:
        parent = self.parent
        root = name
        while (above := parent.get(root, root)) != root:
            root = above
        while name != root:
            parent[name], name = root, parent.get(name, root)
        return root

    def union(self, one: str, other: str) -> bool:
        low, high = sorted((self.find(one), self.find(other)))
        if low == high:
            return False
        self.parent[high] = low
        return True


def tie_names(ties: Iterable[Tie], known: Mapping[str, Known]) -> tuple[list[Joined], set[str]]:
    """Join names through unambiguous ties; also the names that stayed ambiguous.

    A name is unambiguous when all its owners are one body; owners may become one through other
    ties, so ties are followed until nothing changes.
    """
    by_name: dict[str, list[Tie]] = defaultdict(list)
    for tie in sorted(ties):
        by_name[tie.name].append(tie)
    forest = _Forest()
    joined: dict[str, Joined] = {}
    changed = True
    while changed:
        changed = False
        for name, owners in sorted(by_name.items()):
            roots = {forest.find(tie.owner) for tie in owners}
            if len(roots) > 1 and _one_spelling(owners):
                first = min(tie.owner for tie in owners)
                for tie in owners:
                    if forest.union(first, tie.owner):
                        joined[tie.owner] = Joined(tie.owner, "", "near_name_same_acronym", first)
                        changed = True
                roots = {forest.find(first)}
            if len(roots) != 1 or not _agree(name, owners, known):
                continue
            if name in known and forest.union(name, owners[0].owner):
                best = min(owners, key=lambda tie: (-tie.documents, tie.owner))
                joined[name] = Joined(name, "", best.rule, best.owner)
                changed = True
    ambiguous = {
        name for name, owners in by_name.items() if len({forest.find(t.owner) for t in owners}) > 1
    }
    names = sorted({*known, *(tie.owner for tie in ties)}) if joined else []
    rows = []
    for name in names:
        if (root := forest.find(name)) != name or name in joined:
            how = joined.get(name)
            rows.append(Joined(name, root, how.rule if how else "", how.owner if how else ""))
    return rows, ambiguous


def _one_spelling(ties: list[Tie]) -> bool:
    """Whether all these definitions of one acronym are spellings of one name."""
    owners = sorted({tie.owner for tie in ties})
    if len(owners) > FEW or any(tie.rule.endswith("legal_form") for tie in ties):
        return False
    first, *others = owners
    return all(
        fuzz.ratio(first, other) >= NEAR and _digits(first) == _digits(other) for other in others
    )


def _digits(name: str) -> str:
    return "".join(filter(str.isdigit, name))


def _agree(name: str, owners: list[Tie], known: Mapping[str, Known]) -> bool:
    """Whether the body that bears ``name`` alone can be the owner: types, codes, support."""
    own = known.get(name)
    if own is None:
        return False
    support = sum(tie.documents for tie in owners)
    for tie in owners:
        owner = known.get(tie.owner)
        if owner is None:
            continue
        types = {own.type, owner.type} - {None, "other"}
        if len(types) > 1 or (own.codes and owner.codes and not own.codes & owner.codes):
            return False
        if support * SUPPORT < min(own.documents, owner.documents):
            return False
    return True
