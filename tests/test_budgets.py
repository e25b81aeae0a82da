"""Budgets: a table of Finnish in; kinds, amounts, payers and projects out."""

from __future__ import annotations

from typing import Any

import pytest
from facts import cases, told

from pipeline.annotate import Annotator


@pytest.mark.parametrize("case", cases("budgets"))
def test_cases(annotator: Annotator, case: dict[str, Any]) -> None:
    assert told(annotator, case, "budgets") == case["facts"]
