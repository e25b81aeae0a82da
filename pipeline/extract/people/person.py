"""A candidate read as a person: nominative, given and family name, degree."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from functools import lru_cache

from pipeline.extract.finds import EntityFind
from pipeline.extract.people.candidates import Candidate
from pipeline.extract.people.shapes import AFTER_GENITIVE
from pipeline.names import degrees, nominative, split_person
from pipeline.patterns import Pattern
from pipeline.records import Name

_ADDRESS = Pattern(r"([a-z-]+)\.([a-z-]+)\s?(?:@|\(at\)|\[at\])")
# What an inflected stem may have lost at its end: "Koivusen" is "Koivunen" or "Koivus(i)".
_LOST_ENDINGS = ("", "nen", "i", "a", "ä", "o")
_PLAIN = str.maketrans("åäöéüš", "aaoeus")
_DEGREE = re.compile(r"\s*[,(]\s*([^(),\n]{2,30}(?:\s\((?:YAMK|AMK)\))?)\)?")


def read_person(
    text: str, candidate: Candidate, known: Collection[str], fields: Sequence[tuple[int, int]]
) -> EntityFind:
    """The person whom ``candidate`` names.

    ``known`` are the capitalised words of the text, evidence for the nominative; ``fields`` are
    spans of form values, where names are not inflected.
    """
    start, end = candidate.start, candidate.end
    raw = text[start:end]
    if raw.isupper():
        raw = "-".join(part.title() for part in raw.split("-"))
    case = candidate.case
    if case is None and AFTER_GENITIVE.match(text, end):
        case = "Gen"
    if case is None and any(s <= start < e for s, e in fields):
        case = "Nom"
    words = raw.split()
    evidence = {word for word in known if word not in words} | _email_names(text, words)
    name = raw if case == "Nom" else nominative(raw, "person", evidence, case)
    given, family = split_person(name)
    return EntityFind(
        start=start,
        end=end,
        rule=candidate.rule,
        confidence=candidate.confidence,
        type="person",
        name=name,
        names=(Name(name, "full"),),
        label="PERSON",
        case=case,
        given_name=given or None,
        family_name=family or None,
        degree=_degree(text, end),
    )


def _email_names(text: str, words: Sequence[str]) -> set[str]:
    """Surname as an e-mail address of the text spells it, where that tells the nominative."""
    given, last = _fold(words[0]), words[-1]
    spelt = {family for first, family in _addressees(text) if first == given}
    if not spelt:
        return set()
    forms = {last[:cut] + ending for cut in range(3, len(last) + 1) for ending in _LOST_ENDINGS}
    return {form for form in forms if _fold(form) in spelt}


@lru_cache(maxsize=4)  # asked for at every name of a text
def _addressees(text: str) -> tuple[tuple[str, str], ...]:
    """Given and family names of the text's e-mail addresses, as these spell them."""
    return tuple(_ADDRESS.findall(text))


def _fold(word: str) -> str:
    return word.casefold().translate(_PLAIN)


def _degree(text: str, end: int) -> str | None:
    """A degree in parentheses or after a comma right behind the name: ``(YTM)``."""
    match = _DEGREE.match(text, end)
    degree = match.group(1).strip() if match else None
    return degree if degree in degrees() else None
