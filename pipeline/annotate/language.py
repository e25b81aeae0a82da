"""The language a text is mainly written in, by the majority of its paragraphs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from pipeline.lexicon import settings

if TYPE_CHECKING:
    from lingua import LanguageDetector

UNKNOWN = "unknown"
FINNISH = "fi"
WORD = re.compile(r"[^\W\d_]+(?:[ʹʼ'’-][^\W\d_]+)*[ʹʼ]?")
# From the beginning of a token only: a long one without an address is looked through once.
ADDRESS = re.compile(r"(?<!\S)\S*?(?:://|www\.|@|\(at\))\S*")
# No word is that long, but inlined pictures are; lingua takes their length squared.
LONGEST = 200  # characters
LINE_PARTS = re.compile(r".{1,4000}(?:\s|$)|.{1,4000}")
ENDLESS = re.compile(rf"(?<!\S)\S{{{LONGEST},}}")


def detect_language(text: str) -> str:
    """The ISO 639 code of the text's main language, or ``unknown`` below some 40 letters.

    Blocks of lines vote with as many voices as they have letters, so that a Finnish page with a
    link "På svenska" or an English project title stays Finnish. Codes have two letters, but for
    Inari and Skolt Sámi (``smn``, ``sms``), which have none of two.
    """
    rules = settings("languages")
    blocks = list(_blocks(ENDLESS.sub(" ", ADDRESS.sub(" ", text)), rules["block_letters"]))
    voices = {block: letters(block) * count for block, count in Counter(blocks).items()}
    total = sum(voices.values())
    if total < rules["fewest_letters"]:
        return UNKNOWN
    votes: Counter[str] = Counter()
    ordered = sorted(voices, key=lambda block: (-voices[block], block))
    # Who has more than half of all voices is known without the rest, in whatever order they are
    # asked: lingua's models, seconds to load and 240 MB, are left alone by most Finnish pages.
    plain = {block for block in ordered if is_plainly_finnish(block)}
    votes[FINNISH] = sum(voices[block] for block in plain)
    if 2 * votes[FINNISH] > total:
        return FINNISH
    for block in ordered:
        if block in plain:
            continue
        code = _language_of(block)
        if code != UNKNOWN:
            votes[code] += voices[block]
            if 2 * votes[code] > total:  # no other can overtake it
                return code
    return _most(+votes) if +votes else UNKNOWN


def is_plainly_finnish(block: str) -> bool:
    """Whether a block is so Finnish by its words that lingua need not be asked.

    Enough of its words are Finnish by their endings, or are words that Finnish alone has; none is
    a word that only the other languages have, nor shows a letter of a Sámi language.
    """
    words = [word.lower() for word in WORD.findall(block)]
    known = _plain()
    if len(words) < known.fewest or not known.foreign.isdisjoint(words):
        return False
    if any(_sami_share(words, sami) for sami in settings("languages")["sami"]):
        return False
    told = sum(word in known.words or word.endswith(known.endings) for word in words)
    return bool(told >= known.share * len(words))


class _Plain(NamedTuple):
    fewest: int
    share: float
    words: frozenset[str]
    foreign: frozenset[str]
    endings: tuple[str, ...]


@cache
def _plain() -> _Plain:
    said = settings("languages")["finnish"]
    return _Plain(
        said["fewest_words"],
        said["share"],
        frozenset(said["words"]),
        frozenset(said["foreign"]),
        tuple(said["endings"]),
    )


def _most(votes: Mapping[str, float]) -> str:
    """The code with the most votes, the first in the alphabet of equals."""
    return min(votes, key=lambda code: (-votes[code], code))


def letters(text: str) -> int:
    """How many letters a text has."""
    return sum(map(str.isalpha, text))


def _blocks(text: str, size: int) -> Iterator[str]:
    """Lines, long ones in parts, short ones joined with those after them to ``size`` letters.

    Labels and menu entries are too short to be judged one by one. What is left at the end
    without reaching the size is a block too.
    """
    block: list[str] = []
    together = 0
    for line in text.splitlines():
        count = letters(line)
        if count >= size:
            yield from LINE_PARTS.findall(line)
            continue
        block.append(line)
        together += count
        if together >= size:
            yield "\n".join(block)
            block, together = [], 0
    if together:
        yield "\n".join(block)


def _language_of(block: str) -> str:
    """The block's language: Sámi by its letters and words, else as lingua finds."""
    words = [word.lower() for word in WORD.findall(block)]
    if not words:
        return UNKNOWN
    likely: dict[str, float] = {}
    for sami in settings("languages")["sami"]:
        share = _sami_share(words, sami)
        if share >= sami["share"]:
            likely[sami["code"]] = share
    if likely:
        return _most(likely)
    found = _detector().detect_language_of(block)
    return found.iso_code_639_1.name.lower() if found else UNKNOWN


def _sami_share(words: list[str], sami: dict[str, Any]) -> float:
    """The share of the words that speak for a Sámi language.

    None without a known word: broken characters ("â€") bring such letters into any text.
    """
    marks, known = set(sami["letters"]), set(sami["words"])
    lettered = sum(not marks.isdisjoint(word) for word in words)
    if lettered < 2 or known.isdisjoint(words):
        return 0.0
    return sum(word in known or not marks.isdisjoint(word) for word in words) / len(words)


@cache
def _detector() -> LanguageDetector:
    from lingua import IsoCode639_1, Language, LanguageDetectorBuilder

    languages = [
        Language.from_iso_code_639_1(getattr(IsoCode639_1, code.upper()))
        for code in settings("languages")["candidates"]
    ]
    return LanguageDetectorBuilder.from_languages(*languages).build()
