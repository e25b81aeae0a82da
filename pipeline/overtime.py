"""A limit of time for work in a process that cannot be ended for it: a thread of somebody else's.

Python code is interrupted between two of its instructions. Native code is not; where it does not
come back, only the end of its process helps (``pipeline.workers``, or ``deadly`` here).
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Callable
from threading import Lock, Timer, get_ident
from typing import TypeVar

Result = TypeVar("Result")

GRACE_SECONDS = 10.0  # for native code to come back after the limit
EXIT_CODE = 70


class Overran(BaseException):
    """The work took longer than it may. No ``Exception``: nothing on the way may swallow it."""


def within(seconds: float, work: Callable[[], Result], *, deadly: bool = False) -> Result:
    """What ``work`` returns. Raises ``Overran`` in it once it has taken so many seconds.

    With ``deadly`` the process ends where the work cannot be interrupted.
    """
    thread, lock, over = get_ident(), Lock(), False

    def interrupt() -> None:
        with lock:
            if not over:
                _raise(thread, Overran)

    timers = [Timer(seconds, interrupt)]
    if deadly:
        timers.append(Timer(seconds + GRACE_SECONDS, os._exit, (EXIT_CODE,)))
    for timer in timers:
        timer.daemon = True
        timer.start()
    try:
        return work()
    finally:
        for timer in timers:
            timer.cancel()
        with lock:
            over = True
            _raise(thread, None)  # takes back what has not arrived yet


def _raise(thread: int, error: type[BaseException] | None) -> None:
    value = None if error is None else ctypes.py_object(error)
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), value)
