"""Damage to what is stored, full and closed disks: noticed, mended or said in a sentence."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from runs import run_on, table_bytes

from pipeline.cli import main
from pipeline.errors import ModelsDamaged, OutputUnusable
from pipeline.model_files import verify_models
from pipeline.synthetic import compose
from pipeline.tables.intact import are_intact
from pipeline.versions import MODELS

pytestmark = pytest.mark.usefixtures("loaded")


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory, loaded: None) -> Path:
    """Announcements in ``in`` and a finished run in ``out``."""
    place = tmp_path_factory.mktemp("once")
    (place / "in").mkdir()
    for number in range(3):
        (place / "in" / f"{number}.txt").write_text(compose(3, number), encoding="utf-8")
    run_on(place / "in", place / "out")
    return place


@pytest.fixture
def posts(once: Path, tmp_path: Path) -> Path:
    """The announcements; beside them, in ``out``, their finished run."""
    shutil.copytree(once, tmp_path, symlinks=True, dirs_exist_ok=True)
    return tmp_path / "in"


def clean_run(folder: Path, place: Path, output: Path) -> dict[str, bytes]:
    """Tables made anew from the records of another run."""
    store = shutil.ignore_patterns("columns")
    shutil.copytree(output / ".store", place / ".store", ignore=store)
    run_on(folder, place)
    return table_bytes(place)


def flip(path: Path, at: float = 0.5) -> None:
    raw = bytearray(path.read_bytes())
    raw[int(at * (len(raw) - 1))] ^= 0x55
    path.write_bytes(raw)


def test_every_byte_of_the_columns_is_verified(posts: Path, tmp_path: Path) -> None:
    output = tmp_path / "out"
    for number in range(3):
        (posts / f"new{number}.txt").write_text(compose(9, number), encoding="utf-8")
        bundle = next(path for path in (output / ".store" / "columns").iterdir() if path.is_dir())
        files = sorted(bundle.iterdir())
        flip(files[number * len(files) // 3], at=0.3 + number * 0.2)
        report = run_on(posts, output)
        assert any("columns" in what for what in report.mended)
        clean = clean_run(posts, tmp_path / f"clean{number}", output)
        assert table_bytes(output) == clean


DAMAGES: dict[str, Callable[[Path], object]] = {
    "a byte of a table": lambda out: flip(out / "tables" / "documents.parquet"),
    "a byte of a CSV file": lambda out: flip(out / "tables" / "names.csv"),
    "a byte of the database": lambda out: flip(out / "hankkeet.sqlite", 0.9),
    "a byte of run.json": lambda out: flip(out / "run.json"),
    "run.json no JSON": lambda out: flip(out / "run.json", 0.0),
    "run.json cut": lambda out: os.truncate(out / "run.json", 100),
    "run.json of other records": lambda out: _replace_in(out / "run.json", '"records":', "1"),
    "run.json gone": lambda out: (out / "run.json").resolve().unlink(),
    "a byte of the checksums": lambda out: flip(out / "SHA256SUMS"),
    "bytes behind a table": lambda out: _append(out / "tables" / "documents.parquet"),
    "a table gone": lambda out: (out / "tables" / "dates.parquet").unlink(),
    "a database cut": lambda out: os.truncate(out / "hankkeet.sqlite", 5000),
    "a file more": lambda out: (out / "tables" / "more.csv").write_text("a", encoding="utf-8"),
    "a link gone": lambda out: (out / "tables").unlink(),
    "a link replaced": lambda out: _replace(out / "datapackage.json"),
    "all runs gone": lambda out: shutil.rmtree(out / ".runs"),
    "the current link gone": lambda out: (out / ".current").unlink(),
}


def _append(path: Path) -> None:
    with path.open("ab") as file:
        file.write(b"more" * 25)


def _replace_in(path: Path, behind: str, more: str) -> None:
    """Put more into the first string behind some words."""
    head, words, tail = path.read_text(encoding="utf-8").partition(behind)
    assert words
    path.write_text(head + words + tail.replace('"', f'"{more}', 1), encoding="utf-8")


def _replace(path: Path) -> None:
    path.unlink()
    path.write_text("{}", encoding="utf-8")


def test_damaged_outputs_are_noticed_and_written_again(posts: Path, tmp_path: Path) -> None:
    output = tmp_path / "out"
    before = table_bytes(output)
    assert not run_on(posts, output).changed
    for name, damage in DAMAGES.items():
        damage(output)
        assert not are_intact(output), name
        report = run_on(posts, output)
        assert report.changed, name
        (told,) = report.mended
        assert "written again" in told, name
        assert "run.json" in told or not name.startswith("run.json"), name
        assert are_intact(output), name
        assert table_bytes(output) == before, name
    assert not run_on(posts, output).changed
    # Where no run was before, nothing was damaged.
    shutil.copytree(output / ".store", tmp_path / "new" / ".store")
    assert run_on(posts, tmp_path / "new").mended == ()


@pytest.mark.parametrize("missing", ["a byte", "a file", "zeros", "the list"])
def test_models_are_verified_before_they_are_loaded(tmp_path: Path, missing: str) -> None:
    models = tmp_path / "models"
    shutil.copytree(MODELS, models)
    verify_models(models)
    name = "ner.npz"
    if missing == "a byte":
        flip(models / name)
    elif missing == "a file":
        (models / name).unlink()
    elif missing == "zeros":
        with np.load(models / name) as archive:
            zeros = {part: np.zeros_like(archive[part]) for part in archive.files}
        np.savez_compressed(models / name, **zeros)
    else:
        (models / "CHECKSUMS").unlink()
        name = "CHECKSUMS"
    with pytest.raises(ModelsDamaged, match=name):
        verify_models(models)


@pytest.mark.parametrize("after", [0, 3, 8])
def test_a_full_disk_is_a_sentence_and_the_next_run_goes_on(
    posts: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    output = tmp_path / "out"
    before = table_bytes(output)
    for number in range(4):
        (posts / f"new{number}.txt").write_text(compose(9, number), encoding="utf-8")
    real, calls = os.write, 0

    def full(file: int, data: Any) -> int:
        nonlocal calls
        calls += 1
        if calls > after:
            if len(data) > 20:
                real(file, bytes(data)[: len(data) // 2])
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(file, data)

    with monkeypatch.context() as patch:
        patch.setattr("pipeline.store.os.write", full)
        with pytest.raises(OutputUnusable, match="no room is left"):
            run_on(posts, output)
    assert table_bytes(output) == before
    run_on(posts, output)
    run_on(posts, tmp_path / "clean")
    assert table_bytes(output) == table_bytes(tmp_path / "clean")


@pytest.mark.parametrize("store", [".store", ".store/records", "shared", "shared/deep"])
def test_a_file_in_the_place_of_the_store_is_named(
    posts: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], store: str
) -> None:
    output = tmp_path / "other"
    file = output / ("shared" if store == "shared/deep" else store)
    file.parent.mkdir(parents=True)
    file.write_text("mine", encoding="utf-8")
    told = ["run", "--input", str(posts), "--output", str(output), "--quiet"]
    if store.startswith("shared"):
        told += ["--store", str(output / store)]
    assert main(told) == 5
    said = " ".join(capsys.readouterr().err.split())
    assert f"{file} is a file, but a folder has to be there. Move it away" in said
    assert "room" not in said
    assert file.read_text(encoding="utf-8") == "mine"
