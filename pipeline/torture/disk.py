"""Disks that fill up: the old tables stay, a sentence is said, the next run goes on."""

from __future__ import annotations

import resource
import shutil
import time
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from pipeline.torture.apart import Lost
from pipeline.torture.damage import FIRST, posts, run_apart, table_bytes


@dataclass(slots=True)
class Filled:
    """Sizes tried, runs that ended in a sentence, in spite of it, or otherwise, and lost tables."""

    sizes: int = 0
    said: int = 0
    ended: int = 0
    tracebacks: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


def fill(place: Path, sizes: int, seconds: float) -> Filled:
    """Run where no file may grow beyond a size, from a kilobyte up, then where it may.

    It ends earlier where ``seconds`` are over.
    """
    ends = time.monotonic() + seconds
    few, many = posts(place / "few", FIRST), posts(place / "many", 2 * FIRST)
    whole = place / "whole"
    run_apart(few, whole)
    run_apart(many, place / "clean")
    before, clean = table_bytes(whole), table_bytes(place / "clean")
    filled = Filled()
    for number in range(sizes):
        if time.monotonic() > ends:
            break
        most = int(1_000 * 1.6**number)
        output = place / "full"
        shutil.rmtree(output, ignore_errors=True)
        shutil.copytree(whole, output, symlinks=True)
        filled.sizes += 1
        try:
            run_apart(many, output, partial(_limit, most))
            filled.ended += 1
        except Lost as lost:
            if "OutputUnusable" in str(lost):
                filled.said += 1
            else:
                filled.tracebacks.append(f"{most} bytes: {lost}")
            if table_bytes(output) != before:
                filled.wrong.append(f"{most} bytes: the tables before are gone")
        run_apart(many, output)
        if table_bytes(output) != clean:
            filled.wrong.append(f"{most} bytes: the next run's tables are not those of a clean run")
    return filled


def _limit(most: int) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
