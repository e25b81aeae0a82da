"""The forms that a person's name can have in a text, folded: cases and clitics."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress

from pipeline.forgotten import Forgotten, Person, contact, folded
from pipeline.names.inflect import forms
from pipeline.names.sounds import VOWELS

_CLITICS = ("", "kin", "kaan", "kään", "han", "hän", "ko", "kö", "pa", "pä")
# Endings for names that no paradigm knows; after a consonant with the "i" of foreign names.
_ENDINGS = (
    "", "n", "a", "ä", "ta", "tä", "ssa", "ssä", "sta", "stä", "lla", "llä", "lta", "ltä", "lle",
    "na", "nä", "ksi", "t", "seen", "en", "an", "än", "in", "on", "un", "yn", "ön",
    "han", "hän", "hen", "hin", "hon", "hun", "hyn", "hön",
)  # fmt: skip


def word_forms(word: str) -> set[str]:
    """Folded forms of one part of a name."""
    found = {word}
    with suppress(ValueError, KeyError, IndexError):  # no word that Finnish inflects
        found |= set(forms(word, "person").values())
    stems = (word,) if word[-1].lower() in VOWELS else (word, f"{word}i")
    found |= {f"{stem}{ending}" for stem in stems for ending in _ENDINGS}
    return {folded(form + clitic) for form in found for clitic in _CLITICS}


def person_of(key: Forgotten, names: Iterable[str], contacts: Iterable[str] = ()) -> Person:
    """A person by all forms of their names and their contacts, hashed with the list's key."""
    given, family = set[str](), set[str]()
    for name in names:
        *first, last = name.split() or [""]
        for part in [piece for word in first for piece in word.split("-") if piece]:
            given |= word_forms(part) | {folded(part[0])}
        for part in filter(None, last.split("-")):
            family |= word_forms(part)
    return Person(
        given=frozenset(map(key.hashed, given - {""})),
        family=frozenset(map(key.hashed, family - {""})),
        contacts=frozenset(key.hashed(contact(one)) for one in contacts),
    )
