"""An announcement that left the input leaves the store, former runs and the search index too."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from runs import run_on

from pipeline.synthetic import compose

pytestmark = pytest.mark.usefixtures("loaded")

WORD = "Salaisuuslampi"
SECRET = (
    f"{WORD} on hanke, joka alkaa 1.1.2024. Kivijoen kunta johtaa hanketta, ja sitä rahoittaa "
    f"Euroopan unioni 10 000 eurolla. Hankkeessa {WORD} ovat mukana kaikki kylät."
)


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory, loaded: None) -> Path:
    """Announcements in ``in`` and a finished run in ``out``."""
    place = tmp_path_factory.mktemp("once")
    (place / "in").mkdir()
    for number in range(8):
        (place / "in" / f"{number}.txt").write_text(compose(3, number), encoding="utf-8")
    (place / "in" / "secret.txt").write_text(SECRET, encoding="utf-8")
    run_on(place / "in", place / "out")
    return place


@pytest.fixture
def posts(once: Path, tmp_path: Path) -> Path:
    """The announcements; beside them, in ``out``, their finished run."""
    shutil.copytree(once, tmp_path, symlinks=True, dirs_exist_ok=True)
    return tmp_path / "in"


def says(output: Path, word: str = WORD) -> list[str]:
    """Files below the output that hold the word, unpacked where they are packed."""
    from pipeline.search_bytes import _below, _texts

    return [
        str(path.relative_to(output))
        for path in _below(output)
        if any(word.casefold() in text.casefold() for text in _texts(path))
    ]


def test_a_removed_announcement_leaves_no_byte(posts: Path, tmp_path: Path) -> None:
    output = tmp_path / "out"
    layers = {Path(name).parts[1] for name in says(output) if name.startswith(".store")}
    assert layers == {"texts", "annotations", "records", "columns"}
    (posts / "secret.txt").unlink()
    (posts / "new.txt").write_text(compose(4, 1), encoding="utf-8")
    run_on(posts, output)
    assert says(output) == []
    clean = tmp_path / "clean"
    run_on(posts, clean)
    for path in (output / "tables").iterdir():
        assert path.read_bytes() == (clean / "tables" / path.name).read_bytes()
    assert run_on(posts, output).extracted == 0


def test_an_edited_announcement_leaves_nothing_of_what_it_said(posts: Path, tmp_path: Path) -> None:
    output = tmp_path / "out"
    (posts / "secret.txt").write_text(SECRET.replace(WORD, "Julkinen"), encoding="utf-8")
    run_on(posts, output)
    assert says(output) == []
    assert says(output, "Julkinen")


def test_it_is_kept_on_request_and_dropped_by_prune(posts: Path, tmp_path: Path) -> None:
    output = tmp_path / "out"
    (posts / "secret.txt").unlink()
    run_on(posts, output, prune=False)
    assert says(output)
    run_on(posts, output, prune=True)
    assert says(output) == []


def test_a_folder_that_is_nearly_empty_today_loses_nothing(posts: Path, tmp_path: Path) -> None:
    output, away = tmp_path / "out", tmp_path / "away"
    shutil.copytree(posts, away)
    for path in posts.iterdir():
        if path.name != "1.txt":
            path.unlink()
    assert "prune drops it" in run_on(posts, output).remarks[0]
    assert run_on(away, output).extracted == 0
