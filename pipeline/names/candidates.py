"""Ranked nominatives of one word: how likely each name, its declension and its case are."""

from __future__ import annotations

import math
from functools import cache, lru_cache
from typing import Literal

import msgspec

from pipeline.names.choice import back_harmony, is_plural_place, odds, weighed
from pipeline.names.entries import body_names, is_word, last_part
from pipeline.names.likelihood import is_listed, log_likelihood
from pipeline.names.paradigms import Case, Domain, Number
from pipeline.names.readings import (
    Reading,
    agreeing_forms,
    listed_readings,
    readings,
    split_colon,
)
from pipeline.names.sounds import looks_foreign

Kind = Literal["person", "place", "organisation", "project", "noun"]


class Candidate(msgspec.Struct, frozen=True):
    """A nominative of a word. ``score`` is a natural logarithm, comparable within one word only.

    ``form`` is the nominative in the word's own number (Yrittäjille -> Yrittäjät), ``singular``
    the nominative singular.
    """

    form: str
    case: Case
    number: Number
    score: float
    singular: str
    domain: Domain


@lru_cache(maxsize=4096)
def candidates(word: str, kind: Kind, domain: Domain | None = None) -> tuple[Candidate, ...]:
    """Nominatives that ``word`` may be a form of, best first; never empty.

    ``domain`` narrows the kind: a person's name to given or family names.
    """
    if word.isupper() and len(word) > 5 and word.isalpha() and word != word.title():
        return tuple(
            msgspec.structs.replace(c, form=c.form.upper(), singular=c.singular.upper())
            for c in candidates(word.title(), kind, domain)
        )
    cut = split_colon(word)
    if cut is not None:
        stem, case = cut
        return (Candidate(stem, case, "Sing", 0.0, stem, "noun"),)
    found: dict[tuple[str, Case, Number], Candidate] = {}
    shares: dict[Domain, float] = odds()["domains"][kind] if domain is None else {domain: 1.0}
    prefix, dash, last = word.rpartition("-")
    if len(last) < 2:
        prefix, dash, last = "", "", word
    if dash and kind != "person":
        for adjective, case in agreeing_forms().get(prefix.lower(), ()):
            for rest in _of_domain(last, kind, "place", 0.0):
                if rest.case == case and rest.number == "Sing":
                    name = _like(prefix, adjective) + dash + rest.singular
                    score = rest.score + odds()["evidence"]["agreeing_first_part"]
                    found[name, case, "Sing"] = Candidate(name, case, "Sing", score, name, "place")
    for name, share in shares.items():
        for candidate in _of_domain(last, kind, name, math.log(share)):
            whole = msgspec.structs.replace(
                candidate,
                form=prefix + dash + candidate.form,
                singular=prefix + dash + candidate.singular,
            )
            key = whole.form, whole.case, whole.number
            if key not in found or found[key].score < whole.score:
                found[key] = whole
    if kind == "organisation":
        bonus: float = odds()["evidence"]["known_body"]
        for key, candidate in found.items():
            if candidate.form.lower() in body_names():
                found[key] = msgspec.structs.replace(candidate, score=candidate.score + bonus)
    return tuple(sorted(found.values(), key=lambda c: (-c.score, c.form, c.case)))


@cache
def _case_score(kind: Kind, case: Case, number: Number) -> float:
    weights: dict[str, float] = odds()["case"][kind]
    plural: float = odds()["plural"][kind]
    share = weights[case] / sum(weights.values())
    return math.log(share * (plural if number == "Plur" else 1.0 - plural))


def _of_domain(word: str, kind: Kind, domain: Domain, share: float) -> list[Candidate]:
    found = [
        Candidate(
            word,
            "Nom",
            "Sing",
            share
            + _case_score(kind, "Nom", "Sing")
            + log_likelihood(word, domain)
            + _like_a_case(word, domain),
            word,
            domain,
        )
    ]
    for reading in readings(word):
        score = _declension_score(reading, domain)
        if score is None:
            continue
        singular = _like(word, reading.declension.nominative)
        number = reading.number
        if domain == "place" and number == "Plur" and is_plural_place(singular.lower()):
            number = "Sing"  # Kauniainen: its other forms are plurals
        score += share + _case_score(kind, reading.case, number)
        score += log_likelihood(singular, domain)
        form = singular if number == "Sing" else _plural(reading)
        score += _stem_evidence(reading, word, kind, domain)
        if number == "Plur" and last_part(singular.lower()) is None:
            score += odds()["evidence"]["unlisted_plural"]
        found.append(Candidate(form, reading.case, number, score, singular, domain))
    if domain == "place":
        found.extend(_agreeing(word, kind, share))
        for nominative, case in listed_readings(word):
            score = share + _case_score(kind, case, "Sing") + log_likelihood(nominative, domain)
            found.append(Candidate(nominative, case, "Sing", score, nominative, domain))
    return found


_LONG_ENDINGS = ("ssa", "ssä", "sta", "stä", "lla", "llä", "lta", "ltä", "lle", "ksi", "seen")


def _like_a_case(word: str, domain: Domain) -> float:
    """What speaks against a nominative that ends like an inflected form (Krooksilta, not silta)."""
    low = word.lower()
    if not low.endswith(_LONG_ENDINGS) or is_listed(low, domain):
        return 0.0
    part = last_part(low)
    if part is not None and (part[0] == low or is_word(low[: len(low) - len(part[0])])):
        return 0.0
    evidence: float = odds()["evidence"]["nominative_like_a_case"]
    return evidence


def _stem_evidence(reading: Reading, word: str, kind: Kind, domain: Domain) -> float:
    """What speaks against taking, or not taking, the i before an ending for the name's own.

    Foreign names get it only to link the ending (Bergkampin), Finnish ones end in it (Pyynikin).
    """
    paradigm = reading.declension.paradigm.name
    if paradigm not in ("risti", "vierasperäinen") or not word[:1].isupper():
        return 0.0
    singular = reading.declension.nominative.lower()
    if is_listed(singular, domain):
        return 0.0
    evidence: dict[str, float] = odds()["evidence"]
    if paradigm == "vierasperäinen":
        native = not looks_foreign(singular) and singular[-1] not in "nrlsm"
        return evidence["native_without_i"] if native else 0.0
    if (domain == "noun" and kind in ("noun", "project")) or not looks_foreign(singular[:-1]):
        return 0.0
    part = last_part(singular)
    compound = part is not None and is_word(singular[: len(singular) - len(part[0])])
    return 0.0 if compound else evidence["foreign_with_i"]


def _like(word: str, nominative: str) -> str:
    """A nominative with a capital where the word has one (Iissä, Ii)."""
    return nominative[:1].upper() + nominative[1:] if word[:1].isupper() else nominative


def _declension_score(reading: Reading, domain: Domain) -> float | None:
    """How likely the reading's nominative inflects as the reading says, as a logarithm."""
    declension = reading.declension
    singular = declension.nominative
    chance = 0.0
    for other, share in weighed(singular, domain):
        if other.paradigm.name != declension.paradigm.name:
            continue
        if other.paradigm.ends != declension.paradigm.ends:
            continue
        if reading.graded is None or (
            other.open_root == declension.open_root and other.closed_root == declension.closed_root
        ):
            chance += share
    if chance <= 0:
        return None
    score = math.log(chance)
    if reading.back is not None and reading.back != back_harmony(singular, domain):
        broken: float = odds()["evidence"]["broken_harmony"]
        score += broken
    return score


def _plural(reading: Reading) -> str:
    declension = reading.declension
    for number, case, template, closed in declension.paradigm.forms:
        if (number, case) == ("Plur", "Nom"):
            return declension.form(number, case, template, closed, reading.back is not False)
    raise AssertionError(declension)


def _agreeing(word: str, kind: Kind, share: float) -> list[Candidate]:
    """Readings as a place name whose first part agrees: ``Uudellamaalla`` -> ``Uusimaa``."""
    low = word.lower()
    found = []
    for size in range(3, len(word) - 2):
        for adjective, case in agreeing_forms().get(low[:size], ()):
            for rest in _of_domain(low[size:], kind, "place", share):
                if rest.case != case or rest.number != "Sing":
                    continue
                first = adjective.capitalize() if word[0].isupper() else adjective
                name = first + rest.singular
                score = rest.score + math.log(0.01)
                if case == "Gen":
                    score += math.log(odds()["agreeing"]["genitive"])
                found.append(Candidate(name, case, "Sing", score, name, "place"))
    return found
