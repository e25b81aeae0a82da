"""Errors that mean the disk is full, gone or closed, whichever library met them."""

from __future__ import annotations

import errno
import os
import sqlite3
from pathlib import Path

from pipeline.errors import OutputUnusable, PipelineError

# What else an OSError may say is no matter of the disk.
_NETWORK = (ConnectionError, TimeoutError, BrokenPipeError)
_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def disk_trouble(error: BaseException) -> str | None:
    """What is wrong with the disk, in words; ``None`` where it is something else."""
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, OSError) and not isinstance(seen, _NETWORK):
            return "no room is left" if seen.errno in _ROOM else seen.strerror or str(seen)
        if isinstance(seen, sqlite3.OperationalError):
            return str(seen)
        if type(seen).__module__.startswith(("duckdb", "_duckdb")) and _is_of_files(seen):
            return str(seen).partition("\n")[0]
        seen = seen.__cause__ or seen.__context__
    return None


def _is_of_files(error: BaseException) -> bool:
    return type(error).__name__ in ("IOException", "OutOfMemoryException", "FatalException")


def _in_the_way(error: BaseException) -> Path | None:
    """The file that stands where a folder was to be made or read."""
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, NotADirectoryError | FileExistsError) and seen.filename is not None:
            path = Path(os.fsdecode(seen.filename))
            there = next((one for one in (path, *path.parents) if one.exists()), path)
            return there if there.is_file() else None
        seen = seen.__cause__ or seen.__context__
    return None


def as_unusable(error: BaseException, output: Path, store: str) -> PipelineError | None:
    """The error for the person at the keyboard, where it is the disk's."""
    reason = disk_trouble(error)
    if reason is None:
        return None
    if (file := _in_the_way(error)) is not None:
        return OutputUnusable(
            f"{file} is a file, but a folder has to be there. Move it away, or give --output or "
            "--store another place. The tables that were there are untouched."
        )
    return OutputUnusable(
        f"The output folder {output} or its store {store} cannot be written ({reason}). Make room, "
        "or give --output another folder. The tables that were there are untouched, and what was "
        "finished is kept: the same command goes on from there."
    )
