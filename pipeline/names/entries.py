"""The words the lexicon lists: nouns with their declension, given and family names, places."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, lru_cache

import msgspec

from pipeline import lexicon
from pipeline.compiled import compiled, content_key
from pipeline.names.paradigms import (
    CASES,
    Case,
    Declension,
    Number,
    declensions,
    fitting,
    paradigms,
)
from pipeline.names.sounds import VOWELS, is_back


class Noun(msgspec.Struct, frozen=True):
    """A listed noun: how it declines, its harmony, what it often names (org, place …)."""

    declension: Declension
    back: bool
    uses: frozenset[str]


_NO_USE = frozenset({""})


def declension_of(
    nominative: str, parts: dict[tuple[Number, Case], str]
) -> tuple[Declension, bool]:
    """The declension (and harmony) of a nominative whose principal parts are given.

    Raises ``ValueError`` naming the word when no paradigm gives all the parts.
    """
    harmony = is_back(nominative)
    for back in (harmony, not harmony):
        for paradigm, root in fitting(nominative):
            for declension in declensions(paradigm, root):
                if all(declension.one(key, back) == form for key, form in parts.items()):
                    return declension, back
    raise ValueError(f"no paradigm of names_paradigms.csv gives {nominative}: {parts}")


class _Listed(msgspec.Struct, frozen=True, array_like=True):
    """A noun as it is kept: its paradigm by number, its roots, and what ``Noun`` says beside."""

    nominative: str
    paradigm: int
    root: str
    open_root: str
    closed_root: str
    back: bool
    uses: tuple[str, ...]


@cache
def nouns() -> dict[str, Noun]:
    """Nouns and adjectives of ``names_nouns.csv`` by nominative."""
    key = content_key("compiled.py", "lexicon", "names")
    listed = msgspec.msgpack.decode(compiled("nouns", key, _nouns), type=list[_Listed])
    known = paradigms()
    return {
        noun.nominative: Noun(
            Declension(known[noun.paradigm], noun.root, noun.open_root, noun.closed_root),
            noun.back,
            frozenset(noun.uses),
        )
        for noun in listed
    }


def _nouns() -> bytes:
    """The nouns with their declensions found, which takes a second."""
    number = {id(paradigm): n for n, paradigm in enumerate(paradigms())}
    found = {}
    for row in lexicon.table("names_nouns"):
        parts: dict[tuple[Number, Case], str] = {
            ("Sing", "Gen"): row["genitive"],
            ("Sing", "Par"): row["partitive"],
        }
        if row["plural_partitive"]:
            parts["Plur", "Par"] = row["plural_partitive"]
        declension, back = declension_of(row["nominative"], parts)
        found[row["nominative"]] = _Listed(
            row["nominative"],
            number[id(declension.paradigm)],
            declension.root,
            declension.open_root,
            declension.closed_root,
            back,
            tuple(row["use"].split("/")),
        )
    return msgspec.msgpack.encode(list(found.values()))


@cache
def given_names() -> dict[str, int]:
    """Given names, lower case, with their rank by number of bearers (1 the most common)."""
    return {row["name"].lower(): int(row["rank"]) for row in lexicon.table("names_given")}


@cache
def family_names() -> dict[str, int]:
    """Family names, lower case, with their rank by number of bearers (1 the most common)."""
    return {row["name"].lower(): int(row["rank"]) for row in lexicon.table("names_family")}


@cache
def body_names() -> frozenset[str]:
    """All names of known bodies (nominatives), lower case."""
    return frozenset(
        name.strip(" ?").replace("~", "").lower()
        for row in lexicon.table("bodies")
        for column in ("name", "short", "alias", "acronym")
        for name in (row[column] or "").split("|")
        if name
    )


@cache
def place_genitives() -> dict[str, str]:
    """Listed places, lower case, with their genitive as ``places.csv`` gives it."""
    return {
        row["name"].lower(): row["genitive"].lower()
        for row in lexicon.table("places")
        if " " not in row["name"]
    }


@cache
def _place_readings() -> dict[str, tuple[tuple[str, Case], ...]]:
    return {
        row["name"].lower(): tuple(_listed_forms(row))
        for row in lexicon.table("places")
        if " " not in row["name"]
    }


def place_readings(place: str) -> tuple[tuple[str, Case], ...]:
    """The forms (with their cases) that ``places.csv`` gives of a place (lower case)."""
    return _place_readings().get(place, ())


@cache
def irregular_forms() -> dict[str, tuple[tuple[str, Case], ...]]:
    """Forms that ``places.csv`` lists one by one: form -> (nominative, case), lower-case keys."""
    found: dict[str, list[tuple[str, Case]]] = {}
    for row in lexicon.table("places"):
        if " " in row["name"]:
            continue
        for form, case in _listed_forms(row):
            found.setdefault(form.lower(), []).append((row["name"], case))
    return {form: tuple(readings) for form, readings in found.items()}


def _listed_forms(row: dict[str, str]) -> Iterator[tuple[str, Case]]:
    yield row["genitive"], "Gen"
    for item in row["extra_forms"].split("|"):
        form, _, tag = item.partition(":")
        for case in CASES:
            # Not another name of the place, as Hollannin of Alankomaat.
            alike = form[:2] == row["name"][:2] and " " not in form
            if tag == case and case != "Nom" and alike:
                yield form, case


@lru_cache(maxsize=16384)
def last_part(word: str, named: bool = False) -> tuple[str, Noun] | None:
    """The longest listed noun that ``word`` (lower case) is or ends in, with its entry.

    What precedes it in a compound must look like a word. ``named``: only nouns that names use.
    """
    listed = nouns()
    for start in (0, *range(2, len(word) - 2)):
        entry = listed.get(word[start:])
        if entry is None or (named and entry.uses == _NO_USE):
            continue
        if start == 0 or is_plausible_start(word[:start]):
            return word[start:], entry
    return None


@cache
def _genitives() -> frozenset[str]:
    return frozenset(row["genitive"] for row in lexicon.table("names_nouns"))


def is_word(part: str) -> bool:
    """Whether a first part of a compound (lower case) is a listed noun or its genitive."""
    return part.rstrip("-") in nouns() or part in _genitives()


def is_plausible_start(start: str) -> bool:
    """Whether ``start`` can begin a compound: it has a vowel and no odd end (not Petrovsk)."""
    if start.endswith("-"):
        return True
    if not any(letter in VOWELS for letter in start):
        return False
    return start[-1] in VOWELS or (start[-1] in "nslrtkdmpgv" and start[-2:-1] in VOWELS)
