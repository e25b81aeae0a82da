"""Damage to everything that was written: is it noticed, and are the tables right afterwards?"""

from __future__ import annotations

import os
import random
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.options import Options
from pipeline.run import run
from pipeline.synthetic import compose
from pipeline.torture.apart import Lost, apart

FIRST, MORE = 10, 1  # announcements in the beginning, and those that come in half of the cases
LIMIT = 120.0


@dataclass(slots=True)
class Damaged:
    """Damages made, those that ended in a traceback, those after which tables were wrong."""

    damages: int = 0
    tracebacks: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


def table_bytes(output: Path) -> dict[str, bytes]:
    """The files of the tables by name."""
    return {path.name: path.read_bytes() for path in sorted((output / "tables").iterdir())}


def posts(folder: Path, count: int) -> Path:
    """A folder of so many announcements."""
    folder.mkdir(parents=True)
    for number in range(count):
        (folder / f"{number}.txt").write_text(compose(11, number), encoding="utf-8")
    return folder


def run_apart(folder: Path, output: Path, before: Callable[[], object] | None = None) -> None:
    """A run in a forked process; ``before`` is done there first. Raises ``Lost``."""

    def work() -> None:
        if before is not None:
            before()
        run(Options(input=folder, output=output, workers=0))

    apart(work, LIMIT)


def damage(place: Path, times: int, seed: int, seconds: float) -> Damaged:
    """Damage a random file of a finished run so many times, run again, compare the tables.

    It ends earlier where ``seconds`` are over.
    """
    ends = time.monotonic() + seconds
    chance = random.Random(seed)
    few, many = posts(place / "few", FIRST), posts(place / "many", FIRST + MORE)
    whole = place / "whole"
    run_apart(few, whole)
    clean = {}
    for name, folder in (("few", few), ("many", many)):
        run_apart(folder, place / f"clean-{name}")
        clean[name] = table_bytes(place / f"clean-{name}")
    done = Damaged()
    for number in range(times):
        if time.monotonic() > ends:
            break
        output = place / "damaged"
        shutil.rmtree(output, ignore_errors=True)
        shutil.copytree(whole, output, symlinks=True)
        said = _spoil(chance, output)
        name = chance.choice(("few", "many"))
        done.damages += 1
        try:
            run_apart(few if name == "few" else many, output)
            if table_bytes(output) != clean[name]:
                done.wrong.append(f"{number}: {said}")
        except (Lost, OSError) as error:
            done.tracebacks.append(f"{number}: {said}: {error}")
    return done


def _spoil(chance: random.Random, output: Path) -> str:
    """Damage one file; what was done, in words."""
    files = sorted(path for path in output.rglob("*") if path.is_file() and not path.is_symlink())
    path = chance.choice([file for file in files if file.name != ".lock"])
    size = path.stat().st_size
    kind = chance.choice(("flip", "flip", "cut", "gone", "zeros", "more"))
    at = chance.randrange(max(size, 1))
    if kind == "gone":
        path.unlink()
    elif kind == "cut":
        os.truncate(path, at)
    elif kind == "more":
        with path.open("ab") as file:
            file.write(chance.randbytes(100))
    else:
        raw = bytearray(path.read_bytes())
        for offset in range(at, min(len(raw), at + (1 if kind == "flip" else 500))):
            raw[offset] = raw[offset] ^ 0x41 if kind == "flip" else 0
        path.write_bytes(raw)
    return f"{kind} {path.relative_to(output)} at {at} of {size}"
