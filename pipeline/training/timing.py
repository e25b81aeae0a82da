"""How long the steps of training took, kept beside what they made on the way."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

NAME = "seconds.json"


@contextmanager
def timed(step: str, work: Path) -> Iterator[None]:
    """Note the processor time of a step (seconds) in ``work`` once it has ended well."""
    start = time.process_time()
    yield
    seconds = read_seconds(work) | {step: round(time.process_time() - start, 1)}
    work.mkdir(parents=True, exist_ok=True)
    (work / NAME).write_bytes(msgspec.json.format(msgspec.json.encode(seconds)) + b"\n")


def read_seconds(work: Path) -> dict[str, float]:
    """Processor time by step as noted in ``work``; nothing where no step was timed."""
    path = work / NAME
    return msgspec.json.decode(path.read_bytes(), type=dict[str, float]) if path.is_file() else {}
