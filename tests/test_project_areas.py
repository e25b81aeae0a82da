"""Project areas: a table of Finnish in and the places where projects work out."""

from __future__ import annotations

from typing import Any

import pytest
from facts import cases, told

from pipeline.annotate import Annotator


@pytest.mark.parametrize("case", cases("project_areas"))
def test_cases(annotator: Annotator, case: dict[str, Any]) -> None:
    assert told(annotator, case, "project_areas") == case["facts"]
