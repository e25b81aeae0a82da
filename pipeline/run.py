"""The main job: a folder of announcements in, the tables of all of them out.

Extraction works announcement by announcement, in this process or in several; resolving and writing
come after, once. The clock is read here only, for the time a run took; nothing in a table knows it.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import OutputLocked, OutputUnusable
from pipeline.progress import Progress, Silent
from pipeline.records import Post, Record, Unreadable
from pipeline.single import failed, record
from pipeline.versions import model_checksums, package_versions, project_version
from pipeline.workers import Died, available_cores, chunked, work_through

if TYPE_CHECKING:
    from pipeline.tables.write import RunInfo

CHUNK = 8
# Below this many announcements a second process costs more time to start than it saves.
WORTH_A_WORKER = 12

Raw = Post | Unreadable


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What one run is asked to do.

    ``input`` and ``output`` are folders; ``workers`` processes extract at once, ``None`` for one
    on each core.
    """

    input: Path
    output: Path
    workers: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """How a run went: rows per table, announcements per status, failures as (source, reason)."""

    counts: dict[str, int]
    statuses: dict[str, int]
    extracted: int
    failures: list[tuple[str, str]] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def nothing_read(self) -> bool:
        """Whether not one announcement could be read."""
        return not (self.statuses.get("ok") or self.statuses.get("skipped"))


def run(options: Options, progress: Progress | None = None) -> Report:
    """Make the tables of ``options.input`` in ``options.output``.

    Raises ``InputMissing``, ``OutputLocked``, ``OutputUnusable``; whatever is wrong with one
    announcement becomes its row in ``documents``.
    """
    from pipeline.read import list_inputs, read_input
    from pipeline.resolve import resolve
    from pipeline.tables.check import check
    from pipeline.tables.publish import publishing
    from pipeline.tables.write import write_run, write_tables

    progress = progress or Silent()
    clock = Clock()
    inputs = list_inputs(options.input)
    with holding(options.output):
        posts = [post for file in inputs for post in read_input(file)]
        clock.lap("read")
        progress.phase("extracting", len(posts))
        records = list(extract_all(posts, options.workers or available_cores(), progress))
        clock.lap("extract")
        progress.phase("resolving")
        with resolve(records) as tables:
            clock.lap("resolve")
            progress.phase("writing")
            check(tables)
            with publishing(options.output) as folder:
                write_tables(tables, folder)
                clock.lap("write")
                report = _report(records, tables.counts(), clock)
                write_run(_info(options, report, clock), tables, folder)
    return report


@contextmanager
def holding(output: Path) -> Iterator[None]:
    """Hold the output folder alone. Raises ``OutputLocked`` or ``OutputUnusable``."""
    from pipeline.tables import publish

    with ExitStack() as held:
        try:
            held.enter_context(publish.locked(output))
        except publish.OutputLocked as error:
            raise OutputLocked(str(error)) from error
        except OSError as error:
            raise OutputUnusable(
                f"The output folder {output} cannot be written ({error.strerror}). "
                "Give --output a folder of your own."
            ) from error
        yield


@dataclass(slots=True)
class Clock:
    """Seconds since it was made, and of each stage."""

    started: float = field(default_factory=time.perf_counter)
    last: float = field(default_factory=time.perf_counter)
    laps: dict[str, float] = field(default_factory=dict)

    def lap(self, stage: str) -> None:
        """The stage that ran until now is over."""
        now = time.perf_counter()
        self.laps[stage] = round(now - self.last, 3)
        self.last = now

    @property
    def seconds(self) -> float:
        """Since the start."""
        return time.perf_counter() - self.started


def _report(records: list[Record], counts: dict[str, int], clock: Clock) -> Report:
    posts = [item.announcement for item in records]
    return Report(
        counts=counts,
        statuses=dict(sorted(Counter(post.status for post in posts).items())),
        extracted=len(records),
        failures=sorted((p.source, p.reason or "") for p in posts if p.status == "failed"),
        seconds=clock.seconds,
    )


def _info(options: Options, report: Report, clock: Clock) -> RunInfo:
    from pipeline.tables.write import RunInfo

    return RunInfo(
        versions={"hankepoimuri": project_version(), **package_versions()},
        models=model_checksums(),
        options={"workers": options.workers},
        counts=report.statuses,
        timings=clock.laps,
        failures=tuple(report.failures),
    )


def extract_all(posts: Iterable[Raw], workers: int, progress: Progress) -> Iterator[Record]:
    """The record of every post, in no particular order."""
    for chunk, result in _extracted(posts, workers):
        if isinstance(result, Died):
            yield from (failed(post, str(result)) for post in chunk)
        else:
            yield from result
        progress.advance(len(chunk))


def _extracted(
    posts: Iterable[Raw], workers: int
) -> Iterator[tuple[list[Raw], list[Record] | Died]]:
    chunks = chunked(posts, CHUNK)
    if workers == 1:
        work = load_extraction()
        for chunk in chunks:
            yield chunk, work(chunk)
        return
    yield from work_through(chunks, load_extraction, workers)


def load_extraction() -> Callable[[list[Raw]], list[Record]]:
    """Load the models and return the function that turns posts into records."""
    from pipeline.annotate import load_annotator

    annotator = load_annotator()
    return lambda posts: [record(post, annotator) for post in posts]
