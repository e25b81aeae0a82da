"""The words that say a part, as data: which part, in which frame, under which conditions."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Any

import msgspec

from pipeline import lexicon
from pipeline.extract.finds import EntityFind, Find
from pipeline.patterns import Pattern
from pipeline.records import Part


class PartFind(Find, frozen=True, kw_only=True):
    """An organisation's part in the project with the key ``project`` (``None`` if unsaid)."""

    organisation: EntityFind
    part: Part
    project: str | None


class Cue(msgspec.Struct, frozen=True, kw_only=True):
    """A word that says a part, and the frame that tells where its organisation stands."""

    part: Part
    frame: str
    word: re.Pattern[str]
    needs: Pattern | None
    unless: Pattern | None
    needs_near: Pattern | None
    unless_near: Pattern | None
    only_types: tuple[str, ...]
    cases: tuple[str, ...]
    confidence: float


@cache
def cues() -> tuple[Cue, ...]:
    """The cues of ``lexicon/parts.toml``, in its order."""
    return tuple(
        Cue(
            part=entry["part"],
            frame=entry["frame"],
            word=re.compile(f"(?:{'|'.join(entry['words'])})$"),
            needs=_condition(entry, "needs"),
            unless=_condition(entry, "unless"),
            needs_near=_condition(entry, "needs_near"),
            unless_near=_condition(entry, "unless_near"),
            only_types=tuple(entry.get("only_types", ())),
            cases=tuple(entry.get("cases", ("Nom", "Par"))),
            confidence=entry["confidence"],
        )
        for entry in lexicon.settings("parts")["cue"]
    )


@lru_cache(maxsize=50_000)
def cues_of(word: str) -> tuple[Cue, ...]:
    """The cues that a word in lower case is one of, in their order."""
    return tuple(cue for cue in cues() if cue.word.match(word))


def _condition(entry: dict[str, Any], key: str) -> Pattern | None:
    return Pattern(entry[key], re.IGNORECASE) if key in entry else None


@cache
def spoken() -> dict[str, str]:
    """Pronouns and the form of "hanke" that each of them stands for."""
    return dict(lexicon.settings("parts")["spoken"]["pronouns"])


@cache
def roles_in_brackets() -> re.Pattern[str]:
    """``(päätoteuttaja)``, ``, kumppaneina``: its groups are named after the parts."""
    words = lexicon.settings("parts")["brackets"]
    return re.compile("|".join(rf"(?P<{part}>\b(?:{'|'.join(w)}))" for part, w in words.items()))


@cache
def units() -> re.Pattern[str]:
    """A unit or staff of a body that acts for it: ``kaupungin työllisyyspalvelut``."""
    words = lexicon.settings("parts")["units"]["words"]
    return re.compile(rf"\s(?:[\w-]+\s){{0,2}}?\w*(?:{'|'.join(words)})(?!\w)")
