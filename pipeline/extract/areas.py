"""Finds areas: municipalities, regions, sub-regions, countries, larger areas and villages.

Names come from ``places.csv`` in all their forms; villages and waters that are not there from
their last part and case, or from the name finder. A place inside the name of a body, person or
project is no area of its own: those finds come in as ``taken``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import NamedTuple, cast

from spacy.tokens import Doc

from pipeline import lexicon
from pipeline.extract.finds import EntityFind
from pipeline.extract.gazetteer import Word, words_of
from pipeline.extract.gazetteer import word as make_word
from pipeline.extract.org_coordination import expanded, genitive_list
from pipeline.extract.org_heads import starts_sentence
from pipeline.extract.paradigms import forms
from pipeline.extract.places import Place, gazetteer, of_genitive, places
from pipeline.names import Case, is_given_name, nominative
from pipeline.records import Name

_LOCAL = frozenset({"Ine", "Ela", "Ill", "Ade", "Abl", "All"})
_COUNTY_AREA = re.compile(r"\s+alue(?:en|ella|elle|elta|ena|eseen|tta)?\b")
_LABELLED = re.compile(
    r"(?:alue|paikkakunta|kunta|kunnat|maakunta|maakunnat|seutukunta|seutukunnat|sijainti)"
    r"(?:[^\n:]{0,30})?:?\s*\n?\s*$",
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


def find_areas(doc: Doc, taken: Sequence[EntityFind]) -> list[EntityFind]:
    """Mentions of areas in text order, not overlapping each other nor ``taken`` finds.

    One exception: a wellbeing services county in a local case (``Lapin hyvinvointialueella``) or
    before *alue* is an area too, although a find of ``taken`` has the same span.
    """
    page = _page(doc, taken)
    finds: list[EntityFind] = []
    at = 0
    while at < len(page.words):
        found, at = _at(page, at)
        finds.extend(found)
    finds.extend(list(_beside(page, finds)))
    finds.extend(_counties(page))
    finds.extend(list(_named_locations(doc, page, finds)))
    return _separate(finds)


def _page(doc: Doc, taken: Sequence[EntityFind]) -> Page:
    text = doc.text
    words = words_of(text)
    spans = [(find.start, find.end) for find in taken if find.label != "ANAPHOR"]
    surnames = {f.family_name or f.name.split()[-1] for f in taken if f.type == "person"}
    located: set[int] = set()
    for ent in doc.ents:
        parts = ent.text.split()
        if ent.label_ == "PERSON" and len(parts) in (2, 3) and "\n" not in ent.text:
            if of_genitive(parts[0]) is None and ent.text.istitle():
                spans.append((ent.start_char, ent.end_char))
                surnames.add(parts[-1])
        elif ent.label_ in _LOC_ENTS:
            located.update(range(ent.start_char, ent.end_char))
    free = [all(w.end <= s or e <= w.start for s, e in spans) for w in words]
    return Page(text, words, free, frozenset(surnames), frozenset(located))


def _area(
    page: Page,
    start: int,
    end: int,
    place: Place,
    case: str | None,
    *,
    rule: str = "gazetteer",
    confidence: float = 0.95,
) -> EntityFind:
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


def _at(page: Page, at: int) -> tuple[list[EntityFind], int]:
    """Areas that start at a word, and where to go on."""
    word = page.words[at]
    if not page.free[at] or not (word.capital or word.key[:5] in _lower_starts()):
        return [], at + 1
    for rule in (_coordinated, _hanging, _directed, _headed, _within, _plain, _by_suffix):
        found, after = rule(page, at)
        if found:
            return found, after
    return [], at + 1


@cache
def _lower_starts() -> frozenset[str]:
    """First letters of the lower-case words that an area may start with."""
    lower = {place.name[:5] for place in places() if place.name[:1].islower()}
    return frozenset(lower | {form[:5] for form in _directions()})


def _hits(page: Page, at: int) -> list[tuple[Place, str, int, int]]:
    """Places at a word: place, case, end offset and index after it; longest first."""
    found = []
    for hit in gazetteer().at(page.words, at):
        if all(page.free[at : hit.last]):
            found.append((hit.entry.item, hit.entry.case, hit.end, hit.last))
    return found


def _plain(page: Page, at: int) -> tuple[list[EntityFind], int]:
    """A place of the data in any case."""
    for place, case, end, after in _hits(page, at):
        if not _credible(page, at, place, case):
            continue
        confidence = 0.95 if case in _LOCAL else 0.85
        return [_area(page, page.words[at].start, end, place, case, confidence=confidence)], after
    return [], at


@cache
def _word_list(section: str, key: str) -> frozenset[str]:
    return frozenset(lexicon.settings("area_words")[section][key])


def _credible(page: Page, at: int, place: Place, case: str) -> bool:
    """Whether a place's name is a place here and not a person's or a common word."""
    if place.type == "wellbeing_county":
        return False
    word = page.words[at]
    if place.name[:1].isupper() and not word.capital:
        return False
    borne = any(_same_stem(place, surname) for surname in page.surnames)
    local = case in _LOCAL
    if borne:
        return local
    first_name = is_given_name(place.name) and place.name not in _word_list("ambiguous", "mild")
    if (first_name or place.name in _word_list("ambiguous", "names")) and not local:
        if place.name in _word_list("ambiguous", "mild"):
            sentence = starts_sentence(word, at == 0)
            return not sentence or word.start in page.located or _listed(page, at)
        return word.start in page.located or _listed(page, at)
    return True


def _same_stem(place: Place, surname: str) -> bool:
    return surname in (place.name, place.genitive)


def _listed(page: Page, at: int) -> bool:
    """Whether a word stands in a list of places or after a label of places."""
    word = page.words[at]
    if _LABELLED.search(page.text[max(0, word.start - 60) : word.start]):
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


def _headed(page: Page, at: int) -> tuple[list[EntityFind], int]:
    """``Lapin maakunnassa``, ``Kuopion seudulla``."""
    if at + 1 >= len(page.words) or page.words[at + 1].before != " " or not page.free[at + 1]:
        return [], at
    head = _head_forms().get(page.words[at + 1].text)
    word = page.words[at]
    if head is None or head[3] or not word.capital or not word.text.endswith("n"):
        return [], at
    kind, noun, case, _ = head
    place = _with_head(word.text, kind, noun)
    if place is None or (place.code is None and of_genitive(word.text) is None):
        return [], at
    end = page.words[at + 1].end
    return [_area(page, word.start, end, place, case, rule="headed_area", confidence=0.93)], at + 2


def _coordinated(page: Page, at: int) -> tuple[list[EntityFind], int]:
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
        found.append(
            _area(page, word.start, stop, place, case, rule="coordinated_area", confidence=0.93)
        )
    return found


def _hanging(page: Page, at: int) -> tuple[list[EntityFind], int]:
    """``Etelä- ja Pohjois-Savossa``: the first part takes the second's last part."""
    words = page.words
    if not words[at].text.endswith("-") or not words[at].capital or at + 2 >= len(words):
        return [], at
    if words[at + 1].text not in ("ja", "sekä") or not page.free[at + 2]:
        return [], at
    for _place, case, end, after in _hits(page, at + 2):
        second = words[at + 2].text
        full = words[at].text + second.replace("–", "-").rpartition("-")[2]
        virtual = make_word(words[at].start, words[at].end, full)
        first = gazetteer().at([virtual], 0)
        if not first:
            continue
        one = _area(
            page,
            words[at].start,
            words[at].end,
            first[0].entry.item,
            case,
            rule="coordinated_area",
            confidence=0.92,
        )
        two = _area(page, words[at + 2].start, end, _place, case)
        return [one, two], after
    return [], at


@cache
def _directions() -> dict[str, tuple[str, str]]:
    """Forms of adjectives of direction: nominative and case."""
    found: dict[str, tuple[str, str]] = {}
    for adjective in lexicon.settings("area_words")["directions"]:
        for form in forms(adjective):
            if not form.plural:
                found.setdefault(form.text, (adjective, form.case))
    return found


def _directed(page: Page, at: int) -> tuple[list[EntityFind], int]:
    """``itäisellä Uudellamaalla``: an area of its own."""
    word = page.words[at]
    direction = _directions().get(word.text.casefold())
    if direction is None or at + 1 >= len(page.words):
        return [], at
    adjective, case = direction
    for place, place_case, end, after in _hits(page, at + 1):
        if place_case != case or place.type not in ("region", "country", "other", "subregion"):
            continue
        prefix = lexicon.settings("area_words")["directions"][adjective]
        area = informal(f"{adjective} {place.name}", f"{prefix}-{place.name}")
        return [
            _area(page, word.start, end, area, case, rule="directed_area", confidence=0.85)
        ], after
    return [], at


@cache
def _suffix_forms() -> dict[str, tuple[str, str]]:
    found: dict[str, tuple[str, str]] = {}
    for suffix in lexicon.settings("area_words")["places"]["suffixes"]:
        for form in forms(suffix):
            if not form.plural:
                found.setdefault(form.text, (suffix, form.case))
    return found


def by_suffix(word: str) -> tuple[str, str] | None:
    """Nominative and case of a word that ends like a village or a lake (``Ruuskankylältä``)."""
    for cut in range(3, len(word) - 2):
        found = _suffix_forms().get(word[cut:])
        if found is not None:
            name = word[:cut] + found[0]
            common = name.casefold() in _word_list("places", "common")
            return None if common else (name, found[1])
    return None


_SHIPPED = re.compile(
    r"(?P<Ine>ss[aä])$|(?P<Ela>st[aä])$|(?P<Ade>ll[aä])$|(?P<Abl>lt[aä])$|(?P<All>lle)$"
    r"|(?P<Ill>(?P<vowel>[aeiouyäö])(?P=vowel)n|siin|h[aeiouyäö]n)$"
)


def local_case(word: str) -> str | None:
    """The local case that a word's ending shows, if any (``Höljäkkään`` → ``Ill``)."""
    match = _SHIPPED.search(word)
    if match is None or match.start() < 2:
        return None
    return next(case for case, ending in match.groupdict().items() if ending)


def unknown_name(word: str, case: str | None) -> str:
    """The nominative of a place that the data lacks; names in -iset are told in -inen."""
    hint = cast(Case, case) if case in _LOCAL else None
    name = nominative(word, "place", case=hint)
    return name[:-3] + "nen" if name.endswith("iset") else name


def _unknown(page: Page, at: int, rule: str, confidence: float) -> EntityFind | None:
    """A capitalised word in a local case as a place that the data lacks."""
    word = page.words[at]
    case = local_case(word.text)
    plain = word.text.replace("-", "").isalpha() and word.text.istitle()
    if case is None or not plain or not page.free[at] or word.text in page.surnames:
        return None
    read = by_suffix(word.text)
    name = read[0] if read is not None else unknown_name(word.text, case)
    if name in page.surnames or is_given_name(name):
        return None
    return _area(page, word.start, word.end, informal(name), case, rule=rule, confidence=confidence)


def _within(page: Page, at: int) -> tuple[list[EntityFind], int]:
    """``Mynämäen Pyhessä``: a village by the municipality or country it lies in."""
    for place, case, _, after in _hits(page, at):
        if case != "Gen" or after >= len(page.words) or page.words[after].before != " ":
            continue
        if place.type not in ("municipality", "country", "region") or _hits(page, after):
            continue
        village = _unknown(page, after, "place_within", 0.8)
        if village is None or not _credible(page, at, place, case):
            continue
        word = page.words[at]
        outer = _area(page, word.start, word.end, place, case, confidence=0.85)
        return [outer, village], after + 1
    return [], at


def _beside(page: Page, finds: Sequence[EntityFind]) -> Iterator[EntityFind]:
    """``Viroon, Kuressaareen``; ``Kinnulassa ja Koiralammella``: in a list, in the same case."""
    starts = {word.start: at for at, word in enumerate(page.words)}
    ends = {word.end: at for at, word in enumerate(page.words)}
    for find in finds:
        if find.case not in _LOCAL:
            continue
        after = re.compile(r", | ja | sekä ").match(page.text, find.end)
        before = re.compile(r"(\w) ?(?:,|ja|sekä) $").search(page.text[: find.start])
        near = [starts.get(after.end())] if after else []
        near += [ends.get(before.end(1))] if before else []
        for at in near:
            if at is None or starts_sentence(page.words[at], at == 0):
                continue
            place = _unknown(page, at, "place_beside", 0.75)
            if place is not None and _alike(place.case, find.case):
                yield place


def _alike(one: str | None, other: str | None) -> bool:
    """Whether two local cases say the same relation (``Tampereella ja Nokiassa``)."""
    pairs = ({"Ine", "Ade"}, {"Ela", "Abl"}, {"Ill", "All"})
    return any({one, other} <= pair for pair in pairs)


def _by_suffix(page: Page, at: int) -> tuple[list[EntityFind], int]:
    """A village, district or water that the data lacks, told by its last part."""
    word = page.words[at]
    if not word.text[:1].isupper() or not word.text[1:].islower():
        return [], at
    read = by_suffix(word.text)
    if read is None:
        return [], at
    name, case = read
    if name in page.surnames or word.text in page.surnames:
        return [], at
    located = word.start in page.located
    sentence = starts_sentence(word, at == 0)
    local = case in _LOCAL and not sentence
    if not (local or (located and not sentence) or _listed(page, at) or _water(page, at)):
        return [], at
    confidence = 0.85 if local else 0.75
    area = _area(
        page, word.start, word.end, informal(name), case, rule="place_suffix", confidence=confidence
    )
    return [area], at + 1


def _water(page: Page, at: int) -> bool:
    """``Kyrönjoen ja Lapuanjoen valuma-alueilla``."""
    ahead = page.text[page.words[at].end : page.words[at].end + 60]
    return bool(re.match(r"(?: ja [A-ZÅÄÖ]\w+)? valuma-?alue", ahead))


def _counties(page: Page) -> Iterator[EntityFind]:
    """A wellbeing services county as an area: in a local case, or before *alue*."""
    for at in range(len(page.words)):
        for hit in gazetteer().at(page.words, at):
            place = hit.entry.item
            if place.type != "wellbeing_county":
                continue
            before = _COUNTY_AREA.match(page.text, hit.end)
            labelled = _LABELLED.search(
                page.text[max(0, page.words[at].start - 60) : page.words[at].start]
            )
            if before or hit.entry.case in ("Ade", "Ine") or (labelled and hit.entry.case == "Nom"):
                end = before.end() if before else hit.end
                yield _area(
                    page,
                    page.words[at].start,
                    end,
                    place,
                    hit.entry.case,
                    rule="county_area",
                    confidence=0.85,
                )
            break


def _named_locations(doc: Doc, page: Page, finds: Sequence[EntityFind]) -> Iterator[EntityFind]:
    """Places of the name finder in a local case that no rule found (``Tesomassa``)."""
    covered = {i for find in finds for i in range(find.start, find.end)}
    for at, word in enumerate(page.words):
        if word.start not in page.located or word.start in covered or not page.free[at]:
            continue
        plain = word.text.isalpha() and word.text.istitle()
        if not plain or len(word.text) < 5:
            continue
        if starts_sentence(word, at == 0) or word.text in page.surnames:
            continue
        case = local_case(word.text)
        name = unknown_name(word.text, case)
        if case is None or len(name) < 3 or is_given_name(name):
            continue
        yield _area(
            page,
            word.start,
            word.end,
            informal(name),
            case,
            rule="ner_place",
            confidence=0.65,
        )


def _separate(finds: Iterable[EntityFind]) -> list[EntityFind]:
    """Finds that do not overlap each other, the longer first; in text order."""
    kept: list[EntityFind] = []
    for find in sorted(finds, key=lambda f: (f.start - f.end, -f.confidence, f.start)):
        if all(find.end <= other.start or other.end <= find.start for other in kept):
            kept.append(find)
    return sorted(kept, key=lambda f: f.start)


__all__ = ["by_suffix", "find_areas", "informal"]
