"""A candidate fact: what ties an entity, a sum or a date to a project, with its signs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

import msgspec

from pipeline.extract.surroundings import Signs


class Pair(msgspec.Struct, frozen=True, kw_only=True):
    """``value`` (a part, a kind of money …) of ``item`` for the project with the key ``project``.

    ``start`` and ``end`` are where it is read, ``rule`` the surest vote for it (``evidence`` where
    no reader votes), ``item`` the entity's key or the number of the sum, date or role.
    """

    start: int
    end: int
    item: str
    value: str
    project: str | None
    rule: str
    signs: Mapping[str, float]


@lru_cache(maxsize=100_000)
def relative(sign: str, value: str, values: tuple[str, ...]) -> tuple[str, ...]:
    """A sign of words that speak of ``values``, said of one: ``left_own_1`` → ``left_mine_1``.

    With ``others`` in the place of another value; nothing where the sign speaks of none.
    """
    found = []
    for other in values:
        named, times = re.subn(
            rf"_{other}(?=_|$)", "_mine" if other == value else "_others", sign, count=1
        )
        if times:
            found.append(named)
    return tuple(found)


def merged(all_signs: Iterable[Mapping[str, float]]) -> Signs:
    """The signs of several places together, each as strong as where it is strongest."""
    together: Signs = {}
    for signs in all_signs:
        for sign, value in signs.items():
            if value > together.get(sign, 0.0):
                together[sign] = value
    return together
