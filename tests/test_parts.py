"""Participations: a table of Finnish in and parts of organisations out."""

from __future__ import annotations

from typing import Any

import pytest
from facts import cases, told

from pipeline.annotate import Annotator


@pytest.mark.parametrize("case", cases("parts"))
def test_cases(annotator: Annotator, case: dict[str, Any]) -> None:
    assert told(annotator, case, "parts") == case["facts"]
