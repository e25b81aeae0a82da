"""What a person sees of a run while it goes: a progress bar on a terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol


class Progress(Protocol):
    """Told how far a run has come."""

    def phase(self, name: str, total: int | None = None) -> None:
        """A part of the run begins; ``total`` steps, ``None`` where not known."""
        ...

    def advance(self, steps: int = 1) -> None:
        """So many steps more are done."""
        ...


class Silent:
    """Shows nothing."""

    def phase(self, name: str, total: int | None = None) -> None:
        """Show nothing."""

    def advance(self, steps: int = 1) -> None:
        """Show nothing."""


@contextmanager
def shown(*, quiet: bool = False) -> Iterator[Progress]:
    """A progress bar with rate and time left on a terminal, nothing elsewhere."""
    if quiet or not sys.stderr.isatty():
        yield Silent()
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        TaskID,
        TextColumn,
        TimeRemainingColumn,
    )
    from rich.progress import Progress as Bars

    class Rate(TextColumn):
        """Steps per second."""

        def render(self, task):  # type: ignore[no-untyped-def]
            from rich.text import Text

            speed = task.finished_speed or task.speed
            return Text("" if speed is None else f"{speed:.1f}/s")

    class OnTerminal:
        def __init__(self, bars: Bars) -> None:
            self.bars = bars
            self.task: TaskID | None = None

        def phase(self, name: str, total: int | None = None) -> None:
            if self.task is not None:
                self.bars.stop_task(self.task)
            self.task = self.bars.add_task(name, total=total)

        def advance(self, steps: int = 1) -> None:
            if self.task is not None:
                self.bars.advance(self.task, steps)

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        Rate(""),
        TimeRemainingColumn(elapsed_when_finished=True),
    )
    with Bars(*columns, console=Console(stderr=True), transient=True) as bars:
        yield OnTerminal(bars)
