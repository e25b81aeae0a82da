"""Names with a head: modifiers before it, or a proper compound (``Nord-yliopisto``)."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.extract.finds import EntityFind
from pipeline.extract.gazetteer import colon_case
from pipeline.extract.organisations.heads import (
    Head,
    HeadHit,
    adjective_forms,
    head_of,
    is_opener,
    left_bound,
    looks_genitive,
    starts_sentence,
)
from pipeline.extract.organisations.scene import AREA_AFTER, HEAD, Scene, named
from pipeline.extract.places import of_genitive


def headed(scene: Scene) -> Iterator[EntityFind]:
    """A head with modifiers before it, or a proper compound (``Nord-yliopisto``)."""
    for at, word in enumerate(scene.words):
        if scene.blocked[at]:
            continue
        stem, colon = colon_case(word.text)
        hit = head_of(stem)
        if hit is None or hit.plural or hit.possessive:
            continue
        bare = "compound" in hit.head.flags and not hit.prefix and stem.islower()
        if bare and not _part_of_a_body(scene, at, hit):
            continue
        if colon is not None:
            hit = hit._replace(case=colon)
        bound = left_bound(scene.words, at, hit.head, scene.blocked)
        found = _modified(scene, bound, at, hit) if bound < at else _compound(scene, at, hit)
        if found is not None:
            yield found


def _part_of_a_body(scene: Scene, at: int, hit: HeadHit) -> bool:
    """``Suomen Kulttuurirahaston Lapin rahasto``, ``Pelastusarmeijan Kuopion osasto``."""
    if "part" not in hit.head.flags or at < 2 or of_genitive(scene.words[at - 1].text) is None:
        return False
    owner = scene.words[at - 2]
    return owner.capital and looks_genitive(owner.text) and of_genitive(owner.text) is None


def _modified(scene: Scene, bound: int, at: int, hit: HeadHit) -> EntityFind | None:
    first = scene.words[bound]
    name = composed(scene, bound, at, hit)
    if not licensed(scene, bound, at, hit.head) or _is_area(scene, at, hit):
        return None
    return named(
        first.start,
        scene.words[at].end,
        name,
        hit,
        subtype=subtype_of(scene, bound, at, hit.head),
        rule=HEAD,
        confidence=0.92 if hit.head.type != "other" else 0.85,
    )


def composed(scene: Scene, bound: int, at: int, hit: HeadHit) -> str:
    """The nominative name of ``words[bound:at]`` and the head after them."""
    out: list[str] = []
    for number in range(bound, at):
        word = scene.words[number]
        if number > bound:
            out.append(word.before)
        out.append(adjective_forms().get(word.text, word.text))
    return "".join(out) + " " + hit.nominative


def subtype_of(scene: Scene, bound: int, at: int, head: Head) -> str:
    """The head's type; ``Lapin liitto`` is a regional council."""
    if head.word == "liitto" and bound == at - 1:
        place = of_genitive(scene.words[bound].text)
        if place is not None and place.type == "region" and scene.words[at].text.islower():
            return "regional_council"
    return head.type


def licensed(scene: Scene, bound: int, at: int, head: Head) -> bool:
    """Whether the modifiers are of the kind that the head takes."""
    if head.modifier == "none":
        return False
    if head.modifier == "any":
        return True
    place = of_genitive(scene.words[at - 1].text) or of_genitive(
        scene.text[scene.words[bound].start : scene.words[at - 1].end]
    )
    if head.modifier == "municipality":
        if place is None:
            return not starts_sentence(scene.words[bound], bound == 0)
        return place.type in ("municipality", "other")
    return place is not None or head.modifier == "place"


def _is_area(scene: Scene, at: int, hit: HeadHit) -> bool:
    """``hyvinvointialueen alueella``: the county as an area, no body."""
    return hit.head.type == "wellbeing_county" and bool(
        AREA_AFTER.match(scene.text, scene.words[at].end)
    )


def _compound(scene: Scene, at: int, hit: HeadHit) -> EntityFind | None:
    """A capitalised compound that is a name by itself: ``Satakuntaliitto``, ``Nord-yliopisto``."""
    word = scene.words[at]
    if not hit.prefix or (not word.text[:1].isupper() and not word.text[:1].isdigit()):
        return None
    hyphen = hit.prefix.endswith("-")
    owner = head_of(scene.words[at - 1].text) if at and word.before == " " else None
    if owner is not None and owner.case == "Gen":  # a unit of the body before it
        return None
    if hit.head.modifier == "none" or is_opener(word, at == 0):
        return None
    if not hyphen and starts_sentence(word, at == 0):
        return None
    if hyphen and hit.prefix[:-1].casefold() in ("sote", "pk", "kunta", "yhteistyö", "4h"):
        return None
    return named(
        word.start,
        word.end,
        hit.nominative,
        hit,
        subtype=hit.head.type,
        rule="proper_compound",
        confidence=0.85,
    )
