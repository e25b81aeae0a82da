"""Finds areas: municipalities, regions, sub-regions, countries, larger areas and villages.

Names come from ``places.csv`` in all their forms; villages and waters that are not there from
their last part and case, or from the name finder. A place inside the name of a body, person or
project is no area of its own: those finds come in as ``taken``.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from spacy.tokens import Doc

from pipeline.extract.areas import patterns, villages
from pipeline.extract.areas.page import Page, read_page
from pipeline.extract.finds import EntityFind
from pipeline.extract.places import places
from pipeline.extract.spans import longest


def find_areas(doc: Doc, taken: Sequence[EntityFind]) -> list[EntityFind]:
    """Mentions of areas in text order, not overlapping each other nor ``taken`` finds.

    One exception: a wellbeing services county in a local case (``Lapin hyvinvointialueella``) or
    before *alue* is an area too, although a find of ``taken`` has the same span.
    """
    page = read_page(doc, taken)
    finds: list[EntityFind] = []
    at = 0
    while at < len(page.words):
        found, at = _at(page, at)
        finds.extend(found)
    near = finds
    for _ in range(3):  # from neighbour to neighbour in a list
        near = [find for find in villages.beside(page, near) if find not in finds]
        finds.extend(near)
    finds.extend(patterns.counties(page))
    finds.extend(list(villages.named_locations(page, finds)))
    return longest(finds)


def _at(page: Page, at: int) -> tuple[list[EntityFind], int]:
    """Areas that start at a word, and where to go on."""
    word = page.words[at]
    if not page.free[at] or not (word.capital or word.key[:5] in _lower_starts()):
        return [], at + 1
    for rule in (
        patterns.coordinated,
        patterns.hanging,
        patterns.directed,
        patterns.headed,
        villages.within,
        villages.nearby,
        patterns.plain,
        patterns.compounded,
        villages.suffixed,
    ):
        found, after = rule(page, at)
        if found:
            return found, after
    return [], at + 1


@cache
def _lower_starts() -> frozenset[str]:
    """First letters of the lower-case words that an area may start with."""
    lower = {place.name[:5] for place in places() if place.name[:1].islower()}
    return frozenset(lower | {form[:5] for form in patterns.directions()})
