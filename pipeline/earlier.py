"""What a run needs to know of the one before it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import msgspec

RUN = "run.json"


class Earlier(msgspec.Struct, frozen=True):
    """What this run needs to know of the one before, from its ``run.json``."""

    records: str | None
    counts: dict[str, int]
    tables: dict[str, int]
    remarks: tuple[str, ...] = ()
    left_out: dict[str, int] = {}
    options: dict[str, Any] = {}


def earlier_run(output: Path) -> Earlier | None:
    """The run whose outputs lie there, ``None`` where there is none that can be read."""
    try:
        return msgspec.json.decode((output / RUN).read_bytes(), type=Earlier)
    except (OSError, msgspec.MsgspecError):
        return None


def is_damaged(output: Path) -> bool:
    """Whether there was a run whose ``run.json`` is gone, or not as it was written."""
    from pipeline.tables.intact import is_as_written
    from pipeline.tables.publish import current

    was = current(output) != output or os.path.lexists(output / RUN)
    return was and not is_as_written(output, RUN)


def without_corrections(earlier: Earlier | None, corrections: Path | None) -> tuple[str, ...]:
    """A word where the run before followed decisions of people and this one follows none."""
    before = earlier.options.get("corrections") if earlier else None
    if corrections or not before:
        return ()
    return (
        f"The run before followed the corrections in {before}, this one follows none: "
        f"give --corrections {before} to have them back.",
    )
