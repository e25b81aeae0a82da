"""The vocabulary of amounts: multipliers, currencies and percent words by form."""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

from pipeline import lexicon


class Word(NamedTuple):
    """What a form means in an amount: its kind and value (a factor or an ISO 4217 code)."""

    kind: str
    value: Any = None


@cache
def vocabulary() -> dict[str, Word]:
    """Lower-case forms of whole words."""
    data = lexicon.settings("money")
    words = {word: Word("approximate") for word in data["approximate"]["words"]}
    words |= {word: Word("vague") for word in data["vague"]["words"]}
    for row in data["multiplier"]:
        words |= {word: Word("multiplier", row["value"]) for word in row["words"]}
        words |= {word: Word("short_multiplier", row["value"]) for word in row["abbreviations"]}
    for row in data["currency"]:
        words |= {word: Word("currency", row["code"]) for word in row["words"]}
    words |= {word: Word("country", code) for word, code in data["countries"].items()}
    words |= {word: Word("percent") for word in data["percent"]["words"]}
    return words | {"ja": Word("and"), "välillä": Word("between"), "väliltä": Word("between")}


@cache
def glued() -> dict[str, Word]:
    """Multiplier and currency in one word, case as written: ``MEUR``, ``keur``, ``Me``, ``te``."""
    words = {}
    short = {"m": 1_000_000, "t": 1_000, "k": 1_000}
    for letter, factor in short.items():
        for first in (letter, letter.upper()):
            for rest in ("eur", "EUR", "Eur"):
                words[first + rest] = Word("glued", factor)
        words[letter + "e"] = Word("glued", factor)
    del words["me"]  # "we"
    return words | {"Me": Word("glued", 1_000_000), "M€": Word("glued", 1_000_000)}


@cache
def signs() -> dict[str, str]:
    """Currency signs and their codes."""
    rows = lexicon.settings("money")["currency"]
    return {sign: row["code"] for row in rows for sign in row["signs"]}
