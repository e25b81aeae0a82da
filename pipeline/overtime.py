"""A limit of time for work in a process that cannot be ended for it: a thread of somebody else's.

Python code is interrupted between two of its instructions. Native code is not; where it does not
come back, only the end of its process helps (``pipeline.workers``, or ``deadly`` here).
"""

from __future__ import annotations

import ctypes
import faulthandler
import os
from collections.abc import Callable
from functools import cache
from pathlib import Path
from threading import Lock, Timer, get_ident
from typing import IO, TypeVar

Result = TypeVar("Result")

GRACE_SECONDS = 10.0  # for native code to come back after the limit


class Overran(BaseException):
    """The work took longer than it may. No ``Exception``: nothing on the way may swallow it."""


def within(seconds: float, work: Callable[[], Result], *, deadly: bool = False) -> Result:
    """What ``work`` returns. Raises ``Overran`` in it once it has taken so many seconds.

    With ``deadly`` the process ends where the work cannot be interrupted; it does one such work
    at a time.
    """
    thread, lock, over = get_ident(), Lock(), False

    def interrupt() -> None:
        with lock:
            if not over:
                _raise(thread, Overran)

    timer = Timer(seconds, interrupt)
    timer.daemon = True
    timer.start()
    if deadly:
        # Its watch needs no lock of Python's, which native code may hold for ever.
        faulthandler.dump_traceback_later(seconds + GRACE_SECONDS, exit=True, file=_nowhere())
    try:
        return work()
    finally:
        if deadly:
            faulthandler.cancel_dump_traceback_later()
        timer.cancel()
        with lock:
            over = True
            _raise(thread, None)  # takes back what has not arrived yet


@cache
def _nowhere() -> IO[str]:
    """Where a dying process's traceback goes: it could quote nothing, but nobody asked for it."""
    return Path(os.devnull).open("w", encoding="utf-8")


def _raise(thread: int, error: type[BaseException] | None) -> None:
    value = None if error is None else ctypes.py_object(error)
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), value)
