"""What tests share: the annotator, whose models take a while to load, and who runs which tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache, partial
from pathlib import Path

import pytest
from hypothesis import settings

import pipeline.annotate
from pipeline.annotate import Annotator, load_annotator
from pipeline.options import Options
from pipeline.run import run

CORPUS = Path(__file__).parents[1] / "corpus" / "announcements"

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
    """The longest files come first; each is run by one process (``--dist loadfile``)."""
    items.sort(key=_rank)


def _rank(item: pytest.Item) -> int:
    name = item.path.stem
    return LONG.index(name) if name in LONG else len(LONG)


@pytest.fixture(scope="session")
def annotator() -> Annotator:
    return load_annotator()


@pytest.fixture(scope="session")
def made_once(
    tmp_path_factory: pytest.TempPathFactory, annotator: Annotator
) -> Callable[[Path], Path]:
    """What a run on a folder of announcements wrote, made once; nobody changes it."""

    @cache
    def made(announcements: Path) -> Path:
        folder = tmp_path_factory.mktemp("made")
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(pipeline.annotate, "load_annotator", partial(_kept, annotator))
            run(Options(input=announcements, output=folder, workers=0))
        return folder

    return made


@pytest.fixture(scope="session")
def corpus_outputs(made_once: Callable[[Path], Path]) -> Path:
    """What a run on ``corpus/announcements`` wrote; nobody changes it."""
    return made_once(CORPUS)


@pytest.fixture(scope="module")
def loaded(annotator: Annotator) -> Iterator[None]:
    """Runs of a file's tests that work in this process load no models of their own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pipeline.annotate, "load_annotator", partial(_kept, annotator))
        yield


def _kept(annotator: Annotator, models: object = None, *, context: bool = True) -> Annotator:
    return annotator
