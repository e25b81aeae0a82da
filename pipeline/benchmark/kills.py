"""What ``kill -9`` at random moments costs: ``python -m pipeline.benchmark.kills --times 50``.

A real run in several processes is killed, all of them at once, and started again. What the store
was once seen to hold must stay there, and the outputs must be one complete run, during the runs and
after them. Whenever a run gets to its end, new announcements come. In the end the tables must be
those of a clean run.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from math import inf
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Protocol

import pyarrow.parquet as pq

from pipeline.ledger import LAYERS
from pipeline.options import LEDGER
from pipeline.store import Store
from pipeline.synthetic import compose
from pipeline.tables.publish import RUNS, current

FIRST = 24  # announcements in the beginning
MORE = 4  # announcements that come whenever a run gets to its end
LONGEST = 20.0  # seconds of a run; put right by each that gets to its end
LIMIT_SECONDS = 600.0
WRITING_SECONDS = 0.2  # about as long as tables of so few announcements are written
POLL_SECONDS = 0.005


class Running(Protocol):
    """A run in a process of its own, which leads a group of processes."""

    @property
    def pid(self) -> int:
        """The number of the process and of its group."""
        ...

    @property
    def returncode(self) -> int | None:
        """How it ended; ``None`` while nobody saw it end."""
        ...

    def poll(self) -> int | None:
        """Look how it ended."""
        ...

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end. Raises ``subprocess.TimeoutExpired``."""
        ...


# Starts a run: announcements, output folder, workers.
Start = Callable[[Path, Path, int], Running]


@dataclass(slots=True)
class Tally:
    """What was seen: ``lost`` entries of the store, ``corrupt`` outputs in words."""

    kills: int = 0
    ends: int = 0
    while_writing: int = 0
    lost: int = 0
    corrupt: list[str] = field(default_factory=list)


def kills(
    place: Path,
    times: int,
    seed: int = 0,
    workers: int = 2,
    start: Start | None = None,
    first: int = FIRST,
    more: int = MORE,
    longest: float = LONGEST,
    ends: float = inf,
) -> dict[str, Any]:
    """Kill runs ``times`` times, at moments drawn from ``seed``; working files under ``place``.

    Half of the moments are drawn from the whole of a run, half from the time it writes tables.
    ``start`` begins a run, by default the command in processes of its own, on ``first``
    announcements, ``more`` of them each time a run gets to its end; ``longest`` is about how many
    seconds one takes; at the time ``ends`` no more are killed. ``equal`` says whether the tables
    are in the end those of a clean run.
    """
    chance = random.Random(seed)
    posts, output = place / "in", place / "out"
    posts.mkdir(parents=True)
    _add(posts, first)
    start = start or _start
    tally = Tally()
    held: set[tuple[str, str]] = set()
    whole = longest
    while tally.kills < times and time.monotonic() < ends:
        started, abandoned = time.monotonic(), _unfinished(output)
        process = start(posts, output, workers)
        if chance.random() < 0.5:
            _wait(process, chance.uniform(0.0, whole / 2))
            held |= intact(output)
            _judge(output, tally)
            _wait(process, chance.uniform(0.0, whole / 2))
        else:
            _wait_for_tables(process, output)
            _wait(process, chance.uniform(0.0, WRITING_SECONDS))
        if process.poll() is None:
            tally.while_writing += bool(_unfinished(output) - abandoned)
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            tally.kills += 1
        elif process.returncode:
            raise RuntimeError(f"a run ended with exit code {process.returncode}")
        else:
            tally.ends += 1
            whole = time.monotonic() - started
            _add(posts, more)
        there = intact(output)
        tally.lost += len(held - there)
        held = there
        _judge(output, tally)
    for folder in (output, place / "clean"):
        start(posts, folder, 1).wait(LIMIT_SECONDS)
        _judge(folder, tally)
    return {
        "kills": tally.kills,
        "while_writing": tally.while_writing,
        "runs_that_ended": tally.ends,
        "announcements": len(list(posts.iterdir())),
        "lost": tally.lost,
        "corrupt": len(tally.corrupt),
        "faults": tally.corrupt,
        "equal": _tables(output) == _tables(place / "clean"),
    }


def intact(output: Path) -> set[tuple[str, str]]:
    """(layer, key) of everything in the store of finished work that can be read."""
    found = set()
    for layer in LAYERS:
        if (output / LEDGER / layer).is_dir():
            store = Store(output / LEDGER / layer)
            found |= {(layer, key) for key, _ in store.read(store.keys())}
    return found


def fault(output: Path) -> str | None:
    """What keeps the outputs from being one complete run; ``None`` when they are one."""
    folder = current(output)
    try:
        rows = json.loads((folder / "run.json").read_bytes())["tables"]
        package = json.loads((folder / "datapackage.json").read_bytes())
        for resource in package["resources"]:
            raw = (folder / resource["path"]).read_bytes()
            if f"sha256:{hashlib.sha256(raw).hexdigest()}" != resource["hash"]:
                return f"{resource['path']} is not what datapackage.json says"
        database = sqlite3.connect(f"file:{folder / 'hankkeet.sqlite'}?mode=ro", uri=True)
        try:
            if database.execute("PRAGMA integrity_check").fetchone() != ("ok",):
                return "hankkeet.sqlite is damaged"
            for table, count in rows.items():
                held = database.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0]
                read = pq.read_table(folder / "tables" / f"{table}.parquet").num_rows
                if not held == read == count:
                    return f"{table} has {read} rows, in SQLite {held}, said to be {count}"
        finally:
            database.close()
    except Exception as error:  # whatever keeps a reader from reading
        return f"{type(error).__name__}: {error}"
    return None


def _judge(output: Path, tally: Tally) -> None:
    """Note what is wrong with outputs that are, or once were, there."""
    there = (output / "run.json").exists()
    if (tally.ends or there) and (found := fault(output)):
        tally.corrupt.append(f"after {tally.kills} kills: {found}")


def _start(posts: Path, output: Path, workers: int) -> Running:
    command = [sys.executable, "-m", "pipeline", "run", "--quiet", "--workers", str(workers)]
    return subprocess.Popen(
        [*command, "--input", str(posts), "--output", str(output)], start_new_session=True
    )


def _wait(process: Running, seconds: float) -> None:
    """Wait so long, or until the run ends."""
    with suppress(subprocess.TimeoutExpired):
        process.wait(seconds)


def _wait_for_tables(process: Running, output: Path) -> None:
    """Wait until the run begins to write tables, or ends."""
    before = _unfinished(output)
    while process.poll() is None and not _unfinished(output) - before:
        time.sleep(POLL_SECONDS)


def _unfinished(output: Path) -> set[str]:
    """Runs whose tables are being written, or never were to the end."""
    folder = output / RUNS
    if not folder.is_dir():
        return set()
    return {run.name for run in folder.glob("run-*") if not (run / "run.json").exists()}


def _add(posts: Path, count: int) -> None:
    first = len(list(posts.iterdir()))
    for number in range(first, first + count):
        (posts / f"{number}.txt").write_text(compose(7, number), encoding="utf-8")


def _tables(output: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted((output / "tables").iterdir())}


def main() -> int:
    """Read the options, kill, print; 0 when nothing was lost or corrupt."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--times", type=int, default=50, help="kills (default: 50)")
    parser.add_argument("--seed", type=int, default=0, help="other moments")
    options = parser.parse_args()
    with TemporaryDirectory(prefix="hankepoimuri-") as place:
        result = kills(Path(place), options.times, options.seed)
    print(json.dumps(result, indent=2, ensure_ascii=False))
    return 0 if result["equal"] and not result["lost"] and not result["corrupt"] else 1


if __name__ == "__main__":
    sys.exit(main())
