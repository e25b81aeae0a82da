"""How long a run took, and its stages."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial


@dataclass(slots=True)
class Clock:
    """When it was made, seconds since, and of each stage."""

    began: datetime = field(default_factory=partial(datetime.now, UTC))
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
