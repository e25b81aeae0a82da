"""Places of ``places.csv`` in all their forms: municipalities, regions, sub-regions, countries."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, lru_cache

import msgspec

from pipeline import lexicon
from pipeline.extract.gazetteer import Trie
from pipeline.extract.listed_names import Listed, trie_of
from pipeline.extract.paradigms import Form
from pipeline.records import Name


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """A place with its type and code as in the areas table, and where it lies (WGS84)."""

    name: str
    genitive: str
    names: tuple[Name, ...]
    type: str
    code: str | None = None
    region: str | None = None
    latitude: float | None = None
    longitude: float | None = None


@cache
def places() -> tuple[Place, ...]:
    """All places of the data, in its order."""
    return tuple(_place(row) for row in lexicon.table("places"))


@cache
def place_names() -> frozenset[str]:
    """Names of all places."""
    return frozenset(name.name for place in places() for name in place.names)


def _place(row: dict[str, str]) -> Place:
    others = filter(None, (row["other_names"] or "").split("|"))
    names = [Name(row["name"], "full"), *(Name(other, "alias") for other in others)]
    return Place(
        name=row["name"],
        genitive=row["genitive"],
        names=tuple(names),
        type=row["type"],
        code=row["code"] or None,
        region=row["region"] or None,
        latitude=float(row["latitude"]) if row["latitude"] else None,
        longitude=float(row["longitude"]) if row["longitude"] else None,
    )


@cache
def gazetteer() -> Trie[Place]:
    """All names of all places in all forms; of two of one name the first in the data wins."""
    return trie_of("places", places(), _written)


def _written() -> Iterator[Listed]:
    for number, (row, place) in enumerate(zip(lexicon.table("places"), places(), strict=True)):
        yield place.name, number, place.genitive if " " not in place.name else None, _extra(row)
        for other in place.names[1:]:
            yield other.name, number, None, ()


def _extra(row: dict[str, str]) -> list[Form]:
    """Forms of a place's name that no rule makes."""
    written = (item.rpartition(":") for item in row["extra_forms"].split("|") if item)
    return [Form(form, case) for form, _, case in written]


@cache
def by_genitive() -> dict[str, Place]:
    """Places of one word by their genitive, folded; municipalities before others."""
    found: dict[str, Place] = {}
    rank = {"municipality": 0, "region": 1, "subregion": 2}
    for row, place in sorted(
        zip(lexicon.table("places"), places(), strict=True),
        key=lambda pair: rank.get(pair[1].type, 3),
    ):
        for genitive in (place.genitive, *(f.text for f in _extra(row) if f.case == "Gen")):
            found.setdefault(genitive.casefold().replace("–", "-"), place)
    return found


@lru_cache(maxsize=20_000)
def of_genitive(word: str) -> Place | None:
    """The place whose genitive the word is (``Kemin`` → Kemi)."""
    return by_genitive().get(word.casefold().replace("–", "-"))
