"""Cut a text into the tokens that amounts are made of: numbers, words, signs, dashes."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from pipeline.extract.money_words import glued, signs, vocabulary
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


def cut_tokens(text: str) -> list[Token]:
    """All tokens of a text in order, six ``END`` tokens behind them."""
    words, joined = vocabulary(), glued()
    found = []
    for match in _TOKEN.finditer(text):
        kind, raw, (start, end) = match.lastgroup or "other", match.group(), match.span()
        value: Any = signs().get(raw) if kind == "sign" else None
        if kind == "word":
            known = joined.get(raw) or words.get(raw.lower())
            if known:
                kind, value = known
            elif (number := read_written(raw)) is not None:
                kind, value = "written", number
        found.append(Token(kind, start, end, raw, value))
    return found + [END] * 6
