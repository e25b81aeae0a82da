"""Places that the data lacks: villages, districts, waters, told by form and company."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pipeline.extract.areas.page import (
    Page,
    area,
    credible,
    hits,
    informal,
    inside_name,
    listed,
)
from pipeline.extract.areas.shapes import LOCAL, by_suffix, local_case, unknown_name, word_list
from pipeline.extract.finds import EntityFind
from pipeline.extract.gazetteer import Word
from pipeline.extract.organisations.heads import head_of, starts_sentence
from pipeline.names import is_given_name, nominative

# Ends of adjectives and participles in the nominative, as far as a place may be read from them.
_ADJECTIVES = ("va", "vä", "vaa", "vää", "nen", "ton", "tön")


def _unknown(page: Page, at: int, rule: str, confidence: float) -> EntityFind | None:
    """A capitalised word in a local case as a place that the data lacks."""
    word = page.words[at]
    case = local_case(word.text)
    plain = word.text.replace("-", "").isalpha() and word.text.istitle()
    if case is None or not plain or not page.free[at] or word.text in page.surnames:
        return None
    events = tuple(sorted(word_list("places", "events")))
    read = by_suffix(word.text)
    name = read[0] if read is not None else unknown_name(word.text, case)
    if name in page.surnames or is_given_name(name) or name.endswith(events):
        return None
    return area(word.start, word.end, informal(name), case, rule=rule, confidence=confidence)


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
        outer = area(word.start, word.end, place, case, confidence=0.85)
        return [outer, village], after + 1
    return [], at


def nearby(page: Page, at: int) -> tuple[list[EntityFind], int]:
    """Unknown genitives before a noun of places: ``Rehulan ja Utulan kautta``."""
    word = page.words[at]
    if not word.text.istitle() or not word.text.endswith("n") or starts_sentence(word, at == 0):
        return [], at
    end = at
    while end + 1 < len(page.words):
        after = page.words[end + 1]
        if after.before == ", " and after.text.istitle() and after.text.endswith("n"):
            end += 1
        elif after.before == " " and after.text in ("ja", "sekä") and end + 2 < len(page.words):
            end += 2
        else:
            break
    if end + 1 >= len(page.words) or page.words[end + 1].before != " ":
        return [], at
    if not page.words[end + 1].text.startswith(tuple(word_list("nearby", "stems"))):
        return [], at
    if word.text.endswith(("vaan", "vään", "iseen")) and local_case(page.words[end + 1].text):
        return [], at  # "Kulkevaan kylään": an adjective of the noun
    name = nominative(word.text, "place", case="Gen")
    if word.text in page.surnames or name in page.surnames or is_given_name(name):
        return [], at
    if hits(page, at) or head_of(word.text) is not None or len(word.text) < 5:
        return [], at
    if name.casefold() in word_list("places", "common"):
        return [], at
    found = area(word.start, word.end, informal(name), "Gen", rule="place_nearby", confidence=0.75)
    return [found], at + 1


_JOINS = re.compile(r", | ja | sekä ")
_JOINED = re.compile(r"(\w) ?(?:,|ja|sekä) $")
LONGEST_JOINT = 8  # characters, the word's last one among them


def beside(page: Page, finds: Sequence[EntityFind]) -> Iterator[EntityFind]:
    """``Viroon, Kuressaareen``; ``Kinnulassa ja Koiralammella``: in a list, in the same case."""
    starts = {word.start: at for at, word in enumerate(page.words)}
    ends = {word.end: at for at, word in enumerate(page.words)}
    for find in finds:
        if find.case not in LOCAL:
            continue
        after = _JOINS.match(page.text, find.end)
        low = max(0, find.start - LONGEST_JOINT)
        before = _JOINED.search(page.text[low : find.start])
        near = [starts.get(after.end())] if after else []
        near += [ends.get(low + before.end(1))] if before else []
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
    if case not in LOCAL and inside_name(page, at):
        return [], at
    located = word.start in page.located
    sentence = starts_sentence(word, at == 0) and not word.before.endswith(": ")
    local = case in LOCAL and not sentence
    if not (local or (located and not sentence) or listed(page, at) or _water(page, at)):
        return [], at
    confidence = 0.85 if local else 0.75
    found = area(
        word.start, word.end, informal(name), case, rule="place_suffix", confidence=confidence
    )
    return [found], at + 1


def _water(page: Page, at: int) -> bool:
    """``Kyrönjoen ja Lapuanjoen valuma-alueilla``."""
    ahead = page.text[page.words[at].end : page.words[at].end + 60]
    return bool(re.match(r"(?: ja [A-ZÅÄÖ]\w+)? valuma-?alue", ahead))


def name_of_common(word: Word, at: int) -> bool:
    """Whether a word that starts a sentence may be a common noun (it is short or in doubt)."""
    if not starts_sentence(word, at == 0):
        return False
    in_text = word.before.endswith((". ", ": "))
    return len(word.text) < 9 or not in_text or local_case(word.text) in (None, "Ill")


def _attribute(page: Page, at: int, case: str, name: str) -> bool:
    """``Kulkevaan kylään``: an adjective or participle before its noun, capital or not."""
    behind = page.words[at + 1] if at + 1 < len(page.words) else None
    return (
        behind is not None
        and behind.before == " "
        and behind.text.islower()
        and name.casefold().endswith(_ADJECTIVES)
        and local_case(behind.text) == case
    )


def named_locations(page: Page, finds: Sequence[EntityFind]) -> Iterator[EntityFind]:
    """Places of the name finder in a local case that no rule found (``Hakapellolla``)."""
    covered = {i for find in finds for i in range(find.start, find.end)}
    for at, word in enumerate(page.words):
        if word.start not in page.located or word.start in covered or not page.free[at]:
            continue
        plain = word.text.isalpha() and word.text.istitle()
        if not plain or len(word.text) < 5:
            continue
        if word.text in page.surnames or name_of_common(word, at):
            continue
        case = local_case(word.text)
        name = unknown_name(word.text, case)
        if case is None or len(name) < 3 or is_given_name(name):
            continue
        if _attribute(page, at, case, name):
            continue
        yield area(
            word.start,
            word.end,
            informal(name),
            case,
            rule="ner_place",
            confidence=0.65,
        )
