"""Outputs are replaced whole and at once: readers see one complete run, before or after a crash.

A run is written into ``<out>/.runs/<id>/``. ``<out>/.current`` is a symbolic link to the run that
counts, and ``tables``, ``hankkeet.sqlite`` … in ``<out>`` are links through it: one rename of
``.current`` replaces all of them together. The run before stays, for those still reading it.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex

from pipeline.errors import OutputLocked, OutputUnusable

RUNS = ".runs"
CURRENT = ".current"
LOCK = ".lock"
ASIDE = "replaced-"  # begins the name of what lay in the way and is somebody's own
KEPT = 2  # complete runs kept: the one that counts and the one before


@dataclass(frozen=True, slots=True)
class Held:
    """An output folder that this process holds: the only thing outputs can be written to."""

    folder: Path


@contextmanager
def locked(out: Path) -> Iterator[Held]:
    """Hold the output folder for one run; the lock goes with the process, however it ends.

    Raises ``OutputLocked`` at once when another run holds it, ``OutputUnusable`` when the folder
    cannot be made or written to.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
        file = (out / LOCK).open("a+")
    except OSError as error:
        raise OutputUnusable(f"{out} cannot be written to: {error.strerror or error}") from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            file.seek(0)
            holder = file.read().strip() or "unknown"
            raise OutputLocked(
                f"Another run (process {holder}) is writing into {out}. "
                "Wait until it ends, or choose another folder with --output."
            ) from error
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield Held(out)


@contextmanager
def publishing(held: Held) -> Iterator[Path]:
    """A new folder to write one run into; it replaces the outputs when the block ends well.

    When the block fails the folder is deleted and the outputs stay as they were.
    """
    out = held.folder
    runs = out / RUNS
    runs.mkdir(parents=True, exist_ok=True)
    _clear(out)
    folder = runs / f"run-{token_hex(6)}"
    folder.mkdir()
    try:
        yield folder
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    _flush(folder)
    _switch(out, folder)
    _clear(out)


def current(out: Path) -> Path:
    """The folder of the run that counts, so that one reader reads one run; ``out`` if none."""
    link = out / CURRENT
    return link.resolve() if link.is_symlink() else out


def previous(out: Path) -> Path | None:
    """The folder of the complete run before the one that counts, where it is still kept."""
    counted = current(out).name
    runs = [path for path in (out / RUNS).glob("run-*") if (path / "run.json").exists()]
    others = [path for path in runs if path.name != counted]
    return max(others, key=lambda path: path.stat().st_mtime, default=None)


def _switch(out: Path, folder: Path) -> None:
    _link(out / CURRENT, Path(RUNS) / folder.name)
    names = {entry.name for entry in folder.iterdir()}
    for name in sorted(names):
        place = out / name
        if place.exists() and not place.is_symlink():
            # Left by something else than a run (a copied folder): set aside, not mixed in.
            place.rename(out / RUNS / f"{ASIDE}{name}-{token_hex(4)}")
        if not place.is_symlink():
            _link(place, Path(CURRENT) / name)
    for place in out.iterdir():
        if place.is_symlink() and place.name != CURRENT and place.name not in names:
            place.unlink()


def _link(place: Path, target: Path) -> None:
    """Make or replace a symbolic link in one step."""
    fresh = place.with_name(f".{place.name.lstrip('.')}-{token_hex(4)}.link")
    fresh.symlink_to(target)
    fresh.replace(place)


def _clear(out: Path) -> None:
    """Delete what killed runs left, and runs older than those kept."""
    for stray in out.glob(".*.link"):
        stray.unlink(missing_ok=True)
    counted = (out / CURRENT).resolve().name if (out / CURRENT).is_symlink() else None
    entries = sorted((out / RUNS).iterdir(), key=lambda path: path.stat().st_mtime, reverse=True)
    complete = [path for path in entries if (path / "run.json").exists()]
    kept = {counted, *[path.name for path in complete if path.name != counted][: KEPT - 1]}
    for path in entries:
        if path.name not in kept and not path.name.startswith(ASIDE):
            shutil.rmtree(path, ignore_errors=True)


def drop_former_runs(held: Held) -> None:
    """Delete every run but the one that counts, also for those still reading it."""
    counted = current(held.folder).name
    for path in (held.folder / RUNS).glob("run-*"):
        if path.name != counted:
            shutil.rmtree(path, ignore_errors=True)


def _flush(folder: Path) -> None:
    """Have the disk hold the files, and their names, before anything points to them."""
    pages = folder / "report"  # as many files as announcements, and made again in no time
    written = [path for path in folder.rglob("*") if pages not in path.parents]
    for path in (*written, folder, folder.parent):
        file = os.open(path, os.O_RDONLY)
        try:
            os.fsync(file)
        finally:
            os.close(file)
