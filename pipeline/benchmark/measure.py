"""The measurements in their order; every figure is a ratio or comes with its machine."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

import msgspec

from pipeline.synthetic import compose
from pipeline.synthetic.__main__ import write_corpus
from pipeline.versions import MODELS, PACKAGE, package_versions, project_version
from pipeline.workers import available_cores


@dataclass(frozen=True, slots=True)
class Sizes:
    """How many announcements each measurement takes."""

    speed: int = 300
    small: int = 1_000
    large: int = 10_000
    replayed: int = 100_000
    kills: int = 50


# Edits of a rule, each by a line that goes: a title that few announcements hold, one that many
# hold, and a comment in the code, which may matter to all.
EDITS = {
    "rare_title": ("lexicon/titles.csv", "vetäjä,"),
    "common_title": ("lexicon/titles.csv", "koordinaattori,"),
    "code": ("extract/titles.py", ""),
}
QUICK = Sizes(speed=30, small=20, large=40, replayed=400, kills=3)


def task(name: str, *arguments: object, code: Path | None = None) -> dict[str, Any]:
    """The result of a task in a process of its own; ``code`` is a folder with another package."""
    command = [sys.executable, "-m", "pipeline.benchmark.tasks", name, *map(str, arguments)]
    ran = subprocess.run(command, capture_output=True, text=True, cwd=code)
    if ran.returncode:
        raise RuntimeError(f"the task {name} failed:\n{ran.stderr}")
    result: dict[str, Any] = msgspec.json.decode(ran.stdout.splitlines()[-1])
    return result


def measure(place: Path, sizes: Sizes, say: Callable[[str], None]) -> dict[str, Any]:
    """All figures, with working files under ``place``; ``say`` hears what is measured now."""
    started = perf_counter()
    figures: dict[str, Any] = {"machine": machine(), "sizes": _as_dict(sizes)}
    say(f"speed on one core ({sizes.speed} announcements)")
    figures["ours"] = task("ours", sizes.speed)
    say("the afternoon's pipeline")
    figures["afternoon"] = task("afternoon", sizes.speed)
    for name, size in (("small", sizes.small), ("large", sizes.large)):
        write_corpus(place / name, size, seed=3)
    say(f"{sizes.small} announcements, all cores")
    figures["small_all"] = task("run", place / "small", place / "out-small", available_cores())
    say(f"{sizes.large} announcements, all cores")
    output = place / "out-large"
    figures["large_all"] = task("run", place / "large", output, available_cores())
    say(f"{sizes.large} announcements, one process")
    figures["large_one"] = task("run", place / "large", place / "out-large-1", 1)
    say("nothing changed")
    figures["no_change"] = task("run", place / "large", output, 1)
    say("one new announcement")
    (place / "large" / "new.txt").write_text(compose(4, 0), encoding="utf-8")
    figures["one_new"] = task("run", place / "large", output, 1)
    say("models loaded for one announcement")
    write_corpus(place / "one", 1, seed=5)
    figures["one_alone"] = task("run", place / "one", place / "out-one", 1)
    for name, (file, start) in EDITS.items():
        say(f"{name} edited")
        code = edited(place / name, file, start)
        figures[f"{name}_edited"] = task(
            "run", place / "large", output, available_cores(), code=code
        )
    for size in (sizes.small, sizes.large, sizes.replayed):
        say(f"resolving {size} records")
        copies = place / f"copies-{size}"
        task("replay", output / ".store" / "records", copies, size)
        figures[f"resolve_{size}"] = task("resolve", copies, place / f"columns-{size}")
        shutil.rmtree(copies)
    say(f"{sizes.kills} kills at random moments")
    figures["kills"] = task("kill", place / "kills", sizes.kills)
    figures["minutes"] = round((perf_counter() - started) / 60, 1)
    return figures


def edited(folder: Path, file: str, start: str = "") -> Path:
    """A copy of this package in which a file lacks its line with that ``start``.

    Without a ``start`` the file has a comment more.
    """
    shutil.copytree(PACKAGE, folder / PACKAGE.name)
    (folder / MODELS.name).symlink_to(MODELS)
    path = folder / PACKAGE.name / file
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if not (start and line.startswith(start))]
    if start and len(kept) != len(lines) - 1:
        raise ValueError(f"{file} has {len(lines) - len(kept)} lines that start with {start}")
    path.write_text("".join([*kept, "" if start else "# edited\n"]), encoding="utf-8")
    return folder


def machine() -> dict[str, Any]:
    """The machine and the versions, as far as they matter."""
    return {
        "processor": _processor(),
        "cores": available_cores(),
        "memory_gb": round(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30, 1),
        "system": platform.system(),
        "python": platform.python_version(),
        "matrix_kernels": _matrix_kernels(),
        "hankepoimuri": project_version(),
        **package_versions(),
    }


def _matrix_kernels() -> str:
    """The kernels of numpy's BLAS, by OpenBLAS's name for them."""
    import numpy  # noqa: F401  # which loads it
    from threadpoolctl import threadpool_info  # type: ignore[import-untyped]

    return ", ".join(sorted(str(pool.get("architecture")) for pool in threadpool_info()))


def _processor() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.is_file():
        for line in cpuinfo.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _as_dict(sizes: Sizes) -> dict[str, int]:
    return {name: getattr(sizes, name) for name in ("speed", "small", "large", "replayed", "kills")}
