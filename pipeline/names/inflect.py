"""Inflect a nominative: one form, or all of them, for building gazetteers of inflected names."""

from __future__ import annotations

from functools import lru_cache

from pipeline.names.candidates import Kind, candidates
from pipeline.names.choice import back_harmony, is_plural_place, odds, weighed
from pipeline.names.entries import nouns, place_genitives, place_readings
from pipeline.names.paradigms import CASES, Case, Domain, Number
from pipeline.names.person import split_person
from pipeline.names.readings import readings

Forms = dict[tuple[Number, Case], str]

_DOMAIN: dict[Kind, Domain] = {
    "person": "family", "place": "place", "organisation": "noun", "project": "noun", "noun": "noun",
}  # fmt: skip
_COLON_FORMS: Forms = {
    ("Sing", "Nom"): "", ("Sing", "Gen"): ":n", ("Sing", "Par"): ":ää",
    ("Sing", "Ine"): ":ssä", ("Sing", "Ela"): ":stä", ("Sing", "Ill"): ":ään",
    ("Sing", "Ade"): ":llä", ("Sing", "Abl"): ":ltä", ("Sing", "All"): ":lle",
    ("Sing", "Ess"): ":nä", ("Sing", "Tra"): ":ksi",
}  # fmt: skip


def inflect(nominative: str, case: Case, number: Number = "Sing", kind: Kind = "noun") -> str:
    """The form of a name or noun in a case; of a phrase the last word inflects.

    ``inflect("Ruuskankylä", "Abl", kind="place")`` -> ``Ruuskankylältä``. A nominative that is a
    plural (Yrittäjät, Virrat) inflects as one in either number. Acronyms take a colon (``STM:n``),
    which only tells the case (THL:ää, EU:ta differ by how they are spoken).
    Raises ``KeyError`` when the word has no such form.
    """
    return forms(nominative, kind)[number, case]


@lru_cache(maxsize=8192)
def forms(nominative: str, kind: Kind = "noun") -> Forms:
    """All forms of a name by (number, case), the nominative too."""
    before, space, last = nominative.rpartition(" ")
    prefix, dash, word = last.rpartition("-")
    start = before + space + prefix + dash
    if not word[-1:].isalpha() or (len(word) > 1 and word.isupper()):
        return {key: nominative + tail for key, tail in _COLON_FORMS.items()}
    domain = _DOMAIN[kind]
    if kind == "person" and not space and split_person(word)[0]:
        domain = "given"
    found = _agreeing_forms(word) if domain == "place" else None
    if found is None:
        found = _plural_forms(word, kind, domain) or _singular_forms(word, domain)
    if domain == "place":
        found = {**found, **_listed_forms(word)}
    return {key: start + _like(word, form) for key, form in found.items()}


def _like(word: str, form: str) -> str:
    """``form`` with a capital where ``word`` has one (Ii, Iissä)."""
    return form[:1].upper() + form[1:] if word[:1].isupper() else form


def _singular_forms(word: str, domain: Domain) -> Forms:
    ranked = weighed(word, domain)
    if not ranked:
        return {("Sing", "Nom"): word}
    found = ranked[0][0].forms(back_harmony(word, domain))
    if domain == "place" and is_plural_place(word.lower()):
        return _as_plural(word, found)
    return found


def _as_plural(nominative: str, found: Forms) -> Forms:
    """Plural forms under both numbers: Kauniainen, Kauniaisissa; Virrat, Virroilla."""
    plural: Forms = {}
    for (number, case), form in found.items():
        if number == "Plur":
            plural["Sing", case] = plural["Plur", case] = form
    plural["Sing", "Nom"] = plural["Plur", "Nom"] = nominative
    return plural


def _plural_forms(word: str, kind: Kind, domain: Domain) -> Forms | None:
    """Forms of a nominative that is a plural itself, if it rather is (Yrittäjät, Jokilaaksot)."""
    if word[-1:].lower() != "t" or domain in ("given", "family"):
        return None
    plurals = {
        r.declension.nominative for r in readings(word) if (r.number, r.case) == ("Plur", "Nom")
    }
    genitive = place_genitives().get(word.lower()) if domain == "place" else None
    for singular in sorted(plurals) if genitive else ():
        found = _singular_forms(singular, domain)
        declension = weighed(singular, domain)[0][0]
        if found["Plur", "Nom"] == word and genitive in declension.plural_genitives():
            return _as_plural(word, {**found, ("Plur", "Gen"): genitive})
    best = next(c for c in candidates(word, kind) if c.form == word and c.case == "Nom")
    if best.number == "Sing":
        return None
    found = _singular_forms(best.singular, domain)
    return _as_plural(word, found) if found["Plur", "Nom"] == word else None


def _agreeing_forms(word: str) -> Forms | None:
    """Forms of a place name whose first part agrees in case (Uusimaa, Uudellamaalla)."""
    low = word.lower()
    for adjective in odds()["agreeing"]["first_parts"]:
        rest = low.removeprefix(adjective)
        if rest == low or len(rest) < 3:
            continue
        first = nouns()[adjective].declension.forms(nouns()[adjective].back)
        second = forms(rest, "place")
        genitive = first["Sing", "Gen"] + second["Sing", "Gen"]
        if place_genitives().get(low, genitive if adjective in _AGREEING else "") == genitive:
            return {key: first[key] + form for key, form in second.items() if key in first}
    return None


# Of places not listed only those in Uusi- are taken to agree; Isojärvi doesn't, Isokyrö does.
_AGREEING = ("uusi",)


def _listed_forms(word: str) -> Forms:
    """Forms that the list of places gives one by one; the first of a case is the usual one."""
    found: Forms = {}
    for form, case in place_readings(word.lower()):
        if case in CASES and form.istitle():
            found.setdefault(("Sing", case), form)
    return found
