"""Open patterns of organisations: known bodies, modifiers and a head, legal forms.

Every pattern is a function from a ``Scene`` to ``EntityFind``s that may overlap those of others;
``organisations`` decides between them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from pipeline.extract.bodies import Body, by_name, find_known, known_bodies, sentence_name
from pipeline.extract.finds import EntityFind
from pipeline.extract.gazetteer import Word, colon_case
from pipeline.extract.gazetteer import word as make_word
from pipeline.extract.org_heads import (
    Head,
    HeadHit,
    adjective_forms,
    head_of,
    is_opener,
    left_bound,
    legal_forms,
    starts_sentence,
    word_set,
)
from pipeline.extract.places import of_genitive
from pipeline.records import Name, NameKind

KNOWN, GUARDED, HEAD, LEGAL = "known_body", "known_body_guarded", "head", "legal_form"
_LOCAL = frozenset({"Ine", "Ela", "Ill", "Ade", "Abl", "All"})
_AREA_AFTER = re.compile(r"\s+alue(?:e(?:n|lla|lle|lta|ena|elle)|ella|elta|tta)?\b")


class Scene(NamedTuple):
    """A text with its words; ``blocked`` words are parts of persons' names."""

    text: str
    words: Sequence[Word]
    blocked: Sequence[bool]


def organisation(
    start: int,
    end: int,
    name: str,
    *,
    rule: str,
    confidence: float,
    subtype: str | None,
    case: str | None = None,
    plural: bool = False,
    others: Iterable[Name] = (),
    label: str = "ORG",
) -> EntityFind:
    """An organisation's find whose canonical name stands first among its names."""
    names = dict.fromkeys([Name(name, "full"), *others])
    once = {entry.name.casefold(): entry for entry in reversed(names)}
    kept = tuple(entry for entry in names if once[entry.name.casefold()] == entry)
    if not any(entry.name == name for entry in kept):
        kept = (Name(name, "full"), *kept)
    return EntityFind(
        start=start,
        end=end,
        rule=rule,
        confidence=confidence,
        type="organisation",
        name=name,
        names=kept,
        label=label,
        case=case,
        plural=plural,
        subtype=subtype,
    )


def of_body(
    body: Body, start: int, end: int, *, rule: str, confidence: float, case: str | None
) -> EntityFind:
    """A find of a known body."""
    return organisation(
        start,
        end,
        body.name,
        rule=rule,
        confidence=confidence,
        subtype=body.type,
        case=case,
        others=body.names,
    )


def known(scene: Scene) -> Iterator[EntityFind]:
    """Bodies of the data; a guarded name has the rule ``GUARDED`` until it is supported."""
    for hit in find_known(scene.words):
        alias = hit.entry.item
        alone = hit.last - hit.first == 1 and not hit.entry.words[0].isupper()
        if alone and scene.blocked[hit.first]:
            continue
        if hit.entry.plural and hit.entry.item.body.type not in ("other", "association"):
            continue
        yield of_body(
            alias.body,
            scene.words[hit.first].start,
            hit.end,
            rule=GUARDED if alias.guarded else KNOWN,
            confidence=0.6 if alias.guarded else 0.97,
            case=hit.entry.case,
        )
    yield from _known_prefixes(scene)


def _known_prefixes(scene: Scene) -> Iterator[EntityFind]:
    """The acronym that starts a compound about money: ``ESR-rahoitus``, ``STM-rahoitteinen``."""
    tails = tuple(word_set("funding_tails", "stems"))
    for word in scene.words:
        stem, hyphen, tail = word.text.replace("–", "-").partition("-")
        if not hyphen or not tail.startswith(tails) or not stem[:1].isupper():
            continue
        alone = make_word(word.start, word.start + len(stem), stem)
        hits = [hit for hit in known_bodies().at([alone], 0) if hit.entry.case == "Nom"]
        if hits and not hits[0].entry.item.guarded:
            body = hits[0].entry.item.body
            if body.type == "fund" or tail.startswith(("rahoit", "tuki", "tuen", "avustu")):
                yield of_body(body, alone.start, alone.end, rule=KNOWN, confidence=0.93, case="Gen")


def headed(scene: Scene) -> Iterator[EntityFind]:
    """A head with modifiers before it, or a proper compound (``Nord-yliopisto``)."""
    for at, word in enumerate(scene.words):
        if scene.blocked[at]:
            continue
        stem, colon = colon_case(word.text)
        hit = head_of(stem)
        if hit is None or hit.plural or hit.possessive:
            continue
        if "compound" in hit.head.flags and not hit.prefix and stem.islower():
            continue
        if colon is not None:
            hit = hit._replace(case=colon)
        bound = left_bound(scene.words, at, hit.head, scene.blocked)
        found = _modified(scene, bound, at, hit) if bound < at else _compound(scene, at, hit)
        if found is not None:
            yield found


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


def named(
    start: int,
    end: int,
    name: str,
    hit: HeadHit,
    *,
    subtype: str,
    rule: str,
    confidence: float,
) -> EntityFind | None:
    """A find of a composed name: a known body of that name, or a new one if its head is open."""
    body = by_name().get(name.casefold())
    if body is not None:
        return of_body(body, start, end, rule=rule, confidence=0.95, case=hit.case)
    if "closed" in hit.head.flags:
        return None
    return organisation(
        start, end, name, rule=rule, confidence=confidence, subtype=subtype, case=hit.case
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
        _AREA_AFTER.match(scene.text, scene.words[at].end)
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
    if not hyphen and starts_sentence(word, at == 0) and hit.case != "Nom":
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


def legal(scene: Scene) -> Iterator[EntityFind]:
    """Names that end in a legal form: ``Nivalan Kaukolämpö Oy:n``, ``Setlementti Tampere ry``."""
    for at, word in enumerate(scene.words):
        stem, case = colon_case(word.text)
        subtype = legal_forms().get(stem)
        if subtype is None or at == 0 or word.before not in (" ", "\u00a0", ", "):
            continue
        if word.before == ", ":
            continue
        first = _legal_start(scene, at)
        if first is None:
            continue
        start = scene.words[first].start
        bare = scene.text[start : scene.words[at - 1].end]
        name = f"{bare} {stem}"
        body = by_name().get(name.casefold()) or by_name().get(bare.casefold())
        inner = head_of(scene.words[at - 1].text)
        if inner is not None and inner.head.type in ("uas", "school", "university", "foundation"):
            subtype = inner.head.type
        others: list[Name] = [Name(name, "full"), Name(bare, "short")]
        if _is_descriptor(scene.words[first].text) and at - first > 1:
            brand = scene.text[scene.words[first + 1].start : word.start] + stem
            others.append(Name(brand, "alias"))
        if body is not None:
            others += body.names
            name, subtype = body.name, body.type
        yield organisation(
            start,
            word.end,
            name,
            rule=LEGAL,
            confidence=0.96,
            subtype=subtype,
            case=case or "Nom",
            others=others,
        )


def _legal_start(scene: Scene, at: int) -> int | None:
    """Index of the first word of the name that ends in the legal form ``words[at]``."""
    words = scene.words
    first: int | None = None
    lower = 0
    j = at
    while j > 0:
        before = words[j].before
        dash = before in (" – ", " - ", " & ")
        if (before not in (" ", "\u00a0", ", ") and not dash) or scene.blocked[j - 1]:
            break
        word = words[j - 1]
        if before == ", " and not word.text.endswith("-"):
            break
        if word.capital or (word.text[:1].isdigit() and first is not None):
            if dash and not word.text.isupper():
                break
            if is_opener(word, j == 1) or colon_case(word.text)[0] in legal_forms():
                break
            if first is not None and _descriptor(words, j - 1):
                break
            first = j - 1
            lower = 0
        elif word.text in ("ja", "sekä", "och") or word.text.endswith("-") or _plain(word.text):
            lower += 1
            if lower > (4 if first is None else 2) or dash:
                break
            if first is not None and not _joins(words, j - 1):
                break
        else:
            break
        j -= 1
    return first


def _is_descriptor(word: str) -> bool:
    """Whether a word is a head that may stand before the name proper (``Kehitysyhtiö``)."""
    hit = head_of(word)
    return hit is not None and hit.case == "Nom" and bool({"keep", "drop"} & hit.head.flags)


def _descriptor(words: Sequence[Word], at: int) -> bool:
    """Whether a capitalised word starts the sentence and only describes what follows."""
    if not starts_sentence(words[at], at == 0):
        return False
    hit = head_of(words[at].text)
    return hit is not None and "drop" in hit.head.flags


def _plain(word: str) -> bool:
    """A lower-case word that may stand inside a registered name."""
    if not word.islower() or len(word) < 4:
        return False
    hit = head_of(word)
    if hit is not None and "drop" in hit.head.flags:
        return False
    verb = word.endswith(("vat", "vät", "taan", "tään"))
    return not verb and word not in word_set("inner", "never")


def _joins(words: Sequence[Word], at: int) -> bool:
    """Whether a lower-case word left of a found part belongs to the name (``Tieteen``…)."""
    text = words[at].text
    return (
        text in word_set("inner", "genitives")
        or text.endswith("-")
        or (text in ("ja", "och") and at > 0 and words[at - 1].text.endswith("-"))
    )


def short_kind(name: str) -> NameKind:
    """``acronym`` for a name of capitals, ``short`` for others."""
    return "acronym" if sum(map(str.isupper, name)) >= 2 and " " not in name else "short"


__all__ = [
    "GUARDED",
    "HEAD",
    "KNOWN",
    "LEGAL",
    "Scene",
    "composed",
    "headed",
    "known",
    "legal",
    "licensed",
    "named",
    "of_body",
    "organisation",
    "sentence_name",
    "short_kind",
    "subtype_of",
]
