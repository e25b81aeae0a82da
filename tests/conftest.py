"""What tests share: the annotator, whose models take a while to load, and who runs which tests."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import pytest
from hypothesis import settings

import pipeline.annotate
from pipeline.annotate import Annotator, load_annotator

# The same verdict everywhere: what is invented is the same each time. ``make torture`` searches on.
settings.register_profile("suite", derandomize=True, database=None)
settings.load_profile("suite")

# The longest files first, so that none is left when the other process has nothing more to do.
LONG = (
    "test_pipeline",
    "test_run",
    "test_run_ends",
    "test_cluster",
    "test_patch",
    "test_forget",
    "test_damage",
    "test_extract",
    "test_prune",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A file is run by one process, which makes what its tests share once; so is each set."""
    for item in items:
        name = item.path.stem
        shared = getattr(item, "callspec", None)
        if name == "test_pipeline" and shared is not None and "name" in shared.params:
            name = f"{name} {shared.params['name']}"
        item.add_marker(pytest.mark.xdist_group(name))
    items.sort(key=_rank)


def _rank(item: pytest.Item) -> int:
    name = item.path.stem
    return LONG.index(name) if name in LONG else len(LONG)


@pytest.fixture(scope="session")
def annotator() -> Annotator:
    return load_annotator()


@pytest.fixture(scope="module")
def loaded(annotator: Annotator) -> Iterator[None]:
    """Runs of a file's tests that work in this process load no models of their own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pipeline.annotate, "load_annotator", partial(_kept, annotator))
        yield


def _kept(annotator: Annotator, models: object = None) -> Annotator:
    return annotator
