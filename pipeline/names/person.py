"""Names of people: lists of given and family names, degrees, and the two parts of a name."""

from __future__ import annotations

import re
from functools import cache

from pipeline import lexicon
from pipeline.names.entries import family_names, given_names

PARTICLES = frozenset(
    ("af", "von", "van", "de", "der", "den", "da", "di", "du", "la", "le", "el", "al", "bin", "zu")
)
"""Small words between a given and a family name, which are part of the latter."""


def is_given_name(word: str) -> bool:
    """Whether a nominative is a listed given name; of Kaisa-Maria every part must be one."""
    low = word.lower()
    listed = given_names()
    return low in listed or ("-" in low and all(part in listed for part in low.split("-")))


def is_surname(word: str) -> bool:
    """Whether a nominative is a listed family name; of Aho-Salmi every part must be one."""
    low = word.lower()
    listed = family_names()
    return low in listed or ("-" in low and all(part in listed for part in low.split("-")))


def split_person(name: str) -> tuple[str | None, str | None]:
    """Given and family part of a person's name: ``Carl af Holm`` -> (Carl, af Holm).

    A single word is a given name when only the list of given names has it, else a family name.
    """
    words = name.split()
    if not words:
        return None, None
    if len(words) == 1:
        word = words[0]
        if is_given_name(word) and not _rather_family(word):
            return word, None
        return None, word
    start = len(words) - 1
    while start > 1 and words[start - 1].lower() in PARTICLES:
        start -= 1
    return " ".join(words[:start]), " ".join(words[start:])


def _rather_family(word: str) -> bool:
    low = word.lower()
    if low not in family_names() or low not in given_names():
        return low in family_names()
    return family_names()[low] * 3 < given_names()[low]


@cache
def degrees() -> frozenset[str]:
    """Abbreviations of degrees and titles after or before a name: FM, YTM, insinööri (AMK) …"""
    return frozenset(row["abbreviation"] for row in lexicon.table("names_degrees"))


@cache
def _degree_pattern() -> re.Pattern[str]:
    longest_first = sorted(degrees(), key=len, reverse=True)
    body = "|".join(re.escape(item) for item in longest_first)
    return re.compile(rf"(?:^|(?<=[\s,(]))(?:{body})(?=$|[\s,)])")


def strip_degrees(text: str) -> tuple[str, tuple[str, ...]]:
    """Take degrees off a name: ``FM Maija Aho, KTM`` -> (Maija Aho, (FM, KTM))."""
    found = tuple(match.group() for match in _degree_pattern().finditer(text))
    rest = _degree_pattern().sub("", text)
    return re.sub(r"\s+", " ", re.sub(r"[\s,()]*,[\s,()]*", " ", rest)).strip(" ,()"), found
