"""The shapes that names of people have in text, as patterns."""

from __future__ import annotations

import re

from pipeline import lexicon
from pipeline.patterns import Pattern

_CAPITAL = "A-ZÀ-ÖØ-ÞĀČĐĒĢĪĶĻŁŅŊŌŚŠŦŪŹŻŽ"
_SMALL = "a-zß-öø-ÿāąćčđęēěģīķļłņńŋōőřśšŧūůźżž'’"
_PART = rf"[{_CAPITAL}][{_SMALL}]+(?:[{_CAPITAL}][{_SMALL}]+)?"  # "Koivu", "McKoivu"
_LOUD = rf"[{_CAPITAL}]{{2,}}(?:-[{_CAPITAL}]{{2,}})?"
_WORDS = lexicon.settings("roles")["people"]

PARTICLE = rf"(?:{'|'.join(_WORDS['particles'])})"
# A hyphen between two vowels that are the same: "Haapa-aho".
_CLASH = "|".join(rf"(?<={vowel})-{vowel}[{_SMALL}]+" for vowel in "aeiouyäö")
WORD = rf"{_PART}(?:-{_PART}|{_CLASH})*"  # one name: "Koivu-Ranta"
NAME_WORD = re.compile(rf"(?<![\w-]){WORD}(?![\w-])")
# Capitalised words in a row: "Venla Anneli Koivu-Ranta", "Carl von Essenberg".
RUN = re.compile(rf"(?<![\w-]){WORD}(?:\ (?:{PARTICLE}\ )?{WORD})*(?![\w-])")
# One to three of them behind a title.
FOLLOWING = re.compile(rf"\s(?P<name>{WORD}(?:\ (?:{PARTICLE}\ )?{WORD}){{0,2}})(?![\w-])")
# The next name of a list: ", Aslak", " (50 %) ja Aslak Koivu".
MORE = re.compile(
    rf"""
    (?: \s*\([^()]*\) )?
    (?: , | \s+ja | \s+sekä ) \s+
    (?P<name> {WORD} (?:\ {WORD})? )
    """,
    re.VERBOSE,
)
# "Meri, Aslak ja Ilona", "Meri ja Aslak".
LIST = re.compile(
    rf"""
      {WORD} (?: ,\ {WORD} ){{1,50}} ,?\ (?:ja|sekä)\ {WORD}
    | {WORD}\ ja\ {WORD}
    """,
    re.VERBOSE,
)
# As lists of authors and of grants write it: "Koivu, Venla; Haapa-aho, Aslak (THL)".
CITED = re.compile(
    rf"""
    (?: ^ | [;|:] | [-–•*]\  ) [^\S\n]{{0,9}}
    (?P<name> (?P<family> {WORD} ), \ (?P<given> {WORD} ) )
    (?= [^\S\n]{{0,9}} (?: [;:(|\n] | ,\s[{_CAPITAL}] | $ ) )
    """,
    re.VERBOSE | re.MULTILINE,
)
LISTED = re.compile(r"\s*(?:[,;(|\n]\s?|[–-]\s|$)")  # what stands behind a name in a list
SHOUTED = re.compile(rf"(?<![\w-]){_LOUD}(?:\ {_LOUD}){{1,2}}(?![\w-])")  # "VENLA KOIVU"
INTRODUCED = Pattern(
    rf"""
    \b (?: {"|".join(_WORDS["introduces"])} )
    \s+ (?P<name> {WORD} (?:\ {WORD})? )
    """,
    re.VERBOSE,
)
AFTER_GENITIVE = re.compile(rf"\s*(?:{'|'.join(_WORDS['after_genitive'])})")
NAMESAKE = re.compile(rf"\ (?:{'|'.join(_WORDS['namesakes'])})")
# A verb in the plural behind two names, or right before them.
PLURAL_BEHIND = re.compile(r"\s[a-zåäö]{3,}v[aä]t\b")
PLURAL_BEFORE = re.compile(r"\b[A-ZÅÄÖa-zåäö][a-zåäö]{3,}v[aä]t\s$")
IMPERATIVE = re.compile(rf"(?:{'|'.join(_WORDS['imperatives'])})\ [a-zåäö]")


def unshouted(name: str) -> str:
    """``VENLA KOIVU-RANTA`` as names are written; others stay as they are."""
    return name.title() if name.isupper() else name
