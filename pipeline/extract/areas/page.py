"""What the rules for areas look at, and the finds that they make."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from spacy.tokens import Doc

from pipeline.extract.areas.shapes import LOCAL, local_case, word_list
from pipeline.extract.doc_text import tagged, text_of
from pipeline.extract.finds import EntityFind
from pipeline.extract.gazetteer import Word, words_of
from pipeline.extract.organisations.heads import starts_sentence
from pipeline.extract.organisations.scene import is_place_name
from pipeline.extract.places import Place, gazetteer, of_genitive
from pipeline.names import is_given_name
from pipeline.records import Name

LABELLED = re.compile(
    r"(?:alue|paikkakunta|kunta|kunnat|maakunta|maakunnat|seutukunta|seutukunnat|sijainti)"
    r"[^\n:]{0,30}(?::\s*|\n\s*)$",
    re.IGNORECASE,
)


_LOC_ENTS = frozenset({"GPE", "LOC", "FAC"})


class Page(NamedTuple):
    """What area rules look at: the text, its words, free words, person names, place spans."""

    text: str
    words: Sequence[Word]
    free: Sequence[bool]
    surnames: frozenset[str]
    located: frozenset[int]


def read_page(doc: Doc, taken: Sequence[EntityFind]) -> Page:
    """The words of a text, which of them are free for areas, and whose surnames it has."""
    text = text_of(doc)
    words = words_of(text)
    spans = [(find.start, find.end) for find in taken if find.label != "ANAPHOR"]
    surnames = {f.family_name or f.name.split()[-1] for f in taken if f.type == "person"}
    located: set[int] = set()
    for ent in tagged(doc):
        if ent.label == "PERSON":
            parts = ent.text.split()
            if len(parts) not in (2, 3) or "\n" in ent.text:
                continue
            if of_genitive(parts[0]) is None and ent.text.istitle():
                placed = local_case(parts[-1]) and is_place_name(parts[-1])  # N. N. Utsjoelta
                spans.append((ent.start, ent.end - len(parts[-1]) * bool(placed)))
                surnames.add(parts[-2 if placed else -1])
        elif ent.label in _LOC_ENTS:
            located.update(range(ent.start, ent.end))
    covered = bytearray(len(text))
    for start, end in spans:
        covered[start:end] = b"\1" * (end - start)
    free = [covered.find(1, w.start, w.end) < 0 for w in words]
    return Page(text, words, free, frozenset(surnames), frozenset(located))


def area(
    start: int,
    end: int,
    place: Place,
    case: str | None,
    *,
    rule: str = "gazetteer",
    confidence: float = 0.95,
) -> EntityFind:
    """A find of a place."""
    return EntityFind(
        start=start,
        end=end,
        rule=rule,
        confidence=confidence,
        type="area",
        name=place.name,
        names=place.names,
        label="LOC" if place.type == "other" else "GPE",
        case=case,
        subtype=place.type,
        code=place.code,
        latitude=place.latitude,
        longitude=place.longitude,
    )


def informal(name: str, *others: str) -> Place:
    """An area of type ``other`` that the data does not have."""
    names = tuple(Name(other, "full" if other == name else "alias") for other in (name, *others))
    return Place(name=name, genitive="", names=names, type="other")


def hits(page: Page, at: int) -> list[tuple[Place, str, int, int]]:
    """Places at a word: place, case, end offset and index after it; longest first."""
    found = []
    for hit in gazetteer().at(page.words, at):
        if all(page.free[at : hit.last]):
            found.append((hit.entry.item, hit.entry.case, hit.end, hit.last))
    return found


def credible(page: Page, at: int, place: Place, case: str) -> bool:
    """Whether a place's name is a place here and not a person's or a common word."""
    if place.type == "wellbeing_county":
        return False
    word = page.words[at]
    if place.name[:1].isupper() and not word.capital:
        return False
    borne = any(_same_stem(place, surname) for surname in page.surnames)
    local = case in LOCAL
    if borne:
        return local
    doubtful = place.name in word_list("ambiguous", "names")
    if (doubtful or is_given_name(place.name)) and not local:
        if not doubtful or place.name in word_list("ambiguous", "mild"):
            sentence = starts_sentence(word, at == 0)
            return not sentence or word.start in page.located or listed(page, at)
        return word.start in page.located or listed(page, at)
    return True


def inside_name(page: Page, at: int) -> bool:
    """Whether the word before makes a place's name the last word of another name (of a person)."""
    if at == 0 or page.words[at].before != " ":
        return False
    before = page.words[at - 1]
    if not page.free[at - 1] or not before.text.istitle() or before.text.endswith("n"):
        return False
    if starts_sentence(before, at == 1) and not is_given_name(before.text):
        return False
    return not is_place_name(before.text)


def _same_stem(place: Place, surname: str) -> bool:
    return surname in (place.name, place.genitive)


def listed(page: Page, at: int) -> bool:
    """Whether a word stands in a list of places or after a label of places."""
    word = page.words[at]
    if LABELLED.search(page.text[max(0, word.start - 60) : word.start]):
        return True
    neighbours = []
    if at > 0 and word.before in (", ", " "):
        back = at - 2 if page.words[at - 1].text in ("ja", "sekä") and at > 1 else at - 1
        if back == at - 2 or word.before == ", ":
            neighbours.append(back)
    if at + 1 < len(page.words):
        after = page.words[at + 1]
        if after.before == ", ":
            neighbours.append(at + 1)
        elif after.text in ("ja", "sekä") and at + 2 < len(page.words):
            neighbours.append(at + 2)
    return any(gazetteer().at(page.words, other) for other in neighbours)
