"""Random texts, the same in every run; ``make torture`` tries others, and more of them."""

from __future__ import annotations

import random
import tomllib
from pathlib import Path

import pytest

from pipeline.annotate import Annotator
from pipeline.repair import repair, replay
from pipeline.torture.fuzz import KINDS
from pipeline.torture.orders import orders
from pipeline.torture.report import Row, page, with_noticed

CASES = tomllib.loads(
    (Path(__file__).parent / "cases" / "torture.toml").read_text(encoding="utf-8")
)


@pytest.mark.parametrize("kind", KINDS)
def test_what_must_hold_of_any_text(kind: str) -> None:
    failures = [KINDS[kind](random.Random(f"{kind} {number}")) for number in range(1_000)]
    assert [failure for failure in failures if failure is not None] == []


def test_orders_of_announcements_do_not_show(annotator: Annotator) -> None:
    tried = orders(annotator, seed=0, seconds=120, most=1)
    assert (tried.cases, tried.failures) == (1, [])


@pytest.mark.parametrize("case", CASES["repair"], ids=lambda case: case["comment"])
def test_what_was_wrong_once_stays_mended(case: dict[str, str]) -> None:
    repaired = repair(case["text"])
    assert replay(case["text"], repaired.edits) == repaired.text
    assert repair(repaired.text).text == repaired.text


def test_the_page_keeps_what_the_other_command_wrote() -> None:
    row = Row("random dates", "5", "0 failed", True)
    noticed = with_noticed(page([row], [], ""), [("dates", 9, 10, 99)])
    assert "| dates | 9 of 10 | 90% | 99 |" in noticed
    again = with_noticed(page([row], [], " anew", noticed), [("repair", 1, 2, 3)])
    assert "`make torture` anew" in again
    assert "| dates | 9 of 10 | 90% | 99 |\n| repair | 1 of 2 | 50% | 3 |\n" in again
