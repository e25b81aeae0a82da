"""The main job: a folder of announcements in, the tables of all of them out.

Extraction works announcement by announcement, in this process or in several; resolving and writing
come after, once. The clock is read here only, for the time a run took; nothing in a table knows it.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from pipeline.errors import InputMissing
from pipeline.lock import locked
from pipeline.progress import Progress, Silent
from pipeline.records import Post, Record, Unreadable
from pipeline.single import failed, record
from pipeline.workers import Died, available_cores, chunked, work_through

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
    from pipeline.read import read_folder
    from pipeline.resolve import resolve
    from pipeline.tables import write_outputs

    progress = progress or Silent()
    started = time.perf_counter()
    if not options.input.is_dir():
        raise InputMissing(options.input)
    with locked(options.output):
        posts = list(read_folder(options.input))
        progress.phase("extracting", len(posts))
        records = list(extract_all(posts, options.workers or available_cores(), progress))
        progress.phase("resolving")
        tables = resolve(records)
        progress.phase("writing")
        write_outputs(tables, options.output)
    statuses = Counter(item.announcement.status for item in records)
    failures = sorted(
        (item.announcement.source, item.announcement.reason or "")
        for item in records
        if item.announcement.status == "failed"
    )
    return Report(
        counts={},
        statuses=dict(sorted(statuses.items())),
        extracted=len(records),
        failures=failures,
        seconds=time.perf_counter() - started,
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
