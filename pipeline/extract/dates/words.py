"""The vocabulary of Finnish date expressions: every inflected form with its meaning and case.

Built once from ``lexicon/months.toml``, ``seasons.toml`` and ``date_words.toml``.
"""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

from pipeline import lexicon


class Word(NamedTuple):
    """What a word form means in a date: its kind, value and UD case (``None``: no case)."""

    kind: str
    value: Any = None
    case: str | None = None


class Season(NamedTuple):
    """A season or term: months, and whether one year names its first or last half."""

    name: str
    first: int
    last: int
    names: str = "first"


@cache
def vocabulary() -> dict[str, Word]:
    """Every lower-case form that the date grammar knows, with its meaning."""
    words: dict[str, Word] = {}
    for part in (_cues(), _small_words(), _parts(), _holidays(), _months(), _seasons()):
        words.update(part)  # later ones win: "kesä" is a season first
    return words


@cache
def month_stems() -> dict[str, int]:
    """What stands before a dash and another month: ``touko`` (in ``touko–syyskuussa``) is 5."""
    data = lexicon.settings("months")
    return {**data["stems"], **data["misspelt"]}


@cache
def cue_endings() -> tuple[str, ...]:
    """Endings of compounds that announce a year: ``toteutusaika``, ``ohjelmakaudella``."""
    return tuple(lexicon.settings("date_words")["cues"]["endings"])


@cache
def lone_season_cases() -> frozenset[str]:
    """Cases in which a season's name is a date without a year or a pronoun."""
    return frozenset(lexicon.settings("seasons")["alone"])


@cache
def plural_years() -> frozenset[str]:
    """``vuosina``, ``vuosien``: with a pronoun they are no one year ("viime vuosina")."""
    forms = lexicon.settings("date_words")["year"]
    return frozenset(form for many in forms.values() for form in many if form[:4] == "vuos") - {
        "vuosi"
    }


def _months() -> dict[str, Word]:
    words = {}
    for stem, number in month_stems().items():
        words[stem] = Word("stem")
        for case, ending in lexicon.settings("months")["forms"].items():
            words[stem + ending] = Word("month", number, case)
    return words


def _seasons() -> dict[str, Word]:
    data = lexicon.settings("seasons")
    words = {}
    for row in data["season"]:
        season = Season(row["name"], row["first"], row["last"], row.get("names", "first"))
        forms = {case: form for case, form in row.items() if case[0].isupper()}
        for case, form in forms.items():
            words[form] = Word("season", season, case)
            for prefix, third in data["prefixes"].items():
                words[prefix + form] = Word("season", _third(season, prefix, third), case)
    for row in data["term"]:
        season = Season(row["stem"], row["first"], row["last"], row.get("names", "first"))
        for ending, forms in data["endings"].items():
            if row["stem"].endswith(ending):
                base = row["stem"].removesuffix(ending)
                words |= {base + form: Word("season", season, c) for c, form in forms.items()}
    return words


def _third(season: Season, prefix: str, third: str) -> Season:
    """One month of a season: ``alkusyksy`` is September."""
    shift = {"first": 0, "middle": 1, "last": 2}[third]
    month = (season.first - 1 + shift) % 12 + 1
    return Season(prefix + season.name, month, month, "first")


def _parts() -> dict[str, Word]:
    data = lexicon.settings("date_words")
    words: dict[str, Word] = {}
    for part, forms in data["part"].items():
        words |= _cased("part", part, forms)
    words |= _cased("day_word", None, data["day"])
    for kind in ("half", "quarter", "third", "week", "moon", "year_turn"):
        words |= _cased(kind, None, data[kind])
    for name in ("early_year", "late_year"):
        prefix, part = data[name]["prefix"], data[name]["part"]
        for case, forms in data["year"].items():
            if case != "abbreviations":  # "alkuv." is none
                words |= {prefix + form: Word("part_year", part, case) for form in forms}
    words |= _cased("year_word", None, data["year"])
    return words | {form: Word("year_word") for form in data["year"]["abbreviations"]}


def _holidays() -> dict[str, Word]:
    """``uudenvuodenpäivänä``, ``vappuun``: days with a name."""
    data = lexicon.settings("date_words")
    words: dict[str, Word] = {}
    for row in data["holiday"]:
        value = row["day"], row["month"]
        words |= _cased("holiday", value, {c: row[c] for c in row if c[0].isupper()})
        for kind, forms in (("paiva", data["day"]), ("aatto", data["eve"])):
            for stem in row.get(kind, ()):
                named = {case: [stem + form for form in many] for case, many in forms.items()}
                words |= _cased("holiday", value, named)
    return words


def _small_words() -> dict[str, Word]:
    data = lexicon.settings("date_words")
    words: dict[str, Word] = {}
    for anchor, forms in data["anchors"].items():
        words |= {form: Word("anchor", anchor) for form in forms}
    for number, forms in data["context_years"].items():
        words |= {form: Word("context", int(number)) for form in forms}
    for number, forms in data["ordinals"].items():
        words |= {form: Word("ordinal", int(number)) for form in forms}
    for bound, forms in data["bounds"].items():
        words |= {form: Word(bound) for form in forms}
    days = data["weekdays"]
    for stem in days["stems"]:
        words |= {stem + ending: Word("weekday") for ending in days["endings"]}
    return words | {form: Word("weekday_short") for form in days["abbreviations"]}


def _cues() -> dict[str, Word]:
    data = lexicon.settings("date_words")
    words = {form: Word("blocker") for form in data["cues"]["blockers"]}
    words |= {form: Word("unit") for form in data["cues"]["units"]}
    return words | {form: Word("cue") for form in data["cues"]["words"]}


def _cased(kind: str, value: object, forms: dict[str, list[str]]) -> dict[str, Word]:
    return {form: Word(kind, value, case) for case, many in forms.items() for form in many}
