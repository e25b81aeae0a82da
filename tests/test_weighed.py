"""Facts that no reader votes for: a table of Finnish in, and what evidence makes of it."""

from __future__ import annotations

from typing import Any

import pytest
from facts import cases, weighed

from pipeline.annotate import Annotator


@pytest.mark.parametrize("case", cases("weighed"))
def test_cases(annotator: Annotator, case: dict[str, Any]) -> None:
    assert weighed(annotator, case) == case["facts"]
