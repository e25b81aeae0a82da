"""Expands coordinated ellipsis: ``Porin ja Huittisten kaupungit`` names two towns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipeline.extract.finds import EntityFind
from pipeline.extract.gazetteer import Word
from pipeline.extract.organisations.bodies import by_name
from pipeline.extract.organisations.heads import HeadHit, head_of, is_opener, looks_genitive
from pipeline.extract.organisations.scene import Scene, named
from pipeline.extract.places import of_genitive

_AND = frozenset({"ja", "sekä", "tai", "että"})
_SINGULAR_OK = frozenset({"municipality", "wellbeing_county", "university", "uas"})


def genitive_list(words: Sequence[Word], at: int) -> list[int]:
    """Indexes of ``A, B ja C`` right before ``words[at]``, all capitalised genitives; or empty."""
    found: list[int] = []
    j = at - 1
    while j >= 0 and words[j].capital and looks_genitive(words[j].text):
        if not found and words[at].before not in (" ", "\u00a0"):
            return []
        if is_opener(words[j], j == 0):
            break
        found.append(j)
        before = words[j].before
        if j >= 2 and words[j - 1].text in _AND and before == " " and len(found) == 1:
            j -= 2
        elif j >= 1 and before.rstrip() == "," and len(found) > 1:
            j -= 1
        else:
            break
    return found[::-1]


def expanded(words: Sequence[Word], group: Sequence[int]) -> list[str]:
    """The genitives of a list in full: ``Etelä- ja Pohjois-Savon`` → both with ``Savon``."""
    last = words[group[-1]].text
    tail = last.replace("–", "-").rpartition("-")[2]
    return [words[i].text + tail if words[i].text.endswith("-") else words[i].text for i in group]


def coordinated(scene: Scene) -> Iterator[EntityFind]:
    """One find for each genitive of a coordinated list before a shared head."""
    for at, word in enumerate(scene.words):
        hit = head_of(word.text)
        if hit is None or hit.possessive or hit.head.modifier == "none":
            continue
        group = genitive_list(scene.words, at)
        if len(group) < 2 or any(scene.blocked[i] for i in group):
            continue
        if not hit.plural and hit.head.type not in _SINGULAR_OK:
            continue
        genitives = expanded(scene.words, group)
        names = [f"{genitive} {hit.nominative}" for genitive in genitives]
        if not _plausible(genitives, names, hit):
            continue
        for index, name in zip(group, names, strict=True):
            first = scene.words[index]
            end = word.end if index == group[-1] else first.end
            found = named(
                first.start,
                end,
                name,
                hit,
                subtype=_subtype(genitives[0], hit),
                rule="coordinated",
                confidence=0.92,
            )
            if found is not None:
                yield found


def _subtype(genitive: str, hit: HeadHit) -> str:
    place = of_genitive(genitive)
    if hit.head.word == "liitto" and place is not None and place.type == "region":
        return "regional_council"
    return hit.head.type


def _plausible(genitives: Sequence[str], names: Sequence[str], hit: HeadHit) -> bool:
    """Whether the head takes each of the genitives for itself."""
    kinds = [place.type if place else None for place in map(of_genitive, genitives)]
    if hit.head.modifier == "municipality":
        return all(kind in ("municipality", "other", None) for kind in kinds) and any(kinds)
    if hit.head.modifier == "region":
        return all(kind is not None for kind in kinds)
    return hit.plural or all(name.casefold() in by_name() for name in names)
