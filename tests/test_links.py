"""Links: a table of Finnish in, continuations and memberships out."""

from __future__ import annotations

from typing import Any

import pytest
from facts import cases, told

from pipeline.annotate import Annotator


@pytest.mark.parametrize("case", cases("links"))
def test_cases(annotator: Annotator, case: dict[str, Any]) -> None:
    assert told(annotator, case, "links") == case["facts"]
