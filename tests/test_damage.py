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
        assert run_on(posts, output).changed, name
        assert are_intact(output), name
        assert table_bytes(output) == before, name
    assert not run_on(posts, output).changed


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


def test_a_store_that_is_a_file_is_a_sentence(
    posts: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "other"
    output.mkdir()
    (output / ".store").write_text("mine", encoding="utf-8")
    assert main(["run", "--input", str(posts), "--output", str(output), "--quiet"]) == 5
    assert "cannot be written" in capsys.readouterr().err
    assert (output / ".store").read_text(encoding="utf-8") == "mine"
