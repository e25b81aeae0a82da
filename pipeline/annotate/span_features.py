"""What the span model sees of a word beside its encoded row: its form, its reading, its place."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np

from pipeline.annotate.network import Matrix
from pipeline.annotate.tagger import Reading

QUOTES = frozenset('"”“„»«')
DASHES = frozenset("–—-‐‑")
TAGS = (
    "ADJ", "ADP", "ADV", "AUX", "CCONJ", "DET", "INTJ", "NOUN", "NUM", "PART", "PRON", "PROPN",
    "PUNCT", "SCONJ", "SYM", "VERB", "X",
)  # fmt: skip
FEATURES = (
    *(f"Case={case}" for case in (
        "Abe", "Abl", "Ade", "All", "Com", "Ela", "Ess", "Gen", "Ill", "Ine", "Ins", "Nom", "Par",
        "Tra", "Acc",
    )),
    "Number=Plur", "VerbForm=Fin", "VerbForm=Part", "VerbForm=Inf",
)  # fmt: skip
LONGEST_QUOTE = 14  # words between quotation marks; more is speech
SHORT_LINE, LONG_LINE = 8, 40  # words
LABEL = 4  # words before a colon that make it a label's

FORM_WIDTH = 25
READING_WIDTH = len(TAGS) + len(FEATURES)
PLACE_WIDTH = 10


def form_features(word: str) -> list[float]:
    """Shape, length and kind of a word: ``FORM_WIDTH`` flags."""
    letters = [character for character in word if character.isalpha()]
    capitals = sum(letter.isupper() for letter in letters)
    shouted = len(letters) > 1 and capitals == len(letters)
    size = len(word)
    flags = (
        word[0].isupper(),
        shouted,
        not shouted and any(character.isupper() for character in word[1:]),
        bool(letters) and capitals == 0,
        any(character.isdigit() for character in word),
        word.isdigit(),
        "-" in word[1:-1],
        size > 1 and word.endswith("-"),
        size > 1 and word.startswith("-"),
        word in DASHES,
        word in QUOTES,
        word == ":",
        word == ",",
        word == ".",
        word == "(",
        word == ")",
        word in {"/", "|", ";"},
        word in {"?", "!"},
        size <= 2,
        3 <= size <= 4,
        5 <= size <= 7,
        8 <= size <= 11,
        size >= 12,
        not letters,
        capitals >= 2,
    )
    return [float(flag) for flag in flags]


@cache
def reading_features(reading: Reading) -> tuple[float, ...]:
    """A reading's tag and features as ``READING_WIDTH`` flags."""
    feats = reading.feats.split("|")
    return (
        *(float(reading.upos == tag) for tag in TAGS),
        *(float(feature in feats) for feature in FEATURES),
    )


def place_features(words: Sequence[str], opens: Sequence[bool]) -> Matrix:
    """Where each word stands in its line: a matrix of a row a word, ``PLACE_WIDTH`` flags.

    In short quotation marks, in brackets, first of a sentence, first and last of the line; a line
    without a full stop, a short and a long one; before and behind a label's colon.
    """
    size = len(words)
    flags = np.zeros((size, PLACE_WIDTH), "float32")
    marks = [place for place, word in enumerate(words) if word in QUOTES]
    for opening, closing in zip(marks[::2], marks[1::2], strict=False):
        if closing - opening < LONGEST_QUOTE:
            flags[opening + 1 : closing, 0] = 1
    bracket = None
    for place, word in enumerate(words):
        if word == "(":
            bracket = place
        elif word == ")" and bracket is not None:
            flags[bracket + 1 : place, 1] = 1
            bracket = None
    flags[:, 2] = opens
    flags[0, 3] = flags[-1, 4] = 1
    flags[:, 5] = not any(word in {".", "!", "?"} for word in words)
    flags[:, 6], flags[:, 7] = size <= SHORT_LINE, size > LONG_LINE
    colon = next((place for place, word in enumerate(words[: LABEL + 1]) if word == ":"), None)
    if colon is not None:
        flags[:colon, 8] = flags[colon + 1 :, 9] = 1
    return flags
