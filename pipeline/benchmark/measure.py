"""The measurements in their order; every figure is a ratio or comes with its machine."""

from __future__ import annotations

import os
import platform
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any

import msgspec

from pipeline.benchmark.tasks import texts
from pipeline.synthetic.varied import Variations, repeated_lines
from pipeline.versions import MODELS, PACKAGE, package_versions, project_version
from pipeline.workers import available_cores


@dataclass(frozen=True, slots=True)
class Sizes:
    """How many announcements, or times, each measurement takes."""

    field: int = 1_000  # at most
    pairs: int = 3
    varied: int = 200
    large: int = 10_000
    replayed: int = 100_000
    kills: int = 50


QUICK = Sizes(field=24, pairs=1, varied=26, large=60, replayed=400, kills=3)
CORPUS = PACKAGE.parent / "corpus" / "field" / "train" / "announcements"


def task(name: str, *arguments: object, code: Path | None = None) -> dict[str, Any]:
    """The result of a task in a process of its own; ``code`` is a folder with another package."""
    command = [sys.executable, "-m", "pipeline.benchmark.tasks", name, *map(str, arguments)]
    ran = subprocess.run(command, capture_output=True, text=True, cwd=code)
    if ran.returncode:
        raise RuntimeError(f"the task {name} failed:\n{ran.stderr}")
    result: dict[str, Any] = msgspec.json.decode(ran.stdout.splitlines()[-1])
    return result


def spent(*command: object) -> float:
    """Processor time of a Python command and the processes it starts, in seconds."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, *map(str, command)], check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def tool(folder: Path, output: Path, workers: int = 1) -> list[object]:
    """The command that makes tables and pages of a folder, afresh."""
    shutil.rmtree(output, ignore_errors=True)
    options = ["--input", folder, "--output", output, "--workers", workers, "--quiet"]
    return ["-m", "pipeline", "run", *options]


def in_turns(pairs: int, **measurements: Callable[[], Any]) -> dict[str, list[Any]]:
    """Each measurement so many times, one after the other in turns: what else runs hits all."""
    found: dict[str, list[Any]] = {name: [] for name in measurements}
    for _ in range(pairs):
        for name, measurement in measurements.items():
            found[name].append(measurement())
    return found


def measure(place: Path, sizes: Sizes, say: Callable[[str], None]) -> dict[str, Any]:
    """All figures, with working files under ``place``; ``say`` hears what is measured now."""
    started = perf_counter()
    figures: dict[str, Any] = {"machine": machine(), "sizes": asdict(sizes)}
    field, varied = place / "field", place / "varied"
    _copy(sorted(CORPUS.iterdir())[: sizes.field], field)
    _copy(sorted(CORPUS.iterdir())[:1], place / "one")
    figures["varied"] = _vary(texts(str(field)), varied, sizes.varied)
    output = place / "out"
    spent(*tool(place / "one", output))  # whatever is derived once
    say("the field corpus in turns with the afternoon's pipeline, steady")
    for name, folder in (("field", field), ("varied", varied)):
        figures[f"{name}_steady"] = in_turns(
            sizes.pairs,
            ours=partial(task, "ours", folder),
            afternoon=partial(task, "afternoon", folder),
        )
    say("the field corpus in turns with the afternoon's pipeline, whole processes")
    figures["field_whole"] = in_turns(
        sizes.pairs,
        ours=lambda: spent(*tool(field, output)),
        afternoon=lambda: spent("-m", "pipeline.benchmark.tasks", "afternoon", field),
    )
    say("one announcement, and help")
    figures["start"] = in_turns(
        sizes.pairs,
        one=lambda: spent(*tool(place / "one", place / "out-one")),
        help=lambda: spent("-m", "pipeline", "--help"),
    )
    figures["one_worker"] = _run(field, place / "out-field", 1)
    say("an edited rule")
    code = edited(place / "code", "lexicon/titles.csv", "vetäjä,")
    figures["edited"] = task("run", field, place / "out-field", 1, code=code)
    say(f"{sizes.varied} varied announcements, on one core and on all")
    figures["cores"] = in_turns(
        sizes.pairs,
        one=lambda: _run(varied, output, 1),
        all=lambda: _run(varied, output, available_cores()),
    )
    records = output / ".store" / "records"
    say(f"{sizes.large} announcements")
    figures["one_alone"] = _run(place / "one", place / "out-one", 1)
    large, output = place / "large", place / "out-large"
    task("fill", records, large, output, sizes.large)
    figures["large"] = task("run", large, output, 1)
    figures["no_change"] = task("run", large, output, 1)
    shutil.copy(sorted(CORPUS.iterdir())[0], large)
    figures["one_new"] = task("run", large, output, 1)
    for size in (sizes.varied, sizes.large, sizes.replayed):
        say(f"resolving {size} records")
        copies = place / f"copies-{size}"
        task("replay", records, copies, size)
        figures[f"resolve_{size}"] = task("resolve", copies, place / f"columns-{size}")
        shutil.rmtree(copies)
    say(f"{sizes.kills} kills at random moments")
    figures["kills"] = task("kill", place / "kills", sizes.kills)
    figures["minutes"] = round((perf_counter() - started) / 60, 1)
    return figures


def _run(folder: Path, output: Path, workers: int) -> dict[str, Any]:
    """A run from nothing."""
    shutil.rmtree(output, ignore_errors=True)
    return task("run", folder, output, workers)


def _copy(paths: Iterable[Path], folder: Path) -> None:
    folder.mkdir(parents=True)
    for path in paths:
        shutil.copy(path, folder)


def _vary(like: Sequence[str], folder: Path, count: int) -> dict[str, Any]:
    """Write announcements like others; how many of their lines repeat."""
    folder.mkdir(parents=True)
    variations = Variations(like)
    made = [variations.compose(1, number) for number in range(count)]
    for number, text in enumerate(made):
        (folder / f"{number}.txt").write_text(text, encoding="utf-8")
    return {"repeated_lines": repeated_lines(made), "of_the_field": repeated_lines(like)}


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
