"""Does the sentence around a date look back or ahead? The verb form nearest to the date says."""

from __future__ import annotations

import re
from functools import cache

from pipeline import lexicon
from pipeline.extract.dates.spans import Tense

_WORD = re.compile(r"[^\W\d_]+")
_SHORTEST_INFLECTED = 6  # "minut" and "nyt" end like participles
# What stands between verb and date weighs as this many characters.
_BREAKS = ((re.compile(r"[,;:](?=\s)|\s[–-]\s"), 60), (re.compile(r"\b(?:ja|mutta|sekä)\b"), 25))


@cache
def _forms() -> tuple[dict[str, Tense], tuple[str, ...]]:
    data = lexicon.settings("tense")
    words: dict[str, Tense] = dict.fromkeys(data["past"]["words"], "past")
    words |= dict.fromkeys(data["future"]["words"], "future")
    return words, tuple(data["past"]["endings"])


def tense_of(word: str) -> Tense | None:
    """Tense of one word form, ``None`` when it is no verb form that tells."""
    words, past_endings = _forms()
    lower = word.lower()
    if known := words.get(lower):
        return known
    if len(lower) >= _SHORTEST_INFLECTED and lower.endswith(past_endings):
        return "past"
    return None


def tense_near(text: str, sentence: tuple[int, int], span: tuple[int, int]) -> Tense | None:
    """Tense of the verb nearest to ``text[span]`` within the sentence (all code points)."""
    best: tuple[int, Tense] | None = None
    for match in _WORD.finditer(text, *sentence):
        if span[0] <= match.start() < span[1]:
            continue
        tense = tense_of(match.group())
        if tense is None:
            continue
        before = match.end() <= span[0]
        between = text[match.end() : span[0]] if before else text[span[1] : match.start()]
        cost = len(between) + sum(weight * len(mark.findall(between)) for mark, weight in _BREAKS)
        if best is None or cost < best[0]:
            best = cost, tense
    return best[1] if best else None


def prolonged(text: str, sentence: tuple[int, int]) -> bool:
    """Does a sentence tell of more time: ``sai jatkoaikaa toukokuun loppuun``?"""
    stems = tuple(lexicon.settings("tense")["prolonging"]["stems"])
    words = _WORD.findall(text, *sentence)
    return any(word.lower().startswith(stems) for word in words)
