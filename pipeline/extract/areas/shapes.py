"""Shapes of place names: last parts of villages and waters, endings of the local cases."""

from __future__ import annotations

import re
from functools import cache
from typing import cast

from pipeline import lexicon
from pipeline.extract.paradigms import forms
from pipeline.names import Case, nominative

LOCAL = frozenset({"Ine", "Ela", "Ill", "Ade", "Abl", "All"})


@cache
def word_list(section: str, key: str) -> frozenset[str]:
    """One list of ``area_words.toml`` as a set."""
    return frozenset(lexicon.settings("area_words")[section][key])


@cache
def _suffix_forms() -> dict[str, tuple[str, str]]:
    found: dict[str, tuple[str, str]] = {}
    for suffix in lexicon.settings("area_words")["places"]["suffixes"]:
        for form in forms(suffix):
            if not form.plural:
                found.setdefault(form.text, (suffix, form.case))
    return found


@cache
def _declined_firsts() -> dict[tuple[str, str], str]:
    """First parts that decline with the last one: ``Vanhaankylään`` → ``vanha``."""
    return {
        (form.text, form.case): first
        for first in sorted(word_list("places", "declined_firsts"))
        for form in forms(first)
        if not form.plural
    }


def by_suffix(word: str) -> tuple[str, str] | None:
    """Nominative and case of a word that ends like a village or a lake (``Koskenkylältä``)."""
    for cut in range(3, len(word) - 2):
        found = _suffix_forms().get(word[cut:])
        if found is not None:
            first = _declined_firsts().get((word[:cut].casefold(), found[1]))
            name = (first.capitalize() if first else word[:cut]) + found[0]
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
