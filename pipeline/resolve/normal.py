"""Names folded for comparison: typography, letter case, generic heads and phase numbers.

Every function is pure and total: any string in, a string out (empty where nothing is left).
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

from pipeline.lexicon import settings

_DASHES = re.compile("[\u2010-\u2015\u2212]")
_QUOTES = re.compile("[\"'´`\u2018-\u201f\u2032\u2033\u00ab\u00bb]")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]")
_WORD = re.compile(r"[^\W\d_]{2,}")
_ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6"}
_TRAILING_NUMBER = re.compile(r"[ -](\d{1,2}(?:\.0)?)$")
_TRAILING_ROMAN = re.compile(r"[ -](II|III|IV|V|VI|I)$")
_SUBTITLE = re.compile(
    r"\s+[-\u2010-\u2015\u2212]\s*|\s*[-\u2010-\u2015\u2212]\s+|:\s+|\s*\u2014\s*"
)


@cache
def _words(name: str) -> frozenset[str]:
    return frozenset(settings("resolution")[name])


@cache
def _heads() -> re.Pattern[str]:
    heads = "|".join(sorted(map(re.escape, _words("project_heads")), key=len, reverse=True))
    return re.compile(rf"[ -]+(?:{heads})$")


@cache
def _legal() -> re.Pattern[str]:
    forms = "|".join(sorted(map(re.escape, _words("legal_forms")), key=len, reverse=True))
    return re.compile(rf"(?:^(?:oy|ab) (?=\S)|(?:,? (?:{forms})\.?)+$)")


@cache
def _phases() -> re.Pattern[str]:
    words = "|".join(sorted(map(re.escape, _words("phase_words"))))
    return re.compile(rf"\b(?:(?:{words})[ -](\d{{1,2}})|(\d{{1,2}})\. ?(?:{words}))\b")


@lru_cache(maxsize=200_000)
def fold(name: str) -> str:
    """Letter case, dashes, quotes, invisible characters and white space made alike."""
    text = unicodedata.normalize("NFKC", name).casefold()
    text = _INVISIBLE.sub("", text)
    text = _QUOTES.sub("", _DASHES.sub("-", text))
    text = re.sub(r"\s*-\s*", "-", text)
    return re.sub(r"\s+", " ", text).strip(" .,;:()")


@lru_cache(maxsize=200_000)
def project_key(name: str) -> str:
    """A project's name folded, without a generic head at its end."""
    folded = fold(name)
    while (shorter := _heads().sub("", folded).strip(" -")) and shorter != folded:
        folded = shorter
    return folded


@cache
def _attached_heads() -> re.Pattern[str]:
    heads = "|".join(sorted(map(re.escape, _words("project_heads")), key=len, reverse=True))
    return re.compile(rf"\s*[-\u2010\u2011\u2013](?:{heads})$", re.IGNORECASE)


@lru_cache(maxsize=200_000)
def project_name(name: str) -> str:
    """A project's name as shown: a head that a hyphen attaches is dropped (``SILTA-hanke``).

    A head that is a word of its own stays (``Suomen kestävän kasvun ohjelma``).
    """
    text = name.strip()
    return _attached_heads().sub("", text).strip() or text


@lru_cache(maxsize=200_000)
def person_key(name: str) -> str:
    """A person's name folded; ``Anna-Maija`` and ``Anna Maija`` are alike."""
    return fold(name).replace("-", " ")


def without_legal_form(folded: str) -> str:
    """A folded organisation name without its legal form; unchanged where it has none."""
    return _legal().sub("", folded).strip(" ,")


def key_of(entity_type: str, name: str) -> str:
    """The name folded as names of that type are compared; empty when it has no letter or digit."""
    if not any(map(str.isalnum, name)):
        return ""
    if entity_type == "project":
        return project_key(name)
    return person_key(name) if entity_type == "person" else fold(name)


@lru_cache(maxsize=200_000)
def short_part(name: str) -> str:
    """What stands before the first dash or colon that sets off a subtitle, else the whole name."""
    return _SUBTITLE.split(name.strip(), maxsplit=1)[0]


@lru_cache(maxsize=200_000)
def phase(name: str) -> str:
    """The phase number a project's name carries (``SILTA 2``, ``SILTA II – …``), else empty."""
    short = re.sub(r"\s+", " ", short_part(name)).strip()
    if roman := _TRAILING_ROMAN.search(short):
        return _ROMAN[roman.group(1).casefold()]
    key = project_key(short)
    if number := _TRAILING_NUMBER.search(key):
        return number.group(1).removesuffix(".0").lstrip("0")
    if said := _phases().search(fold(name)):
        return (said.group(1) or said.group(2)).lstrip("0")
    return ""


@lru_cache(maxsize=200_000)
def without_phase(name: str) -> str:
    """A short project name's key without its phase number."""
    text = re.sub(r"\s+", " ", name).strip()
    text = _TRAILING_ROMAN.sub("", text)
    return _TRAILING_NUMBER.sub("", _TRAILING_NUMBER.sub("", project_key(text))).strip(" -")


@lru_cache(maxsize=200_000)
def is_distinctive(key: str) -> bool:
    """Whether a project's folded name says enough to be told from namesakes: two words or more."""
    return len(_WORD.findall(key)) >= 2 and key not in _words("generic_projects")


def is_generic(entity_type: str, key: str) -> bool:
    """Whether a folded name never identifies anything by itself."""
    if len(key) < 2:
        return True
    if entity_type == "organisation":
        return key in _words("generic_organisations")
    return entity_type == "project" and key in _words("generic_projects")


def is_acronym_like(name: str) -> bool:
    """Whether a name is written as an acronym or coined word: two capitals, or a digit inside."""
    token = short_part(name)
    return sum(character.isupper() for character in token) >= 2 or any(
        character.isdigit() for character in token
    )


def is_acronym(name: str) -> bool:
    """Whether a name is one short word in capitals (``STM``, ``ESR+``), so many bodies' own."""
    return len(name) <= 7 and " " not in name and name.isupper()
