"""Small work for the tests of workers: light to import in a new process."""

from __future__ import annotations

import os
import signal
import time
from typing import Any

DEADLY = -1
ENDLESS = -2
RAISING = -3
DEEP = -4


class Doubling:
    """Doubles numbers but for those that kill the process, never end, raise, or cannot travel."""

    def __init__(self, seconds: float = 0.0) -> None:
        self.seconds = seconds

    def is_ready(self, number: int) -> bool:
        return True

    def load(self, number: int) -> None: ...

    def __call__(self, number: int) -> Any:
        time.sleep(self.seconds)
        if number == DEADLY:
            os.kill(os.getpid(), signal.SIGKILL)
        while number == ENDLESS:
            time.sleep(0.01)
        if number == RAISING:
            raise ValueError("what the announcement says")
        if number == DEEP:
            nested: list[Any] = []
            for _ in range(100_000):
                nested = [nested]
            return nested
        return 2 * number


def load_doubling() -> Doubling:
    return Doubling()


def load_slow_doubling() -> Doubling:
    """Doubles numbers, a twentieth of a second each."""
    return Doubling(0.05)


class LoadsSlowly(Doubling):
    """Needs longer to load than a number may take."""

    loaded = False

    def is_ready(self, number: int) -> bool:
        return self.loaded

    def load(self, number: int) -> None:
        time.sleep(1.5)
        self.loaded = True


def load_slowly() -> Doubling:
    return LoadsSlowly()


def load_nothing() -> Doubling:
    """Cannot load."""
    raise FileNotFoundError("models/finnish.udpipe")
