"""Stages of one announcement's way: what one raises is told apart from what the run raises."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

Result = TypeVar("Result")


class StageFailed(Exception):
    """A stage raised on one announcement: which stage, and what it said."""

    def __init__(self, stage: str, cause: Exception) -> None:
        super().__init__(f"{stage} failed: {type(cause).__name__}: {cause}")


def at_stage(stage: str, step: Callable[[], Result]) -> Result:
    """What ``step`` returns; raises ``StageFailed`` with the stage's name for any exception."""
    try:
        return step()
    except StageFailed:
        raise
    except Exception as error:
        raise StageFailed(stage, error) from error
