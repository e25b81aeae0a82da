"""Organisations without a telling head: values of form fields, neighbours in lists, named spans."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from spacy.tokens import Doc

from pipeline import lexicon
from pipeline.extract.doc_text import Tagged, tagged
from pipeline.extract.finds import EntityFind
from pipeline.extract.gazetteer import Word, colon_case
from pipeline.extract.gazetteer import word as make_word
from pipeline.extract.layout import Layout
from pipeline.extract.organisations.definitions import unbound
from pipeline.extract.organisations.heads import head_of, is_opener, umbrellas, word_set
from pipeline.extract.organisations.scene import LEGAL, Scene, organisation, short_kind
from pipeline.extract.places import Place, gazetteer, of_genitive
from pipeline.names import is_given_name, nominative
from pipeline.records import Name

_FIELDS = frozenset(
    {"lead", "coordinator", "implementer", "partner", "actors", "funder", "authority"}
    | {"contact_organisation"}
)
_VALUE_BREAK = re.compile(r"[,;/•]|\s(?:ja|sekä|ynnä)\s|\s\(|\)|\n|:")
_AFTER = re.compile(r",? (?:ja|sekä) |, ")
_WORDS_MAX = 6


@cache
def label_words() -> frozenset[str]:
    """Labels of forms: a value that is one is the next field's."""
    labels = lexicon.settings("form_labels")["labels"].values()
    return frozenset(label for group in labels for label in group)


def is_place(words: Sequence[Word], first: int, last: int) -> bool:
    """Whether exactly ``words[first:last]`` is the name of a place."""
    return any(hit.last == last for hit in gazetteer().at(words, first))


def is_person(scene: Scene, first: int, last: int) -> bool:
    """Whether ``words[first:last]`` looks like a person's name."""
    if any(scene.blocked[first:last]):
        return True
    return last - first >= 1 and is_given_name(scene.words[first].text)


def umbrella_names(scene: Scene) -> Iterator[EntityFind]:
    """``Leader Kantri``, ``ProAgria Lappi``, ``MTK Pohjois-Suomen``: a local body of a kind."""
    for at, word in enumerate(scene.words[:-1]):
        subtype = umbrellas().get(word.text)
        after = scene.words[at + 1]
        if subtype is None or after.before != " " or not after.capital:
            continue
        last = at + 2
        places = gazetteer().at(scene.words, at + 1)
        if places:
            place: Place = places[0].entry.item
            brand, case, last = place.name, places[0].entry.case, places[0].last
        elif head_of(after.text) is not None or is_opener(after, False):
            continue
        else:
            brand, found = unbound(after.text, scene.text)
            case = found or "Nom"
        name = f"{word.text} {brand}"
        yield organisation(
            word.start,
            scene.words[last - 1].end,
            name,
            rule="umbrella",
            confidence=0.85,
            subtype=subtype,
            case=case,
        )


_HYPHENED = re.compile(r"([A-ZÅÄÖ]{2,6})-([A-ZÅÄÖ][\w-]+)")


def hyphened_umbrellas(scene: Scene) -> Iterator[EntityFind]:
    """``MTK-Pohjois-Savo``: an umbrella name joined to its place by a hyphen."""
    for word in scene.words:
        match = _HYPHENED.fullmatch(word.text)
        if match is None or match.group(1) not in umbrellas():
            continue
        hits = gazetteer().at([make_word(word.start, word.end, match.group(2))], 0)
        if hits:
            yield organisation(
                word.start,
                word.end,
                f"{match.group(1)}-{hits[0].entry.item.name}",
                rule="umbrella",
                confidence=0.9,
                subtype=umbrellas()[match.group(1)],
                case=hits[0].entry.case,
            )


def field_values(scene: Scene, page: Layout) -> Iterator[EntityFind]:
    """Values of fields that hold bodies (``Päätoteuttaja: Kiipula``), whatever they are called."""
    for field in page.fields:
        if field.key not in _FIELDS:
            continue
        start = field.start
        for match in [*_VALUE_BREAK.finditer(scene.text, field.start, field.end), None]:
            end = match.start() if match else field.end
            found = _value(scene, start, end)
            if found is not None:
                yield found
            start = match.end() if match else end
            if match is not None and match.group().strip() == "(":
                break


def _value(scene: Scene, start: int, end: int) -> EntityFind | None:
    first = next((i for i, word in enumerate(scene.words) if word.start >= start), None)
    if first is None:
        return None
    last = first
    while last < len(scene.words) and scene.words[last].end <= end:
        last += 1
    words = scene.words[first:last]
    if not 0 < len(words) <= _WORDS_MAX or not words[0].capital:
        return None
    if scene.text[words[-1].end : end].strip(" .") or is_place(scene.words, first, last):
        return None
    if is_person(scene, first, last) or is_opener(words[0], True) or len(words[0].text) < 2:
        return None
    heads = [head_of(word.text) for word in words]
    if any(hit is not None and hit.plural for hit in heads):
        return None
    if len(words) == 1 and not _name_like(words[0].text):
        return None
    if any(word.text.islower() and not _inner_word(word.text) for word in words[1:]):
        return None
    name = scene.text[words[0].start : words[-1].end]
    if name.casefold() in word_set("services", "names") | label_words():
        return None
    return organisation(
        words[0].start,
        words[-1].end,
        name,
        rule="field_value",
        confidence=0.75,
        subtype="other",
        case="Nom",
    )


def _name_like(word: str) -> bool:
    """Whether a single word may be a body's name: no common noun of forms."""
    hit = head_of(word)
    return hit is None or bool(hit.prefix)


def _inner_word(word: str) -> bool:
    hit = head_of(word)
    return hit is not None or word in ("ja", "och", "för", "of", "and", "the", "i", "på")


def neighbours(scene: Scene, finds: Sequence[EntityFind], doc: Doc) -> Iterator[EntityFind]:
    """Capitalised names in a list with found bodies: ``X Oy, Y Oyj sekä A-Insinöörit``."""
    named = {i for ent in tagged(doc) if ent.label in ("ORG", "PRODUCT") for i in _chars(ent)}
    not_named = {i for ent in tagged(doc) if ent.label in ("PERSON", "GPE") for i in _chars(ent)}
    index = {word.start: i for i, word in enumerate(scene.words)}
    covered = {i for find in finds for i in range(find.start, find.end)}
    for find in finds:
        link = _AFTER.match(scene.text, find.end)
        if link is None or link.end() not in index or link.end() in covered:
            continue
        first = index[link.end()]
        last = first
        while last < len(scene.words) and _goes_on(scene, first, last, covered):
            last += 1
        if last == first or is_place(scene.words, first, last) or is_person(scene, first, last):
            continue
        if scene.words[first].key in word_set("common", "acronyms"):
            continue
        words = scene.words[first:last]
        if words[-1].text.endswith("n") and re.match(r" [a-zåäö]", scene.text[words[-1].end :]):
            continue  # a genitive of the noun that follows
        if any(of_genitive(word.text) or head_of(word.text) for word in words):
            continue
        capitals = any(sum(map(str.isupper, word.text)) > 1 for word in words)
        sure = any(word.start in named for word in words) or capitals
        if not sure and (find.rule != LEGAL or any(w.start in not_named for w in words)):
            continue
        yield _unheaded(scene, first, last, find)


def _chars(ent: Tagged) -> range:
    return range(ent.start, ent.end)


def _goes_on(scene: Scene, first: int, at: int, covered: set[int]) -> bool:
    word = scene.words[at]
    if not word.capital or word.start in covered or at - first > 3:
        return False
    tail = word.text.rpartition("-")[2]
    if tail != word.text and tail.islower() and head_of(tail) is None:
        return False  # a common compound: TKI-yksikkö, X-hanke
    street = word.text.casefold().endswith(tuple(sorted(word_set("common", "streets"))))
    return not street and (at == first or word.before == " ")


def _unheaded(scene: Scene, first: int, last: int, neighbour: EntityFind) -> EntityFind:
    start, end = scene.words[first].start, scene.words[last - 1].end
    written = scene.text[start:end]
    case = neighbour.case
    stem, colon = colon_case(written)
    if colon is not None:
        name, case = stem, colon
    elif case in (None, "Nom"):
        name, case = written, "Nom"
    else:
        name = nominative(written, "organisation")
    return organisation(
        start,
        end,
        name,
        rule="list_neighbour",
        confidence=0.65,
        subtype="company" if neighbour.subtype == "company" else "other",
        case=case,
        others=[Name(name, short_kind(name))] if name.isupper() else [],
    )
