"""One run at a time on an output folder: a lock that dies with its process, however it dies."""

from __future__ import annotations

import fcntl
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.errors import OutputLocked, OutputUnusable

LOCK_FILE = ".lock"


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold ``folder`` (made where it is not there) for this process alone.

    Raises ``OutputLocked`` naming the process that has it, ``OutputUnusable`` when the folder
    cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(folder / LOCK_FILE, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise OutputUnusable(
            f"The output folder {folder} cannot be written ({error.strerror}). "
            "Give --output a folder of your own."
        ) from error
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            owner = os.read(handle, 200).decode("utf-8", "replace").strip() or "another process"
            raise OutputLocked(folder, owner) from error
        os.ftruncate(handle, 0)
        os.pwrite(handle, f"process {os.getpid()} on {socket.gethostname()}\n".encode(), 0)
        yield
    finally:
        # The file stays: removing it would let two runs lock two different files of one name.
        os.close(handle)
