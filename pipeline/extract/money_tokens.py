"""Cut a text into the tokens that amounts are made of: numbers, words by meaning, signs, dashes."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Any, NamedTuple

from pipeline import lexicon
from pipeline.extract.numerals import DIGITS, GROUP_SPACES, read_written

_TOKEN = re.compile(
    rf"""
    (?P<number>(?<![\w%])(?<!\d[.,]){DIGITS})
  | (?P<word>  [^\W\d_]+(?:-(?=prosentti)[^\W\d_]+)? )
  | (?P<sign>  [€$£%] )
  | (?P<dash>  [–—‑-] )
  | (?P<blank> \n\s*\n )
  | (?P<other> [^\s{GROUP_SPACES}] )
    """,
    re.VERBOSE,
)
CASE_ENDING = re.compile(r":[a-zåäö]{1,5}\b")  # "€:n", "%:lla"


class Token(NamedTuple):
    """A piece of text; ``value`` is a factor, a currency code or the written number."""

    kind: str
    start: int
    end: int
    text: str
    value: Any = None


END = Token("end", -1, -1, "")


class Word(NamedTuple):
    """What a form means in an amount: its kind and value (a factor or an ISO 4217 code)."""

    kind: str
    value: Any = None


@cache
def _vocabulary() -> dict[str, Word]:
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
def _glued() -> dict[str, Word]:
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
def _signs() -> dict[str, str]:
    """Currency signs and their codes."""
    rows = lexicon.settings("money")["currency"]
    return {sign: row["code"] for row in rows for sign in row["signs"]}


@lru_cache(maxsize=50_000)
def _meaning(raw: str) -> Word:
    """What a word means in an amount: of kind ``word`` if nothing."""
    known = _glued().get(raw) or _vocabulary().get(raw.lower())
    if known:
        return known
    number = read_written(raw)
    return Word("word") if number is None else Word("written", number)


def cut_tokens(text: str) -> list[Token]:
    """All tokens of a text in order, six ``END`` tokens behind them."""
    found = []
    for match in _TOKEN.finditer(text):
        kind, raw, (start, end) = match.lastgroup or "other", match.group(), match.span()
        value: Any = _signs().get(raw) if kind == "sign" else None
        if kind == "word":
            kind, value = _meaning(raw)
        found.append(Token(kind, start, end, raw, value))
    return found + [END] * 6
