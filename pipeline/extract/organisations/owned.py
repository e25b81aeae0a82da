"""Bodies without a head: ``Turun NMKY``, ``Ylöjärven Vesi``, ``Karasjok kommune``, named spans."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from spacy.tokens import Doc

from pipeline.extract.areas.shapes import by_suffix, local_case
from pipeline.extract.doc_text import tagged
from pipeline.extract.finds import EntityFind
from pipeline.extract.gazetteer import Word, colon_case
from pipeline.extract.organisations.bodies import known_bodies
from pipeline.extract.organisations.heads import (
    head_of,
    is_opener,
    starts_sentence,
    umbrellas,
    word_set,
    words_table,
)
from pipeline.extract.organisations.lists import is_place, label_words
from pipeline.extract.organisations.scene import (
    Scene,
    is_place_name,
    named,
    organisation,
    short_kind,
)
from pipeline.extract.paradigms import forms
from pipeline.extract.places import Place, gazetteer, of_genitive
from pipeline.names import is_given_name, is_surname, nominative
from pipeline.names.person import degrees
from pipeline.patterns import Pattern
from pipeline.records import Name

_PROJECT = r"(?:\w*hank[ek]|\w*projekt|\w*ohjelm|\w*pilot|\w*kokeilu|\w*tapahtum|\w*selvity)"
_PROJECT_AFTER = Pattern(rf"[”\"’]?\s?[-–]\s?{_PROJECT}")
_PROJECT_BEFORE = re.compile(r"(?:hanke|hankke\w+|projekti\w*|ohjelma\w*|[”\"“])\s$")
_LOWER_NEXT = re.compile(r" [a-zåäö]")


@cache
def _governing() -> dict[str, tuple[str, str]]:
    """Forms of governing bodies: the head of the body that they govern, and the case."""
    found: dict[str, tuple[str, str]] = {}
    for word, head in words_table()["governing"].items():
        for form in forms(word):
            found.setdefault(form.text, (str(head), form.case))
    return found


def governed(scene: Scene) -> Iterator[EntityFind]:
    """The body that a governing body acts for: ``Joensuun kaupunginhallitus``."""
    for at in range(1, len(scene.words)):
        word, owner = scene.words[at], scene.words[at - 1]
        governing = _governing().get(word.text)
        place = of_genitive(owner.text)
        if governing is None or place is None or word.before != " " or not owner.capital:
            continue
        head, case = governing
        hit = head_of(head)
        if hit is None or (hit.head.modifier == "municipality" and place.type == "region"):
            continue
        name = f"{owner.text} {head}"
        found = named(
            owner.start,
            word.end,
            name,
            hit._replace(case=case),
            subtype="regional_council" if head == "liitto" else hit.head.type,
            rule="governing_body",
            confidence=0.7,
        )
        if found is not None:
            yield found


def owned(scene: Scene) -> Iterator[EntityFind]:
    """A place's genitive and a capitalised name that is no place: a club, a company, a unit."""
    words = scene.words
    for at in range(len(words) - 1):
        if not words[at].capital or scene.blocked[at]:
            continue
        owner = of_genitive(words[at].text) or _municipality(words[at])
        if owner is None:
            continue
        last = at + 1
        while last < len(words) and last - at < 4 and _proper(scene, last):
            last += 1
        if last == at + 1 or not _may_be_owned(scene, at, last):
            continue
        start, end = words[at].start, words[last - 1].end
        stem, case = colon_case(scene.text[start:end])
        name = stem if case else nominative(stem, "organisation")
        yield organisation(
            start,
            end,
            name,
            rule="owned_name",
            confidence=0.62,
            subtype="other",
            case=case,
        )


def _municipality(word: Word) -> Place | None:
    """The municipality whose nominative the word is (``Lahti Energia``)."""
    for hit in gazetteer().at([word], 0):
        if hit.entry.case == "Nom" and hit.entry.item.type == "municipality":
            return None if is_given_name(word.text) else hit.entry.item
    return None


def _proper(scene: Scene, at: int) -> bool:
    word = scene.words[at]
    return (
        word.before == " "
        and word.text[:1].isupper()
        and not scene.blocked[at]
        and head_of(word.text) is None
        and not is_place_name(word.text)
    )


def _may_be_owned(scene: Scene, at: int, last: int) -> bool:
    first, end = scene.words[at + 1], scene.words[last - 1]
    if _PROJECT_AFTER.match(scene.text, end.end):
        return False
    if _PROJECT_BEFORE.search(_before(scene, at)):
        return False
    if is_given_name(nominative(first.text, "person")) or by_suffix(end.text) is not None:
        return False
    capitals = sum(map(str.isupper, end.text)) > 1
    modifier = end.text.endswith("n") and _LOWER_NEXT.match(scene.text, end.end)
    compound = _municipality(scene.words[at]) is not None  # Lahti Aquasta
    if not (capitals or compound) and (local_case(end.text) or modifier):
        return False
    hits = known_bodies().at(scene.words, at + 1)
    known = bool(hits) and hits[0].last == last
    return not known or first.text in umbrellas()


def _before(scene: Scene, at: int) -> str:
    start = scene.words[at].start
    return scene.text[max(0, start - 20) : start]


def _project_stems(text: str) -> frozenset[str]:
    """First letters of the capitalised words of projects' names in the text."""
    found: set[str] = set()
    for match in _PROJECT_AFTER.finditer(text):
        start = max(text.rfind("\n", 0, match.start()) + 1, match.start() - 90)
        name = re.split(r"[.!?:]\s", text[start : match.start()])[-1]
        found.update(word[:4].casefold() for word in re.findall(r"\b[A-ZÅÄÖ]\w{2,}", name))
    return frozenset(found)


def foreign(scene: Scene) -> Iterator[EntityFind]:
    """Bodies of other languages by a word of theirs: ``Karasjok kommune``, ``… University``."""
    heads = word_set("foreign", "heads")
    endings = tuple(sorted(word_set("foreign", "endings")))
    for at, word in enumerate(scene.words):
        stem, case = colon_case(word.text)
        ending = stem.islower() and stem.endswith(endings)
        if (stem not in heads and not ending) or at == 0 or word.before != " ":
            continue
        first = at
        while first > 0 and at - first < 4 and scene.words[first].before == " ":
            before = scene.words[first - 1]
            swedish = before.text.endswith("ska")
            if (
                not before.text[:1].isupper()
                and not swedish
                and before.text
                not in (
                    "of",
                    "i",
                    "för",
                    "och",
                    "and",
                )
            ):
                break
            if is_opener(before, first == 1) or before.text.endswith(("ssa", "lla", "sta", "n")):
                break
            first -= 1
        if first == at or not scene.words[first].capital:
            continue
        start = scene.words[first].start
        name = scene.text[start : scene.words[at - 1].end] + " " + stem
        subtype = "university" if stem.lower().startswith("univ") else "other"
        yield organisation(
            start,
            word.end,
            name,
            rule="foreign_head",
            confidence=0.8,
            subtype=subtype,
            case=case or "Nom",
        )


def recognised(scene: Scene, doc: Doc) -> Iterator[EntityFind]:
    """Spans that the name finder takes for organisations, where their shape supports it."""
    index = {word.start: at for at, word in enumerate(scene.words)}
    projects = _project_stems(scene.text)
    for ent in tagged(doc):
        if ent.label != "ORG" or "\n" in ent.text:
            continue
        first = index.get(ent.start)
        if first is None:
            continue
        last = first
        while last < len(scene.words) and scene.words[last].end <= ent.end:
            last += 1
        words = scene.words[first:last]
        if not _plausible(scene, words, first, last) or words[0].key[:4] in projects:
            continue
        start, end = words[0].start, words[-1].end
        stem, case = colon_case(scene.text[start:end])
        name = stem if case else nominative(stem, "organisation")
        yield organisation(
            start,
            end,
            name,
            rule="ner_organisation",
            confidence=0.6,
            subtype="other",
            case=case,
            others=[Name(name, short_kind(name))] if name.isupper() else [],
        )


def _plausible(scene: Scene, words: Sequence[Word], first: int, last: int) -> bool:
    if not words or len(words) > 4 or any(scene.blocked[first:last]):
        return False
    text = scene.text[words[0].start : words[-1].end]
    if any(word.before != " " for word in words[1:]) or is_place(scene.words, first, last):
        return False
    if len(words) == 1 and words[0].before != " " and not words[0].text.isupper():
        return False  # a word of a list or a menu
    if text.casefold() in label_words():
        return False
    if not all(word.capital for word in words) or _PROJECT_AFTER.match(scene.text, words[-1].end):
        return False
    if _PROJECT_BEFORE.search(_before(scene, first)):
        return False
    stem = re.sub(r":?(?:i?n|ssa|ssä|sta|stä|lle|lla|llä|lta|ltä)$", "", text).casefold()
    if {stem, text.casefold()} & word_set("common", "acronyms"):
        return False
    if text.casefold() in word_set("services", "names") or is_place_name(words[-1].text):
        return False
    if of_genitive(words[0].text) is not None and local_case(words[-1].text):
        return False  # Mynämäen Pyhessä: a village
    if any(head_of(word.text) for word in words) or "-" in words[-1].text.strip("-"):
        return False
    person = nominative(words[0].text, "person")
    if is_given_name(person) or (len(words) == 1 and is_surname(person)):
        return False
    if starts_sentence(words[0], first == 0) or text in degrees():
        return False
    if len(words) == 1 and (local_case(text) or text.endswith("n")) and not words[0].text.isupper():
        capitals = sum(map(str.isupper, text))
        if capitals < 2:
            return False
    return by_suffix(words[-1].text) is None


__all__ = ["foreign", "governed", "owned", "recognised"]
