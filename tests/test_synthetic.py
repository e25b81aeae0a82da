"""Synthetic announcements: the same seed gives the same text; real places, filled templates."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from pipeline.lexicon import table
from pipeline.synthetic import compose
from pipeline.synthetic.__main__ import write_corpus


@given(st.integers(0, 10), st.integers(0, 10_000))
def test_a_seed_and_a_number_give_one_text(seed: int, number: int) -> None:
    text = compose(seed, number)
    assert text == compose(seed, number)
    assert "{" not in text
    assert 25 < len(text.split()) < 300


def test_numbers_give_different_announcements() -> None:
    texts = {compose(0, number) for number in range(500)}
    assert len(texts) == 500


def test_places_are_real_municipalities() -> None:
    names = {place["name"] for place in table("places") if place["type"] == "municipality"}
    stated = [
        line.removeprefix("Kohdealue: ").split(", ")
        for number in range(200)
        for line in compose(0, number).splitlines()
        if line.startswith("Kohdealue: ")
    ]
    real = sum(name in names for pair in stated for name in pair)
    # The rest stand in text that was damaged on purpose.
    assert real / (2 * len(stated)) > 0.9


def test_a_corpus_is_written_in_folders_of_a_thousand(tmp_path: Path) -> None:
    write_corpus(tmp_path, 1001)
    assert len(list((tmp_path / "00000").iterdir())) == 1000
    assert (tmp_path / "00001" / "00001000.txt").read_text(encoding="utf-8") == compose(0, 1000)
