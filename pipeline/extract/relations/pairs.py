"""A candidate fact: what ties an entity, a sum or a date to a project, with its signs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from pipeline.extract.surroundings import Signs


class Pair(msgspec.Struct, frozen=True, kw_only=True):
    """``value`` (a part, a kind of money …) of ``item`` for the project with the key ``project``.

    ``start`` and ``end`` are where it is read, ``rule`` the surest vote for it (``evidence`` where
    no reader votes), ``item`` the entity's key or the number of the sum or date.
    """

    start: int
    end: int
    item: str
    value: str
    project: str | None
    rule: str
    signs: Mapping[str, float]


def merged(all_signs: Iterable[Mapping[str, float]]) -> Signs:
    """The signs of several places together, each as strong as where it is strongest."""
    together: Signs = {}
    for signs in all_signs:
        for sign, value in signs.items():
            if value > together.get(sign, 0.0):
                together[sign] = value
    return together
