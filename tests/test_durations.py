"""Lengths of time in months, and ages, distances and dates that are none."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.extract.durations import find_durations

CASES = Path(__file__).parent / "cases" / "durations.csv"


def cases() -> list[dict[str, str]]:
    lines = CASES.read_text(encoding="utf-8").splitlines()
    return list(csv.DictReader(line for line in lines if not line.startswith("#")))


@pytest.mark.parametrize("case", cases(), ids=lambda case: case["text"])
def test_cases(case: dict[str, str]) -> None:
    text = case["text"]
    finds = [(text[find.start : find.end], find.months) for find in find_durations(text)]
    expected = [(case["found"] or text, float(case["months"]))] if case["months"] else []
    assert finds == expected


@given(st.integers(2, 60), st.sampled_from(["kk", "kuukautta", "kuukauden ajan"]))
def test_months_are_read_back(number, unit) -> None:
    (find,) = find_durations(f"Hanke kestää {number} {unit}.")
    assert find.months == number


PIECES = st.sampled_from([case["text"] for case in cases()] + ["ja", "3", "vuoden", "-", "\n"])


@given(st.lists(PIECES, max_size=8))
def test_finds_are_in_order_and_never_cross(pieces) -> None:
    text = " ".join(pieces)
    last = 0
    for find in find_durations(text):
        assert last <= find.start < find.end <= len(text)
        assert find.months > 0
        last = find.end


@given(st.text(max_size=200))
def test_any_text_is_safe(text) -> None:
    find_durations(text)
