"""Areas of the data: alone, before a head, coordinated, with a direction, as counties."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from pipeline import lexicon
from pipeline.extract.areas.page import (
    LABELLED,
    Page,
    area,
    credible,
    hits,
    informal,
    inside_name,
)
from pipeline.extract.areas.shapes import LOCAL, word_list
from pipeline.extract.finds import EntityFind
from pipeline.extract.gazetteer import word as make_word
from pipeline.extract.organisations.coordination import expanded, genitive_list
from pipeline.extract.organisations.scene import AREA_AFTER
from pipeline.extract.paradigms import forms
from pipeline.extract.places import Place, gazetteer, of_genitive, places


def plain(page: Page, at: int) -> tuple[list[EntityFind], int]:
    """A place of the data in any case."""
    for place, case, end, after in hits(page, at):
        if not credible(page, at, place, case) or case in ("Tra", "Ess", "Abe"):
            continue
        if case not in LOCAL and inside_name(page, at):
            continue
        if place.type == "country" and page.text.startswith(" kruun", end):
            continue  # Tanskan kruunua
        confidence = 0.95 if case in LOCAL else 0.85
        return [area(page.words[at].start, end, place, case, confidence=confidence)], after
    return [], at


@cache
def _head_forms() -> dict[str, tuple[str, str, str, bool]]:
    """Forms of nouns after a place's genitive: kind, noun, case, number."""
    found: dict[str, tuple[str, str, str, bool]] = {}
    for noun, kind in lexicon.settings("area_words")["heads"].items():
        for form in forms(noun):
            found.setdefault(form.text, (kind, noun, form.case, form.plural))
    return found


@cache
def _of_kind() -> dict[tuple[str, str], Place]:
    """Regions and sub-regions by kind and the genitive that goes before their head."""
    found: dict[tuple[str, str], Place] = {}
    for place in places():
        if place.type in ("region", "subregion"):
            for name in place.names:
                stem, _, noun = name.name.rpartition(" ")
                if noun in ("maakunta", "seutukunta", "seutu"):
                    kind = "seutu" if noun == "seutu" else place.type
                    found.setdefault((kind, stem.casefold()), place)
    return found


def _with_head(genitive: str, kind: str, noun: str) -> Place | None:
    """The area of a genitive and a head: ``Porin`` + *seutukunta*, ``Oulun`` + *seutu*."""
    known = _of_kind().get((kind, genitive.casefold().replace("–", "-")))
    if known is not None or kind == "region":
        return known
    name = f"{genitive} {noun}"
    return informal(name)


def headed(page: Page, at: int) -> tuple[list[EntityFind], int]:
    """``Lapin maakunnassa``, ``Kuopion seudulla``."""
    if at + 1 >= len(page.words) or page.words[at + 1].before != " " or not page.free[at + 1]:
        return [], at
    head = _head_forms().get(page.words[at + 1].text)
    word = page.words[at]
    if head is None or head[3] or not word.capital or not word.text.endswith("n"):
        return [], at
    kind, noun, case, _ = head
    place = _with_head(word.text, kind, noun)
    unnamed = place is not None and place.code is None and kind != "named"
    if place is None or (unnamed and of_genitive(word.text) is None):
        return [], at
    end = page.words[at + 1].end
    return [area(word.start, end, place, case, rule="headed_area", confidence=0.93)], at + 2


def coordinated(page: Page, at: int) -> tuple[list[EntityFind], int]:
    """``Porin, Rauman ja Pohjois-Satakunnan seutukunnat``; ``Seutukunnat: Porin, Rauman``."""
    words = page.words
    for after in range(at + 2, min(at + 14, len(words))):
        head = _head_forms().get(words[after].text)
        if head is None:
            continue
        group = genitive_list(words, after)
        if len(group) < 2 or group[0] != at or not all(page.free[i] for i in (*group, after)):
            return [], at
        return _group(page, group, head, words[after].end), after + 1
    label = re.search(
        r"[Ss]eutukun(?:ta|nat)\s*:\s*$|[Ss]eutukun(?:ta|nat)\n$",
        page.text[max(0, words[at].start - 20) : words[at].start],
    )
    if label is None:
        return [], at
    group = [at]
    while group[-1] + 1 < len(words) and words[group[-1] + 1].before == ", ":
        group.append(group[-1] + 1)
    found = _group(page, group, ("subregion", "seutukunta", "Gen", True), words[group[-1]].end)
    return found, group[-1] + 1


def _group(
    page: Page, group: Sequence[int], head: tuple[str, str, str, bool], end: int
) -> list[EntityFind]:
    kind, noun, case, _ = head
    found = []
    for index, genitive in zip(group, expanded(page.words, group), strict=True):
        place = _with_head(genitive, kind, noun)
        if place is None:
            continue
        word = page.words[index]
        stop = end if index == group[-1] else word.end
        found.append(area(word.start, stop, place, case, rule="coordinated_area", confidence=0.93))
    return found


def hanging(page: Page, at: int) -> tuple[list[EntityFind], int]:
    """``Etelä- ja Pohjois-Savossa``: the first part takes the second's last part."""
    words = page.words
    if not words[at].text.endswith("-") or not words[at].capital or at + 2 >= len(words):
        return [], at
    if words[at + 1].text not in ("ja", "sekä") or not page.free[at + 2]:
        return [], at
    if words[at + 1].before != " " or words[at + 2].before != " ":
        return [], at
    for _place, case, end, after in hits(page, at + 2):
        second = words[at + 2].text
        full = words[at].text + second.replace("–", "-").rpartition("-")[2]
        virtual = make_word(words[at].start, words[at].end, full)
        first = gazetteer().at([virtual], 0)
        if not first:
            continue
        one = area(
            words[at].start,
            words[at].end,
            first[0].entry.item,
            case,
            rule="coordinated_area",
            confidence=0.92,
        )
        two = area(words[at + 2].start, end, _place, case)
        return [one, two], after
    return [], at


def compounded(page: Page, at: int) -> tuple[list[EntityFind], int]:
    """``Meri-Porissa``, ``Ylä-Karjalan``: a part of a known place, an area of its own."""
    word = page.words[at]
    prefix, hyphen, last = word.text.rpartition("-")
    if not hyphen or not prefix[:1].isupper() or not last[:1].isupper() or not prefix.isalpha():
        return [], at
    if prefix not in word_list("parts", "prefixes"):
        return [], at
    for hit in gazetteer().at([make_word(word.start, word.end, last)], 0):
        place = informal(f"{prefix}-{hit.entry.item.name}")
        found = area(
            word.start, word.end, place, hit.entry.case, rule="part_of_place", confidence=0.85
        )
        return [found], at + 1
    return [], at


@cache
def directions() -> dict[str, tuple[str, str]]:
    """Forms of adjectives of direction: nominative and case."""
    found: dict[str, tuple[str, str]] = {}
    for adjective in lexicon.settings("area_words")["directions"]:
        for form in forms(adjective):
            if not form.plural:
                found.setdefault(form.text, (adjective, form.case))
    return found


def directed(page: Page, at: int) -> tuple[list[EntityFind], int]:
    """``itäisellä Uudellamaalla``: an area of its own."""
    word = page.words[at]
    direction = directions().get(word.text.casefold())
    if direction is None or at + 1 >= len(page.words) or page.words[at + 1].before != " ":
        return [], at
    adjective, case = direction
    for place, place_case, end, after in hits(page, at + 1):
        if place_case != case or place.type not in ("region", "country", "other", "subregion"):
            continue
        prefix = lexicon.settings("area_words")["directions"][adjective]
        place = informal(f"{adjective} {place.name}", f"{prefix}-{place.name}")
        return [area(word.start, end, place, case, rule="directed_area", confidence=0.85)], after
    return [], at


def counties(page: Page) -> Iterator[EntityFind]:
    """A wellbeing services county as an area: in a local case, or before *alue*."""
    for at in range(len(page.words)):
        for hit in gazetteer().at(page.words, at):
            place = hit.entry.item
            if place.type != "wellbeing_county":
                continue
            before = AREA_AFTER.match(page.text, hit.end)
            labelled = LABELLED.search(
                page.text[max(0, page.words[at].start - 60) : page.words[at].start]
            )
            if before or hit.entry.case in ("Ade", "Ine") or (labelled and hit.entry.case == "Nom"):
                end = before.end() if before else hit.end
                yield area(
                    page.words[at].start,
                    end,
                    place,
                    hit.entry.case,
                    rule="county_area",
                    confidence=0.85,
                )
            break
