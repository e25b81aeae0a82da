"""What tests share: the annotator, whose models take a while to load."""

from __future__ import annotations

import pytest
from hypothesis import settings

from pipeline.annotate import Annotator, load_annotator

# The same verdict everywhere: what is invented is the same each time. ``make torture`` searches on.
settings.register_profile("suite", derandomize=True, database=None)
settings.load_profile("suite")


@pytest.fixture(scope="session")
def annotator() -> Annotator:
    return load_annotator()
