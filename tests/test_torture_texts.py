"""Texts that torture makes: as long as asked, the longer an end to the shorter, names anew."""

from __future__ import annotations

import pytest

from pipeline.torture.hostile import texts
from pipeline.torture.varied import KINDS, varied, varied_texts


def test_each_is_as_long_as_asked() -> None:
    for name, text in (*texts(500), *varied_texts(500)):
        assert len(text) == 500, name


@pytest.mark.parametrize("kind", KINDS)
def test_a_longer_text_begins_as_a_shorter_one_and_goes_on_otherwise(kind: str) -> None:
    once, twice = varied(kind, 4_000), varied(kind, 8_000)
    assert twice.startswith(once)
    assert once not in twice[1:]


def test_names_hardly_repeat() -> None:
    rows = varied("rows of a table", 40_000).split("\n")[:-1]
    assert len(set(rows)) == len(rows)
    assert len({row.split(" | ")[0] for row in rows}) > 0.99 * len(rows)
