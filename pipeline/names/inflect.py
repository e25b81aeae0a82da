"""Inflect a nominative: one form, or all of them, for building gazetteers of inflected names."""

from __future__ import annotations

from functools import lru_cache

from pipeline.names.candidates import Kind
from pipeline.names.choice import back_harmony, weighed
from pipeline.names.entries import nouns
from pipeline.names.likelihood import is_listed
from pipeline.names.paradigms import Case, Domain, Number
from pipeline.names.readings import agreeing_forms

_DOMAIN: dict[Kind, Domain] = {
    "person": "family", "place": "place", "organisation": "noun", "project": "noun", "noun": "noun",
}  # fmt: skip


def inflect(nominative: str, case: Case, number: Number = "Sing", kind: Kind = "noun") -> str:
    """The form of a name or noun in a case; of a phrase the last word inflects.

    ``inflect("Ruuskankylä", "Abl", kind="place")`` -> ``Ruuskankylältä``. Acronyms and numbers
    take a colon (``STM:n``). Raises ``KeyError`` when the word has no such form.
    """
    return forms(nominative, kind)[number, case]


@lru_cache(maxsize=8192)
def forms(nominative: str, kind: Kind = "noun") -> dict[tuple[Number, Case], str]:
    """All forms of a name by (number, case), the nominative too."""
    before, space, last = nominative.rpartition(" ")
    prefix, dash, word = last.rpartition("-")
    start = before + space + prefix + dash
    if (len(word) > 1 and (word.isupper() or word[-1].isdigit())) or not word[-1:].isalpha():
        return {key: nominative + tail for key, tail in _COLON_FORMS.items()}
    domain = _DOMAIN[kind]
    if kind == "person" and not space and is_listed(word, "given"):
        domain = "given"
    agreeing = _agreeing_forms(word) if domain == "place" else None
    if agreeing is not None:
        return {key: start + form for key, form in agreeing.items()}
    ranked = weighed(word, domain)
    if not ranked:
        return {("Sing", "Nom"): nominative}
    declension = ranked[0][0]
    return {key: start + form for key, form in declension.forms(back_harmony(word, domain)).items()}


_COLON_FORMS: dict[tuple[Number, Case], str] = {
    ("Sing", "Nom"): "", ("Sing", "Gen"): ":n", ("Sing", "Par"): ":ää",
    ("Sing", "Ine"): ":ssä", ("Sing", "Ela"): ":stä", ("Sing", "Ill"): ":ään",
    ("Sing", "Ade"): ":llä", ("Sing", "Abl"): ":ltä", ("Sing", "All"): ":lle",
    ("Sing", "Ess"): ":nä", ("Sing", "Tra"): ":ksi",
}  # fmt: skip


def _agreeing_forms(word: str) -> dict[tuple[Number, Case], str] | None:
    """Forms of a place name whose first part is an agreeing adjective and whose second a noun."""
    low = word.lower()
    if low not in _AGREEING_PLACES:
        return None
    for adjective in {item[0] for items in agreeing_forms().values() for item in items}:
        if low.startswith(adjective) and len(low) > len(adjective) + 2:
            first = nouns()[adjective]
            rest = forms(low[len(adjective) :], "place")
            parts = first.declension.forms(first.back)
            joined = {key: parts[key] + form for key, form in rest.items() if key[0] == "Sing"}
            return {key: word[0] + form[1:] for key, form in joined.items()}
    return None


_AGREEING_PLACES: frozenset[str] = frozenset()
