"""Budgets: Finnish in; kinds, amounts, payers and projects out, and how sure they are."""

from __future__ import annotations

from typing import Any

import pytest
from facts import budgets, cases, named_in, proposed, told

from pipeline.annotate import Annotator


@pytest.mark.parametrize("case", cases("budgets"))
def test_cases(annotator: Annotator, case: dict[str, Any]) -> None:
    assert told(annotator, case, "budgets") == case["facts"]


@pytest.mark.parametrize("case", cases("budgets_sure"))
def test_by_which_rule_and_how_surely(annotator: Annotator, case: dict[str, Any]) -> None:
    names = named_in(case["facts"], "budgets")
    record = proposed(annotator, case["text"].strip(), names=names)
    assert [
        f"{fact} ({read.rule.removeprefix('money:')} {read.confidence:g})"
        for fact, read in zip(budgets(record), record.budgets, strict=True)
    ] == case["facts"]


@pytest.mark.parametrize(
    ("far", "fact"), [(1_500, "Kylän kello: total 60000 EUR"), (3_000, "?: other 60000 EUR")]
)
def test_an_endless_sentence_is_read_so_far(annotator: Annotator, far: int, fact: str) -> None:
    words = "pitkään kaivattu " * (far // 17)
    text = f"Kylän kello -hanke alkaa. Hankkeen budjetti {words}on 60 000 euroa."
    assert budgets(proposed(annotator, text, names=["Kylän kello"])) == [fact]
