"""What a person sees of a run: a progress bar on a terminal, and the closing summary."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from pipeline.terminal import visible_line

if TYPE_CHECKING:
    from pipeline.run import Report

MOST_FAILURES_SHOWN = 10


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


def closing_summary(report: Report, output: Path, *, verbose: bool = False) -> None:
    """Print counts per table and how the run went; only the latter where nobody is watching."""
    if sys.stdout.isatty() or verbose:
        print("\n".join(table_lines(report)))
    print("\n".join(summary_lines(report, output)))


def table_lines(report: Report) -> Iterator[str]:
    """Rows of each table, line by line."""
    yield f"{'table':<16}{'rows':>9}"
    for table, count in report.counts.items():
        yield f"{table:<16}{count:>9}"
    yield ""


def summary_lines(report: Report, output: Path) -> Iterator[str]:
    """What became of the announcements, and where the tables are, line by line."""
    states = ", ".join(f"{count} {status}" for status, count in report.statuses.items() if count)
    yield f"Announcements: {states or 'none'}; newly extracted: {report.extracted}."
    for source, reason in report.failures[:MOST_FAILURES_SHOWN]:
        yield f"  failed: {visible_line(source)}: {visible_line(reason)}"
    more = len(report.failures) - MOST_FAILURES_SHOWN
    if more > 0:
        yield f"  … and {more} more (table documents, status failed)"
    for reason, count in report.left_out.items():
        yield f"  {count} {'file' if count == 1 else 'files'} not read: {visible_line(reason)}"
    yield from (f"  mended: {what}" for what in report.mended)
    yield from (f"  {visible_line(remark)}" for remark in report.remarks)
    if report.changed:
        yield f"Written to {output} in {report.seconds:.1f} s."
    else:
        yield f"Nothing changed since the last run; {output} stays as it is."
