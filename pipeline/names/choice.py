"""Which declension a nominative follows: listed parts first, else odds by its ending."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Any

from pipeline import lexicon
from pipeline.names.entries import declension_of, is_word, last_part, place_genitives
from pipeline.names.paradigms import Declension, Domain, declensions, fitting, grading_site
from pipeline.names.sounds import gradable, is_back, syllable_nuclei

_DOMAINS: tuple[Domain, ...] = ("given", "family", "place", "noun")
# How sure a listed word, or a listed last part of a compound, is about the declension.
_SURE, _FAIRLY_SURE = 0.97, 0.93
# What is left of a declension that gives another genitive than the listed one.
_DENIED = 0.0005


@cache
def odds() -> dict[str, Any]:
    """The weights of ``names_odds.toml``."""
    return lexicon.settings("names_odds")


@lru_cache(maxsize=4096)
def weighed(nominative: str, domain: Domain) -> tuple[tuple[Declension, float], ...]:
    """Declensions ``nominative`` may follow with their probabilities, the likeliest first."""
    low = nominative.lower()
    weights: list[tuple[Declension, float]] = []
    for paradigm, root in fitting(nominative):
        base = paradigm.weights[domain] * _ending_factor(low, domain, paradigm.name)
        if base <= 0:
            continue
        for declension in declensions(paradigm, root):
            weights.append((declension, base * _grading(declension, domain)))
    total = sum(weight for _, weight in weights)
    if not total:
        return ()
    chances = [weight / total for _, weight in weights]
    chosen = listed_declension(nominative, domain)
    if chosen is not None:
        model, sure = chosen
        chances = [
            chance * (1 - sure) + (sure if _same(declension, model) else 0.0)
            for chance, (declension, _) in zip(chances, weights, strict=True)
        ]
    genitive = place_genitives().get(low) if domain == "place" else None
    if genitive is not None:
        chances = [
            chance * (1.0 if _gives(declension, genitive) else _DENIED)
            for chance, (declension, _) in zip(chances, weights, strict=True)
        ]
    whole = sum(chances)
    chances = [chance / whole for chance in chances]
    items = zip((declension for declension, _ in weights), chances, strict=True)
    return tuple(sorted(items, key=lambda item: -item[1]))


@cache
def is_plural_place(place: str) -> bool:
    """Whether a listed place (lower case) is a singular that inflects as a plural: Kauniainen."""
    genitive = place_genitives().get(place)
    return genitive is not None and any(
        genitive in declension.plural_genitives()
        and declension.one(("Sing", "Gen"), True).lower() != genitive
        for declension, _ in weighed(place, "place")[:1]
    )


def _gives(declension: Declension, genitive: str) -> bool:
    """Whether a genitive (singular, or plural of Kauniainen and its like) is of the declension."""
    singular = declension.one(("Sing", "Gen"), True).lower()
    return genitive == singular or genitive in declension.plural_genitives()


def _same(one: Declension, other: Declension) -> bool:
    """Whether two declensions of words with the same ending are the same way to inflect."""
    return (
        one.paradigm.name == other.paradigm.name
        and one.paradigm.ends == other.paradigm.ends
        and one.graded == other.graded
        and one.open_root.lower().endswith(other.open_root.lower()[-2:])
    )


def listed_declension(nominative: str, domain: Domain) -> tuple[Declension, float] | None:
    """What the lexicon says of a nominative, and how surely: itself, or a compound's last part."""
    low = nominative.lower()
    exact = exceptions().get((low, domain))
    if exact is not None:
        return exact, _SURE
    if domain == "given":
        return None
    part = last_part(low, named=domain in ("family", "place"))
    if part is None:
        return None
    noun, entry = part
    if noun == low:
        return entry.declension, _SURE if domain == "noun" else _FAIRLY_SURE
    # A short first part that is no word (Kii-veri) makes a compound doubtful.
    rest = low[: len(low) - len(noun)]
    if is_word(rest) or len(rest) > 4:
        return entry.declension, _FAIRLY_SURE
    doubt = (5 - len(rest)) * (0.08 if "place" in entry.uses else 0.2)
    return entry.declension, _FAIRLY_SURE - doubt


@cache
def exceptions() -> dict[tuple[str, Domain], Declension]:
    """Names of ``names_exceptions.csv`` that inflect otherwise than their ending suggests."""
    found: dict[tuple[str, Domain], Declension] = {}
    for row in lexicon.table("names_exceptions"):
        low = row["name"].lower()
        parts = declension_of(
            low,
            {("Sing", "Gen"): row["genitive"].lower(), ("Sing", "Par"): row["partitive"].lower()},
        )
        for domain in _DOMAINS:
            if domain in row["kinds"].split("/"):
                found[low, domain] = parts[0]
    return found


def back_harmony(nominative: str, domain: Domain) -> bool:
    """Whether endings take back vowels: a compound's listed last part decides, else the letters."""
    if domain != "given":
        part = last_part(nominative.lower(), named=domain in ("family", "place"))
        if part is not None:
            return part[1].back
    return is_back(nominative)


@cache
def _ending_rules() -> dict[tuple[str, Domain], tuple[tuple[tuple[str, ...], float], ...]]:
    """(endings, factor) of every paradigm and domain that ``[[ending]]`` speaks of."""
    found: dict[tuple[str, Domain], list[tuple[tuple[str, ...], float]]] = {}
    for rule in odds()["ending"]:
        for domain in rule["kinds"] or _DOMAINS:
            item = tuple(rule["ends"]), float(rule["factor"])
            found.setdefault((rule["paradigm"], domain), []).append(item)
    return {key: tuple(items) for key, items in found.items()}


def _ending_factor(low: str, domain: Domain, paradigm: str) -> float:
    factor = 1.0
    for ends, multiplier in _ending_rules().get((paradigm, domain), ()):
        if low.endswith(ends):
            factor *= multiplier
    return factor


def _grading(declension: Declension, domain: Domain) -> float:
    """How likely a word's consonants alternate, or not, as in this declension."""
    paradigm = declension.paradigm
    if paradigm.grade == "none":
        return 1.0
    head, _ = grading_site(paradigm, declension.root)
    if paradigm.grade == "weak":
        cluster = gradable(head)
        if cluster is None:
            return 1.0
        chance = float(odds()["grading"][cluster][_DOMAINS.index(domain)])
        if len(cluster) == 1 and syllable_nuclei(head) > 1:
            chance *= odds()["long_words"]["single"]
        return chance if declension.graded else 1.0 - chance
    low = head.lower()
    strengthening: dict[str, float] = odds()["strengthening"]
    for size in (2, 1):
        chance = strengthening.get(low[-size:], 0.0)
        if chance:
            if not declension.graded:
                return 1.0 - chance
            strong, _ = grading_site(paradigm, declension.open_root)
            usual = len(strong) > len(head) or size == 2 or low[-1] in "dv"
            return chance if usual else 0.01
    return 0.01 if declension.graded else 1.0
