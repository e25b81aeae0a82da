"""What tests share: the annotator, whose models take a while to load."""

from __future__ import annotations

import pytest

from pipeline.annotate import Annotator, load_annotator


@pytest.fixture(scope="session")
def annotator() -> Annotator:
    return load_annotator()
