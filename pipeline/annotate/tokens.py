"""Cut text into words, white space and sentences; the pieces joined are the text, to the letter.

Rules instead of a trained tokenizer: announcements are full of hyphenated names, form lines and
identifiers that a treebank hardly shows, and a rule's mistake can be read and mended.
The words follow the Turku Dependency Treebank: ``SILTA-hanke``, ``sosiaali-``, ``EU:n`` and
``7.8.2019`` are one word each, ``80 %`` two, quotes, brackets and dashes stand apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from pipeline.lexicon import settings

LINE_BREAKS = frozenset("\r\n\v\f\x85\u2028\u2029")
CLOSING = frozenset("\"'”’»)]}›")
ENDING = re.compile(r"[.!?…]+$")
INITIAL = re.compile(r"(?:[^\W\d_]-)?[^\W\d_]\.-?|[A-ZÅÄÖ]\.(?:[A-ZÅÄÖ]\.)+")
NUMBERED = re.compile(r"\d+(?:\.\d+)*\.")


@dataclass(frozen=True)
class Piece:
    """One token: where it lies in the text, and whether a sentence begins with it.

    ``spaced`` says that a single plain space follows, which is no token of its own.
    """

    start: int
    end: int
    spaced: bool
    opens_sentence: bool


@cache
def word_pattern() -> re.Pattern[str]:
    """The pattern of everything that is one token, the longest kinds first."""
    lexicon = settings("abbreviations")
    stops = sorted(set(lexicon["goes_on"]) | set(lexicon["may_end"]), key=len, reverse=True)
    domain = "|".join(lexicon["domains"])
    letter = r"[^\W\d_]"
    mark = r"[\u0300-\u036f]"
    part = rf"(?:\w{mark}*)+"
    # A colon before an ending is of the word, "EU:llekin"; before a word it lacks its space.
    word = r"https?:|(?!\w*k(?:in|aan|ään)\b)[a-zåäö]{6}|(?<=[a-zåäö]{4}:)[A-ZÅÄÖ][a-zåäö]{2}"
    joint = rf"[-‐‑'’´·&:]*(?:[-‐‑'’´·&]|:(?!{word}))"
    return re.compile(
        rf"""
        (?:https?://|www\.)[^\s<>"”»]*[^\s<>"”».,;:!?)\]}}]   # addresses
      | [\w.+-]{{1,64}}(?:@|\(at\)|\[at\])                   # e-mail, also disguised
        [\w-]{{1,63}}(?:\.[\w-]{{1,63}}){{1,8}}
      | \b[\w-]{{1,63}}(?:\.[\w-]{{1,63}}){{0,5}}?\.(?:{domain})(?!\w)
        (?:/[^\s<>"”»()]*[\w/])?                             # hanke.fi, www-less addresses
      | \d{{1,2}}\.\d{{1,2}}\.(?:\d{{4}}|\d{{2}})?(?!\d)      # 7.8.2019, 31.8.
      | (?<![\w.])[A-ZÅÄÖ]\.(?:-?[A-ZÅÄÖ]\.)*(?=\s?\w)        # J. K.-M. of a name
      | (?i:(?<![\w-])(?:{"|".join(stops)})\.(?!\w))          # esim. milj.
      | \d{{1,2}}\.(?=[ \u00a0]+[a-zåäö]|[ ]?[-–][ ]?\d)      # ordinals: 2. vaihe, 1.–2.3.
      | (?:19|20)\d\d(?=[-‐‑](?:19|20)\d\d(?!\w))            # years of 2014-2020
      | \d+(?:[.,:]\d+)+(?![\w])                              # 1,5  10.30  12:45
      | (?:(?<![\w.])[-‐‑](?={letter}))?{part}                # words, -hanke
        (?:{joint}{part})*                                    # SILTA-hanke, EU:n, H&M
        (?:(?<={letter})\+(?!\w)|(?<={letter})[-‐‑](?!\w))?   # ESR+, sosiaali-
        (?!{mark}|\w|(?!:(?:{word}))[-‐‑'’´·&:]+\w)
      | {part}                                                # what the bounds above refused
      | \.{{2,}} | -{{2,}} | !+\??!* | \?+!*                  # runs of one mark
      | \S(?:{mark}|[\ufe0e\ufe0f]|\u200d\S)*                # other marks, joined emoji
        """,
        re.VERBOSE,
    )


def pieces(text: str) -> list[Piece]:
    """All tokens of the text in order, white space tokens among them.

    One plain space after a word is its ``spaced`` flag; all other white space makes tokens of
    its own, line breaks apart from spaces. Every character belongs to exactly one token or flag.
    """
    spans = list(_spans(text))
    opens = _openings(text, [(start, end) for start, end, _ in spans])
    return [
        Piece(start, end, spaced, opening)
        for (start, end, spaced), opening in zip(spans, opens, strict=True)
    ]


def _spans(text: str) -> Iterator[tuple[int, int, bool]]:
    """Start, end and following space of each token."""
    pattern, at = word_pattern(), 0
    while at < len(text):
        end = at
        if text[at].isspace():
            end = _white_end(text, at)
        else:
            match = pattern.match(text, at)
            end = match.end() if match else at + 1
        spaced = end < len(text) and text[end] == " " and not text[at].isspace()
        yield at, end, spaced
        at = end + spaced


def _white_end(text: str, at: int) -> int:
    """Where a run of white space ends; a run of line breaks and one of blanks are two."""
    breaks = text[at] in LINE_BREAKS
    end = at
    while end < len(text) and text[end].isspace() and (text[end] in LINE_BREAKS) == breaks:
        end += 1
    return end


def _openings(text: str, spans: list[tuple[int, int]]) -> list[bool]:
    """For each token, whether it begins a sentence."""
    opens = [False] * len(spans)
    fresh, closed = True, False
    for index, (start, end) in enumerate(spans):
        if text[start].isspace():
            if text[start] in LINE_BREAKS:
                fresh = True
            opens[index] = index == 0
            continue
        word = text[start:end]
        tail_of_closed = closed and (word in CLOSING or ENDING.fullmatch(word) is not None)
        opens[index] = fresh or index == 0 or (closed and not tail_of_closed and _may_open(word))
        fresh = False
        if not tail_of_closed:
            closed = _closes(word, text[end : end + 1])
    return opens


def _may_open(word: str) -> bool:
    """Whether a sentence can begin so: a capital letter, a digit, an opening mark."""
    first = word[0]
    return not (first.islower() or first in ",.;:)]}%")


def _closes(word: str, following: str) -> bool:
    """Whether a sentence may end with this token, before ``following`` (a character or '')."""
    if following and not following.isspace() and following not in CLOSING and word != "…":
        return False
    if ENDING.fullmatch(word):
        return True
    if not word.endswith(".") or INITIAL.fullmatch(word):
        return False
    if NUMBERED.fullmatch(word):
        return word.count(".") > 1  # "31.8. Hanke alkaa" but "2. Vaihe"
    return word[:-1].lower() in settings("abbreviations")["may_end"]
