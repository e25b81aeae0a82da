"""Twice the text takes extraction twice the time, whatever is repeated in it, not four times."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from pipeline.extract.dates.tokens import tokens
from pipeline.extract.gazetteer import words_of
from pipeline.extract.identifiers import find_identifiers
from pipeline.torture.hostile import BASE64, repeated

LENGTH = 20_000  # characters
TWICE = 3.0  # times as long may twice the text take: between two, and four of the square


def growth(work: Callable[[str], object], piece: str) -> float:
    """How many times as long the work takes on twice the text; the best of three tries."""
    return _fastest(work, repeated(piece, 2 * LENGTH)) / _fastest(work, repeated(piece, LENGTH))


def _fastest(work: Callable[[str], object], text: str) -> float:
    taken = []
    for turn in range(3):
        started = time.process_time()
        work(f"{text}\n{turn}")  # another text each time: what was read is remembered
        taken.append(time.process_time() - started)
    return min(taken)


@pytest.mark.parametrize("piece", [BASE64, "a.b-", "a_", "a-", "Kivijoki-", "a.b.", "a.---"])
@pytest.mark.parametrize("work", [words_of, tokens, find_identifiers])
def test_a_word_without_end_is_cut_soon(work: Callable[[str], object], piece: str) -> None:
    assert growth(work, piece) < TWICE


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Kysy: aino@kunta.example tai aino(at)kunta.example heti", ["Kysy", "tai", "heti"]),
        ("Katso www.kunta.example ja -kunta.fi/hanke tai a--b.fi.", ["Katso", "ja", "tai"]),
        ("Hanke (kylä-hanke.fi) on", ["Hanke", "on"]),
    ],
)
def test_addresses_are_no_words(text: str, words: list[str]) -> None:
    assert [word.text for word in words_of(text)] == words
