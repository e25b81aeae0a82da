"""Small work for the tests of workers: light to import in a new process."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable

DEADLY = -1
ENDLESS = -2


def load_doubling() -> Callable[[list[int]], list[int]]:
    """Doubles numbers; the deadly number kills the process, the endless one never ends."""

    def double(numbers: list[int]) -> list[int]:
        if DEADLY in numbers:
            os.kill(os.getpid(), signal.SIGKILL)
        while ENDLESS in numbers:
            time.sleep(1)
        return [2 * number for number in numbers]

    return double


def load_slow_doubling() -> Callable[[list[int]], list[int]]:
    """Doubles numbers, a tenth of a second each chunk."""

    def double(numbers: list[int]) -> list[int]:
        time.sleep(0.1)
        return [2 * number for number in numbers]

    return double


def load_nothing() -> Callable[[list[int]], list[int]]:
    """Cannot load."""
    raise FileNotFoundError("models/finnish.udpipe")
