"""The main job: a folder of announcements in, the tables of all of them out.

Extraction takes up only what the ledger doesn't have; resolving and writing come after, once, and
only when some record changed. The clock is read here only, for the time a run took; nothing in a
table knows it.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from pipeline.errors import Interrupted, OutputUnusable, PipelineError
from pipeline.progress import Progress, Silent
from pipeline.versions import model_checksums, package_versions, project_version, stage_digest

if TYPE_CHECKING:
    from pipeline.gather import Gathered
    from pipeline.ledger import Ledger
    from pipeline.records import Record
    from pipeline.tables.publish import Held
    from pipeline.tables.write import RunInfo
    from pipeline.work import Done, Item
    from pipeline.workers import Crew

LEDGER = ".store"
# Fewer announcements than this for each process, and starting one costs more than it saves.
WORTH_A_PROCESS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What one run is asked to do.

    ``input`` and ``output`` are folders. ``workers`` processes extract at once, ``None`` for one
    on each core; ``scheduler`` is the address of a Dask scheduler whose workers extract instead.
    ``store`` is where finished work is kept: a folder or any fsspec address, by default a hidden
    folder of ``output``.
    """

    input: Path
    output: Path
    workers: int | None = None
    scheduler: str | None = None
    store: str | None = None


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """How a run went: rows per table, announcements per status, failures as (source, reason).

    ``extracted`` counts the announcements whose facts were read in this run; ``changed`` says
    whether tables were written.
    """

    counts: dict[str, int]
    statuses: dict[str, int]
    extracted: int
    changed: bool = True
    failures: tuple[tuple[str, str], ...] = ()
    seconds: float = 0.0

    @property
    def nothing_read(self) -> bool:
        """Whether not one announcement could be read."""
        return not (self.statuses.get("ok") or self.statuses.get("skipped"))


def run(options: Options, progress: Progress | None = None) -> Report:
    """Make the tables of ``options.input`` in ``options.output``.

    Raises ``InputMissing``, ``OutputLocked``, ``OutputUnusable``, ``Interrupted``; whatever is
    wrong with one announcement becomes its row in ``documents``.
    """
    from pipeline.gather import Gathered, gather
    from pipeline.ledger import Ledger
    from pipeline.read import list_inputs
    from pipeline.tables.publish import locked

    progress = progress or Silent()
    clock = Clock()
    inputs = list_inputs(options.input)
    with locked(options.output) as held:
        ledger = Ledger(options.store or str(options.output / LEDGER))
        gathered = Gathered()
        try:
            with ledger:
                gathered = gather(inputs, ledger, partial(_crew, options), progress)
        except KeyboardInterrupt as stop:
            raise Interrupted from stop
        clock.lap("extract")
        digest = _digest(gathered, ledger)
        earlier = _earlier(options.output)
        if earlier is not None and earlier.records == digest:
            return _unchanged(earlier, gathered, clock)
        report = _publish(held, options, gathered, ledger, digest, clock, progress)
        ledger.tidy(gathered.files, gathered.posts)
    return report


def _crew(options: Options, items: int) -> Crew[Item, list[Done]]:
    """Who works on so many items."""
    from pipeline.work import load_work
    from pipeline.workers import Alone, Processes, available_cores

    if options.scheduler is not None:
        from pipeline.cluster import DaskCluster

        return DaskCluster(load_work, options.scheduler)
    count = min(options.workers or available_cores(), -(-items // WORTH_A_PROCESS))
    if count <= 1:
        return Alone(load_work)
    return Processes(load_work, count)


def _publish(
    held: Held,
    options: Options,
    gathered: Gathered,
    ledger: Ledger,
    digest: str,
    clock: Clock,
    progress: Progress,
) -> Report:
    """Resolve all records and replace the outputs by their tables."""
    from pipeline.resolve import resolve
    from pipeline.tables.check import check
    from pipeline.tables.publish import publishing
    from pipeline.tables.write import write_run, write_tables

    progress.phase("resolving")
    statuses: Counter[str] = Counter()
    with resolve(_records(gathered, ledger, statuses)) as tables:
        clock.lap("resolve")
        progress.phase("writing")
        check(tables)
        try:
            with publishing(held) as folder:
                write_tables(tables, folder)
                clock.lap("write")
                report = Report(
                    counts=tables.counts(),
                    statuses=dict(sorted(statuses.items())),
                    extracted=gathered.extracted,
                    failures=_failures(gathered),
                    seconds=clock.seconds,
                )
                write_run(_info(options, report, digest, clock), tables, folder)
        except OSError as error:
            raise _unusable(options.output, error) from error
    return report


def _records(gathered: Gathered, ledger: Ledger, statuses: Counter[str]) -> Iterator[Record]:
    """Every record, counted by status. Raises ``PipelineError`` where the ledger lost one."""
    kept = gathered.kept()
    found = 0
    for record in ledger.records(kept):
        statuses[record.announcement.status] += 1
        found += 1
        yield record
    if found < len(kept):
        raise PipelineError(
            f"{len(kept) - found} stored records are damaged and were dropped. "
            "Run the same command again: it makes them anew."
        )
    for record in gathered.failures.values():
        statuses[record.announcement.status] += 1
        yield record


def _digest(gathered: Gathered, ledger: Ledger) -> str:
    """What the tables depend on: the set of records, and the code that makes tables of them."""
    digest = sha256(stage_digest("pipeline.resolve", "pipeline.tables").encode())
    for key in sorted(map(ledger.record_key, gathered.kept())):
        digest.update(key.encode())
    for key in sorted(gathered.failures):
        digest.update(msgspec.msgpack.encode(gathered.failures[key]))
    return digest.hexdigest()


def _failures(gathered: Gathered) -> tuple[tuple[str, str], ...]:
    posts = [record.announcement for record in gathered.failures.values()]
    return tuple(sorted((post.source, post.reason or "") for post in posts))


class Earlier(msgspec.Struct, frozen=True):
    """What this run needs to know of the one before, from its ``run.json``."""

    records: str | None
    counts: dict[str, int]
    tables: dict[str, int]


def _earlier(output: Path) -> Earlier | None:
    """The run whose outputs lie there, ``None`` where there is none that can be read."""
    try:
        return msgspec.json.decode((output / "run.json").read_bytes(), type=Earlier)
    except (OSError, msgspec.MsgspecError):
        return None


def _unchanged(earlier: Earlier, gathered: Gathered, clock: Clock) -> Report:
    return Report(
        counts=earlier.tables,
        statuses=earlier.counts,
        extracted=gathered.extracted,
        changed=False,
        failures=_failures(gathered),
        seconds=clock.seconds,
    )


def _info(options: Options, report: Report, digest: str, clock: Clock) -> RunInfo:
    from pipeline.tables.write import RunInfo

    return RunInfo(
        versions={"hankepoimuri": project_version(), **package_versions()},
        models=model_checksums(),
        options={"workers": options.workers, "scheduler": options.scheduler},
        counts=report.statuses,
        timings=clock.laps,
        failures=report.failures,
        records=digest,
    )


def _unusable(output: Path, error: OSError) -> OutputUnusable:
    return OutputUnusable(
        f"The output folder {output} cannot be written ({error.strerror or error}). "
        "Make room or give --output another folder; the tables that were there are untouched."
    )


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
