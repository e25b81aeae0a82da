"""Stages of one announcement's way: what one raises is told apart from what the run raises."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from traceback import walk_tb
from typing import TypeVar

Result = TypeVar("Result")

PACKAGE = Path(__file__).resolve().parent
FRAMES = frozenset(("overtime.py", "stages.py", "work.py", "workers.py"))  # no place to look at


class StageFailed(Exception):
    """A stage raised on one announcement: which stage, what kind of error, and where in the code.

    What the error says is left out: it may quote the announcement, and reasons are published.
    """

    def __init__(self, stage: str, cause: BaseException) -> None:
        super().__init__(f"{stage} failed: {type(cause).__name__}{place_of(cause)}")


def at_stage(stage: str, step: Callable[[], Result]) -> Result:
    """What ``step`` returns; raises ``StageFailed`` with the stage's name for any exception."""
    try:
        return step()
    except StageFailed:
        raise
    except Exception as error:
        raise StageFailed(stage, error) from error


def place_of(error: BaseException) -> str:
    """Where in this project an error arose: " (extract/dates/tokens.py:66)", or ""."""
    place = ""
    for frame, line in walk_tb(error.__traceback__):
        path = Path(frame.f_code.co_filename)
        if path.is_relative_to(PACKAGE) and path.name not in FRAMES:
            place = f" ({path.relative_to(PACKAGE).as_posix()}:{line})"
    return place
