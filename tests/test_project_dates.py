"""Project dates: a table of Finnish in; starts, ends, periods and other dates out."""

from __future__ import annotations

from typing import Any

import pytest
from facts import cases, told

from pipeline.annotate import Annotator


@pytest.mark.parametrize("case", cases("project_dates"))
def test_cases(annotator: Annotator, case: dict[str, Any]) -> None:
    assert told(annotator, case, "project_dates") == case["facts"]
