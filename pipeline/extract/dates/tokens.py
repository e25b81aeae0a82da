"""Cut a text into the tokens that dates are made of: numbers, words, dashes, everything else."""

from __future__ import annotations

import re
from bisect import bisect_right
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from pipeline.extract.dates.words import Word, cue_endings, vocabulary

# How far a token stands from the one before it.
TOUCHING, SPACED, NEXT_LINE, NEW_PARAGRAPH = range(4)


class Token(NamedTuple):
    """``text[start:end]``: kind, value and case as in ``words.Word``; ``gap`` before it."""

    kind: str
    start: int
    end: int
    text: str
    value: Any = None
    case: str | None = None
    gap: int = NEW_PARAGRAPH


END = Token("end", -1, -1, "")

_TOKEN = re.compile(
    r"""
    # Most tokens: a word that can begin none of the others. It has no name, so as to come first.
    (?! kl | kello | [QqHh][1-4] ) [^\W\d_]+ (?= [\s,;)”"!?…] | [.:]\s | $ )
  | (?P<url>   (?:https?://|www\.)\S+ | [\w.+-]{1,64}@[\w.-]+ )
  | (?P<time>  \b(?:klo|kello|kl)\.?\s*\d{1,2}(?:[.:]\d{2})?(?:\s*[–—-]\s*\d{1,2}(?:[.:]\d{2})?)?
             | (?<![\d.,:/])\d{1,2}:\d{2}(?::\d{2})?(?:\s*[–—-]\s*\d{1,2}:\d{2})?(?![\d:]) )
  | (?P<iso>   (?<![\w.,/–-])(?P<iso_day>\d{4}-\d{2}-\d{2})
               (?:[T ]\d{2}:\d{2}(?::\d{2})?(?:\.\d+)?(?:Z|[+-]\d{2}:?\d{2})?)?(?![\w-]) )
  | (?P<dmy>   (?<![\w.,/])\d{1,2}\.[ \xa0]?\d{1,2}\.[ \xa0]?\d{4}(?!\d|[.,]\d)
             | (?<=[a-zäö]{2})\d{1,2}\.\d{1,2}\.\d{4}(?!\d|[.,]\d) )  # "Alkaa1.8.2023Päättyy"
  | (?P<dmsy>  (?<![\w.,/])\d{1,2}/\d{1,2}/\d{4}(?![\w/]|[.,]\d) )  # Drupal's 04/05/2022
  | (?P<dmyy>  (?<![\w.,/])\d{1,2}\.\d{1,2}\.\d{2}(?!\w|[.,]\d) )
  | (?P<junk>  \d+(?:\.\d+){2,}
             | \d{1,3}(?:[ \xa0\u202f\u2009]\d{3})+(?!\d)
             | \d{5,} | \d+,\d+ )
  | (?P<dm>    (?<![\w.,/])\d{1,2}\.\d{1,2}(?:\.(?!\d)|(?=\s?[–—-]\s?\d{1,2}\.\d{1,2}\.)) )
  | (?P<my>    (?<![\w.,/])(?:\d{1,2}/\d{4}(?![\w/]|[.,]\d) | \d{1,2}\.\d{4}(?!\w|[.,/]\d)) )
  | (?P<q>     (?<!\w)[QqHh][1-4][/ ]?(?:\d{4})(?!\w) | (?<![\w/])\d{4}[/ ]?[QH][1-4](?!\w) )
  | (?P<pair>  (?<![\w.,/])(?:19|20)\d\d/(?:(?:19|20)\d\d|\d\d)(?![\w/]|[.,]\d) )
  | (?P<year>  (?<![\w.,/])(?:1[5-9]|20)\d\d(?![\d/]|[.,:]\d) )
  | (?P<amount>\d+\.\d+ )
  | (?P<day>   (?<![\w.,/])\d{1,2}\.(?=\s|[–—-]) )
  | (?P<num>   \d+ )
  | (?P<word>  [^\W\d_]+(?:[’'][^\W\d_]+)? )
  | (?P<dash>  [–—‐‑−-]+ )
  | (?P<open>  [(\[] ) | (?P<close> [)\]] )
  | (?P<comma> , ) | (?P<colon> : ) | (?P<dot> \. ) | (?P<slash> / )
  | (?P<other> \S )
    """,
    re.VERBOSE,
)

_CLITICS = ("kin", "kaan", "kään")


@lru_cache(maxsize=4)  # a text is cut for its dates, and for the years beside them
def tokens(text: str) -> list[Token]:
    """All tokens of a text in order, four ``END`` tokens behind them."""
    found: list[Token] = []
    last = 0
    for match in _TOKEN.finditer(text):
        start, end = match.span()
        kind = match.lastgroup or "word"
        raw = match.group()
        gap = _gap(text[last:start]) if found else NEW_PARAGRAPH
        last = end
        if kind == "word":
            known, value, case = _meaning(raw)
            found.append(Token(known, start, end, raw, value, case, gap))
        else:
            found.append(_number(kind, raw, start, end, gap, match))
    return found + [END] * 4


@lru_cache(maxsize=50_000)
def _meaning(raw: str) -> Word:
    """What a word means in a date: of kind ``word`` if nothing."""
    lower, words = raw.lower(), vocabulary()
    known = words.get(lower)
    if known is None:
        for clitic in _CLITICS:
            if lower.endswith(clitic) and (known := words.get(lower.removesuffix(clitic))):
                break
    if known is None:
        return Word("cue" if len(lower) > 5 and lower.endswith(cue_endings()) else "word")
    if known.kind == "weekday_short" and not raw[1:].islower():
        return Word("word")
    return known


def _number(kind: str, raw: str, start: int, end: int, gap: int, match: re.Match[str]) -> Token:
    """Numeric tokens with their value; an impossible date becomes ``junk``."""
    value: Any = None
    if kind in ("iso", "iso_day"):
        kind, value = "dmy", _iso(match.group("iso_day"))
    elif kind in ("dmy", "dmsy", "dmyy"):
        day, month, year = (int(part) for part in re.split(r"[./]", raw))
        value = _real_day(day, month, year + 2000 if kind == "dmyy" else year)
        kind = "dmy" if kind == "dmsy" else kind
    elif kind == "dm":
        day, month = (int(part) for part in raw.rstrip(".").split("."))
        value = (day, month) if _real_day(day, month, 2000) else None  # 29.2. is real
    elif kind == "my":
        month, year = (int(part) for part in re.split(r"[./]", raw))  # or an ISO week
        value = (month, year) if 1 <= month <= 53 and 1900 <= year <= 2099 else None
    elif kind == "q":
        letter = "Q" if "Q" in raw.upper() else "H"
        number = int(raw[raw.upper().index(letter) + 1])
        value = (letter, number, int(re.sub(r"[QHqh]\d|\D", "", raw)))
        value = None if letter == "H" and number > 2 else value
    elif kind == "pair":
        first, second = raw.split("/")
        value = (int(first), int(second if len(second) == 4 else first[:2] + second))
        value = value if value[1] == value[0] + 1 else None
    elif kind in ("year", "num"):
        return Token(kind, start, end, raw, int(raw), gap=gap)
    elif kind == "day":
        value = int(raw[:-1]) if 1 <= int(raw[:-1]) <= 31 else None
    else:
        return Token(kind, start, end, raw, gap=gap)
    return Token(kind if value is not None else "junk", start, end, raw, value, gap=gap)


def _iso(raw: str) -> date | None:
    try:
        return date.fromisoformat(raw)
    except ValueError:
        return None


def _real_day(day: int, month: int, year: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _gap(between: str) -> int:
    if not between:
        return TOUCHING
    lines = between.count("\n")
    return SPACED if lines == 0 else NEXT_LINE if lines == 1 else NEW_PARAGRAPH


def sentence_bounds(text: str, starts: list[int], position: int) -> tuple[int, int]:
    """The sentence around ``position``, given the sentence starts of the text."""
    index = bisect_right(starts, position)
    return starts[index - 1], starts[index] if index < len(starts) else len(text)


_SENTENCE_END = re.compile(r"[.!?…][”\"’»)]*\s+(?=[”\"»(]*[A-ZÅÄÖ–-])|\n\s*\n|\n(?=\s*[–•*-]\s)")


def sentence_starts(text: str) -> list[int]:
    """Where sentences start: after a full stop before a capital, after a blank line."""
    return [0, *(match.end() for match in _SENTENCE_END.finditer(text))]
