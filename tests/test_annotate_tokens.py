from __future__ import annotations

import csv
from itertools import groupby
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.annotate.tokens import pieces


def cases(name: str) -> list[tuple[str, str]]:
    path = Path(__file__).parent / "cases" / name
    lines = [line for line in path.read_text("utf-8").splitlines() if not line.startswith("#")]
    rows = csv.DictReader(lines, delimiter=";", quoting=csv.QUOTE_NONE)
    return [(row["text"], row["words"]) for row in rows]


def shown(text: str) -> str:
    """Words joined by bars, sentences by section marks."""
    out = ""
    for piece in pieces(text):
        word = text[piece.start : piece.end]
        if not word.isspace():
            out += (" § " if piece.opens_sentence else " | ") if out else ""
            out += word
    return out


@pytest.mark.parametrize(("text", "words"), cases("tokens.csv"))
def test_words_and_sentences(text: str, words: str) -> None:
    assert shown(text) == words


@given(st.text())
def test_pieces_cover_the_text_without_gap_or_overlap(text: str) -> None:
    joined = "".join(text[p.start : p.end] + " " * p.spaced for p in pieces(text))
    assert joined == text


@given(st.text(alphabet=" \t\n\r\u2028ab.", max_size=30))
def test_white_space_and_words_never_share_a_piece(text: str) -> None:
    for piece in pieces(text):
        kinds = [kind for kind, _ in groupby(text[piece.start : piece.end], key=str.isspace)]
        assert len(kinds) == 1


@pytest.mark.parametrize("unit", ["a.", "a-", "a@", "-", "1.", "a:", "'a", "e\u0301-", "x@y."])
def test_long_runs_take_linear_time(unit: str) -> None:
    text = unit * 20_000
    assert sum(p.end - p.start + p.spaced for p in pieces(text)) == len(text)
