"""Twice the text takes extraction twice the time, whatever is repeated in it, not four times."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
import spacy

from pipeline.extract.budgets import find_budgets
from pipeline.extract.context import Context
from pipeline.extract.dates import find_dates
from pipeline.extract.dates.tokens import tokens
from pipeline.extract.gazetteer import words_of
from pipeline.extract.identifiers import find_identifiers
from pipeline.extract.layout import layout
from pipeline.extract.money import find_money
from pipeline.extract.people.shapes import LIST
from pipeline.extract.project_dates import find_project_dates
from pipeline.extract.projects.lines import pieces_of
from pipeline.extract.publication import weighable_days
from pipeline.torture.hostile import BASE64, repeated

LENGTH = 20_000  # characters
TWICE = 3.0  # times as long may twice the text take: between two, and four of the square


def growth(work: Callable[[str], object], piece: str, length: int = LENGTH) -> float:
    """How many times as long the work takes on twice the text; the best of three tries."""
    return _fastest(work, repeated(piece, 2 * length)) / _fastest(work, repeated(piece, length))


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


@pytest.mark.parametrize("piece", ["sana " * 40 + "1.2.2024 ", "1.2.2024 ", "Julkaistu 1.2.2024 "])
def test_the_days_of_an_endless_line_are_weighed_soon(piece: str) -> None:
    assert growth(weighable_days, piece) < TWICE


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


ENDLESS_DATES = ["tammikuussa ", "vuosina 2024–2026 ja ", ", jonka tammikuussa "]


@pytest.mark.parametrize("piece", ENDLESS_DATES)
def test_dates_of_a_sentence_without_end_are_read_soon(piece: str) -> None:
    assert growth(_dates, piece, length=3_000) < TWICE


@pytest.mark.parametrize("piece", ["Rahoitus: 5 000 € ", "50 % ja "])
def test_amounts_of_a_sentence_without_end_are_read_soon(piece: str) -> None:
    assert growth(_budgets, piece, length=6_000) < TWICE


def _dates(text: str) -> None:
    find_project_dates(_one_sentence(text), find_dates(text, None), [], [])


def _budgets(text: str) -> None:
    find_budgets(_one_sentence(text), find_money(text), [], [])


def _one_sentence(text: str) -> Context:
    doc = spacy.blank("fi")(text)
    for token in doc:
        token.is_sent_start = token.i == 0
    return Context(doc, layout(text), [], {}, frozenset(), frozenset())


@pytest.mark.parametrize("piece", ["Aino, ", "Aino Aino, "])
def test_a_list_without_end_is_read_soon(piece: str) -> None:
    assert growth(lambda text: list(LIST.finditer(text)), piece, length=10_000) < TWICE


@pytest.mark.parametrize("piece", ["1 000 ", "1.1."])
def test_a_line_of_numbers_is_cut_soon(piece: str) -> None:
    assert growth(lambda text: pieces_of(text, 0, len(text)), piece, length=10_000) < TWICE
