"""Places that the data lacks: villages, districts, waters, told by form and company."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import cast

from spacy.tokens import Doc

from pipeline import lexicon
from pipeline.extract.areas.page import (
    LOCAL,
    Page,
    area,
    credible,
    hits,
    informal,
    listed,
    word_list,
)
from pipeline.extract.finds import EntityFind
from pipeline.extract.organisations.heads import starts_sentence
from pipeline.extract.paradigms import forms
from pipeline.names import Case, is_given_name, nominative


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
            common = name.casefold() in word_list("places", "common")
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
    hint = cast(Case, case) if case in LOCAL else None
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
    return area(page, word.start, word.end, informal(name), case, rule=rule, confidence=confidence)


def within(page: Page, at: int) -> tuple[list[EntityFind], int]:
    """``Mynämäen Pyhessä``: a village by the municipality or country it lies in."""
    for place, case, _, after in hits(page, at):
        if case != "Gen" or after >= len(page.words) or page.words[after].before != " ":
            continue
        if place.type not in ("municipality", "country", "region") or hits(page, after):
            continue
        village = _unknown(page, after, "place_within", 0.8)
        if village is None or not credible(page, at, place, case):
            continue
        word = page.words[at]
        outer = area(page, word.start, word.end, place, case, confidence=0.85)
        return [outer, village], after + 1
    return [], at


def beside(page: Page, finds: Sequence[EntityFind]) -> Iterator[EntityFind]:
    """``Viroon, Kuressaareen``; ``Kinnulassa ja Koiralammella``: in a list, in the same case."""
    starts = {word.start: at for at, word in enumerate(page.words)}
    ends = {word.end: at for at, word in enumerate(page.words)}
    for find in finds:
        if find.case not in LOCAL:
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


def suffixed(page: Page, at: int) -> tuple[list[EntityFind], int]:
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
    local = case in LOCAL and not sentence
    if not (local or (located and not sentence) or listed(page, at) or _water(page, at)):
        return [], at
    confidence = 0.85 if local else 0.75
    found = area(
        page, word.start, word.end, informal(name), case, rule="place_suffix", confidence=confidence
    )
    return [found], at + 1


def _water(page: Page, at: int) -> bool:
    """``Kyrönjoen ja Lapuanjoen valuma-alueilla``."""
    ahead = page.text[page.words[at].end : page.words[at].end + 60]
    return bool(re.match(r"(?: ja [A-ZÅÄÖ]\w+)? valuma-?alue", ahead))


def named_locations(doc: Doc, page: Page, finds: Sequence[EntityFind]) -> Iterator[EntityFind]:
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
        yield area(
            page,
            word.start,
            word.end,
            informal(name),
            case,
            rule="ner_place",
            confidence=0.65,
        )
