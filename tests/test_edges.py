"""Texts at the edges of rules: a rule changed by one, or by an "or", reads them otherwise."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from edges import told_dates, told_money

from pipeline.repair import repair

FOLDER = Path(__file__).parent / "cases"
CASES = tomllib.loads((FOLDER / "edges.toml").read_text(encoding="utf-8"))
TOLD = tomllib.loads((FOLDER / "told.toml").read_text(encoding="utf-8"))


def edges(part: str) -> list[Any]:
    return [pytest.param(case, id=case["comment"]) for case in CASES[part]]


@pytest.mark.parametrize("case", edges("repair"))
def test_repair(case: dict[str, str]) -> None:
    assert repair(case["text"]).text == case["repaired"]


@pytest.mark.parametrize("case", edges("dates"))
def test_dates(case: dict[str, Any]) -> None:
    assert told_dates(case["text"]) == case["found"]


@pytest.mark.parametrize("case", edges("money"))
def test_money(case: dict[str, Any]) -> None:
    assert told_money(case["text"]) == case["found"]


@pytest.mark.parametrize("text", TOLD["repair"])
def test_what_a_text_becomes(text: str) -> None:
    assert repair(text).text == TOLD["repair"][text]


@pytest.mark.parametrize("text", TOLD["dates"])
def test_what_dates_a_text_tells(text: str) -> None:
    assert told_dates(text) == TOLD["dates"][text]


@pytest.mark.parametrize("text", TOLD["money"])
def test_what_sums_a_text_tells(text: str) -> None:
    assert told_money(text) == TOLD["money"][text]
