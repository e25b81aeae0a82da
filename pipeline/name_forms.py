"""The forms that a person's name can have in a text, folded: cases and clitics."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress

from pipeline.forgotten import Forgotten, Person, contact, folded
from pipeline.names.inflect import forms
from pipeline.names.person import PARTICLES
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


def _forms_of(parts: Sequence[str]) -> set[str]:
    """Folded forms of the parts of a joined name, and of all of them written together."""
    whole = {"".join(parts)} if len(parts) > 1 else set()
    return {form for part in {*parts, *whole} for form in word_forms(part)}


def person_of(key: Forgotten, names: Iterable[str], contacts: Iterable[str] = ()) -> Person:
    """A person by all forms of their names and their contacts, hashed with the list's key."""
    given, family = set[str](), set[str]()
    for name in names:
        *first, last = name.split() or [""]
        particles = [word for word in first[1:] if word.lower() in PARTICLES]
        for word in first:
            if word not in particles:
                parts = list(filter(None, word.split("-")))
                given |= _forms_of(parts) | {folded(part[0]) for part in parts}
                given.add(folded("".join(part[0] for part in parts)))
        parts = list(filter(None, last.split("-")))
        family |= _forms_of(parts)
        if particles and parts:
            for whole in (parts[0], "".join(parts)):
                family |= word_forms(f"{''.join(particles)}{whole}")
    return Person(
        given=frozenset(map(key.hashed, given - {""})),
        family=frozenset(map(key.hashed, family - {""})),
        contacts=frozenset(key.hashed(contact(one)) for one in contacts),
    )
