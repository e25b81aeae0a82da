"""Cut a text into the tokens that amounts are made of: numbers, words, signs, dashes."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, NamedTuple

from pipeline.extract.money_words import Word, glued, signs, vocabulary
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


@lru_cache(maxsize=50_000)
def _meaning(raw: str) -> Word:
    """What a word means in an amount: of kind ``word`` if nothing."""
    known = glued().get(raw) or vocabulary().get(raw.lower())
    if known:
        return known
    number = read_written(raw)
    return Word("word") if number is None else Word("written", number)


def cut_tokens(text: str) -> list[Token]:
    """All tokens of a text in order, six ``END`` tokens behind them."""
    found = []
    for match in _TOKEN.finditer(text):
        kind, raw, (start, end) = match.lastgroup or "other", match.group(), match.span()
        value: Any = signs().get(raw) if kind == "sign" else None
        if kind == "word":
            kind, value = _meaning(raw)
        found.append(Token(kind, start, end, raw, value))
    return found + [END] * 6
