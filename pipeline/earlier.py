"""What a run knows of the one before, and how long its own stages take."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from pathlib import Path

import msgspec


class Earlier(msgspec.Struct, frozen=True):
    """What this run needs to know of the one before, from its ``run.json``."""

    records: str | None
    counts: dict[str, int]
    tables: dict[str, int]
    remarks: tuple[str, ...] = ()


def earlier_run(output: Path) -> Earlier | None:
    """The run whose outputs lie there, ``None`` where there is none that can be read."""
    try:
        return msgspec.json.decode((output / "run.json").read_bytes(), type=Earlier)
    except (OSError, msgspec.MsgspecError):
        return None


@dataclass(slots=True)
class Clock:
    """Seconds since it was made, and of each stage."""

    started: float = field(default_factory=time.perf_counter)
    last: float = field(default_factory=time.perf_counter)
    laps: dict[str, float] = field(default_factory=dict)

    def lap(self, stage: str) -> None:
        """The stage that ran until now is over."""
        now = time.perf_counter()
        self.laps[stage] = round(now - self.last, 3)
        self.last = now

    @property
    def seconds(self) -> float:
        """Since the start."""
        return time.perf_counter() - self.started
