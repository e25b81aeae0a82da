"""How a run went, and that in words: the closing summary."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec

from pipeline.terminal import visible_line

MOST_FAILURES_SHOWN = 10


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """How a run went: rows per table, announcements per status, failures as (source, reason).

    ``extracted`` counts the announcements whose facts were read in this run; ``changed`` says
    whether tables were written; ``remarks`` are what resolving has to say, ``mended`` what was
    found damaged and made anew; ``left_out`` counts files that were not read by the reason.
    """

    counts: dict[str, int]
    statuses: dict[str, int]
    extracted: int
    changed: bool = True
    failures: tuple[tuple[str, str], ...] = ()
    remarks: tuple[str, ...] = ()
    mended: tuple[str, ...] = ()
    left_out: dict[str, int] = {}
    seconds: float = 0.0

    @property
    def nothing_read(self) -> bool:
        """Whether not one announcement could be read."""
        skipped = self.statuses.get("skipped", 0) - sum(self.left_out.values())
        return not (self.statuses.get("ok") or skipped)


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
