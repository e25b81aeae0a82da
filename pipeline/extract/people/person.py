"""A candidate read as a person: nominative, given and family name, degree."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence, Set
from functools import lru_cache

from pipeline.extract.finds import EntityFind
from pipeline.extract.layout import Field
from pipeline.extract.people.candidates import Candidate
from pipeline.extract.people.shapes import AFTER_GENITIVE, unshouted
from pipeline.extract.spans import Spans
from pipeline.names import KnownWords, degrees, nominative, split_person
from pipeline.patterns import Pattern
from pipeline.records import Name

_ADDRESS = Pattern(r"([a-z-]+)\.([a-z-]+)\s?(?:@|\(at\)|\[at\])")
# What an inflected stem may have lost at its end: "Koivusen" is "Koivunen" or "Koivus(i)".
_LOST_ENDINGS = ("", "nen", "i", "a", "ä", "o")
_PLAIN = str.maketrans("åäöéüš", "aaoeus")
_DEGREE = re.compile(r"\s*[,(]\s*([^(),\n]{2,30}(?:\s\((?:YAMK|AMK)\))?)\)?")


def read_person(
    text: str, candidate: Candidate, known: KnownWords, fields: Spans[Field]
) -> EntityFind:
    """The person whom ``candidate`` names.

    ``known`` are the capitalised words of the text, evidence for the nominative; ``fields`` are
    those of a form: in their values names are not inflected.
    """
    start, end = candidate.start, candidate.end
    raw = unshouted(text[start:end])
    case = candidate.case
    if case is None and AFTER_GENITIVE.match(text, end):
        case = "Gen"
    if case is None and fields.touches(start, start + 1):
        case = "Nom"
    words = raw.replace(",", "").split()
    if candidate.surname_first:
        words.reverse()
        raw = " ".join(words)
    evidence = known.without(words, _email_names(text, words))
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
    spelt = _addressees(text).get(given)
    if not spelt:
        return set()
    forms = {last[:cut] + ending for cut in range(3, len(last) + 1) for ending in _LOST_ENDINGS}
    return {form for form in forms if _fold(form) in spelt}


@lru_cache(maxsize=4)  # asked for at every name of a text
def _addressees(text: str) -> Mapping[str, Set[str]]:
    """Family names of the text's e-mail addresses by given names, as these spell them."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for given, family in _ADDRESS.findall(text):
        found[given].add(family)
    return found


def _fold(word: str) -> str:
    return word.casefold().translate(_PLAIN)


def _degree(text: str, end: int) -> str | None:
    """A degree in parentheses or after a comma right behind the name: ``(YTM)``."""
    match = _DEGREE.match(text, end)
    degree = match.group(1).strip() if match else None
    return degree if degree in degrees() else None
