"""Work on many announcements side by side, a process a core."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

Item = TypeVar("Item")
Made = TypeVar("Made")

TOGETHER = 8  # items that a process takes at a time
_work: Callable[[int], Any] | None = None


def of_each(make: Callable[[Item], Made], items: Sequence[Item]) -> list[Made]:
    """What is made of each item, in order; the processes are forks, so items are not copied.

    Where processes cannot be forked, one after the other.
    """
    global _work
    if "fork" not in multiprocessing.get_all_start_methods() or len(items) < 2 * TOGETHER:
        return [make(item) for item in items]
    _work = lambda number: make(items[number])  # noqa: E731
    try:
        fork = multiprocessing.get_context("fork")
        with fork.Pool(os.cpu_count(), initializer=_one_thread) as pool:
            return pool.map(_made, range(len(items)), chunksize=TOGETHER)
    finally:
        _work = None


def _one_thread() -> None:
    """The processes take all cores already."""
    threadpool_limits(limits=1)


def _made(number: int) -> Any:
    if _work is None:
        raise RuntimeError("asked outside of of_each")
    return _work(number)
