"""Spellings of one name: another inflected form or a slip of the pen in one word or so.

Only names that something else ties together are ever compared, and only those that begin alike, so
that the work stays near-linear.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations

from rapidfuzz.distance import Levenshtein

MOST = 200  # names compared with one another; a block of more tells nothing
WORD = 5  # letters a word must have for its ending to be forgiven
ALIKE = 0.75  # least similarity (0–1) of two forms of one word
BEGINNING = 4  # letters in which two forms of one word agree

_WORDS = re.compile(r"[ -]+")


def near(one: str, other: str) -> bool:
    """Whether two folded names of three words or more differ in the form of one word in three.

    >>> near("hyvää arkea kuusamäelle", "hyvää arkea kuusamäellä")
    True
    >>> near("hyvää arkea kuusamäelle", "hyvää arkea kivijoelle")
    False
    """
    return _near(_WORDS.split(one), _WORDS.split(other))


def _near(words: Sequence[str], others: Sequence[str]) -> bool:
    if len(words) < 3 or len(words) != len(others):
        return False
    differing = [pair for pair in zip(words, others, strict=True) if pair[0] != pair[1]]
    return len(differing) <= max(1, len(words) // 3) and all(_forms(*pair) for pair in differing)


def _forms(one: str, other: str) -> bool:
    """Whether two words look like forms of one: the same beginning, a few letters' difference."""
    if min(len(one), len(other)) < WORD or _digits(one) != _digits(other):
        return False
    return (
        one[:BEGINNING] == other[:BEGINNING]
        and Levenshtein.normalized_similarity(one, other) >= ALIKE
    )


def near_pairs(blocks: Iterable[list[str]]) -> Iterator[tuple[str, str]]:
    """Pairs of near names within each block, each pair once, in order."""
    found = set()
    for block in blocks:
        if len(block) <= MOST:
            split = [(name, _WORDS.split(name)) for name in sorted(block)]
            found |= {
                (one, other)
                for (one, words), (other, others) in combinations(split, 2)
                if _near(words, others)
            }
    yield from sorted(found)


def _digits(word: str) -> str:
    return "".join(filter(str.isdigit, word))
