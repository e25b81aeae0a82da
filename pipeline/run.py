"""The main job: a folder of announcements in, the tables of all of them out.

Extraction takes up only what the ledger doesn't have; resolving and writing come after, once, and
only when some record changed. The clock is read here only, for the time a run took; nothing in a
table knows it.
"""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, field
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from pipeline.errors import Interrupted, OutputUnusable
from pipeline.limits import DEFAULT, Limits
from pipeline.progress import Progress, Silent
from pipeline.versions import model_checksums, package_versions, project_version, stage_digest

if TYPE_CHECKING:
    from pipeline.gather import Gathered
    from pipeline.ledger import Ledger
    from pipeline.resolve.corrections import Correction
    from pipeline.tables.publish import Held
    from pipeline.tables.tables import Tables
    from pipeline.tables.write import RunInfo
    from pipeline.work import Done, Item
    from pipeline.workers import Crew

LEDGER = ".store"
# Fewer announcements than this for each process, and starting one costs more than it saves.
WORTH_A_PROCESS = 12
# A damaged store is mended by making its records anew; more than once is hopeless.
ATTEMPTS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What one run is asked to do.

    ``input`` is a folder or its fsspec address, ``output`` a folder. ``workers`` processes extract
    at once, ``None`` for one on each core; 0 has this process do it, which an announcement that
    crashes takes down. ``scheduler`` is the address of a Dask scheduler whose
    workers extract instead. ``store`` is where finished work is kept: a folder or any fsspec
    address, by default a hidden folder of ``output``. ``corrections`` is a file of what people
    decided about entities (``resolve.read_corrections``). An announcement beyond the ``limits`` of
    size or time is ``failed``.
    """

    input: Path | str
    output: Path
    workers: int | None = None
    scheduler: str | None = None
    store: str | None = None
    corrections: Path | None = None
    limits: Limits = DEFAULT


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """How a run went: rows per table, announcements per status, failures as (source, reason).

    ``extracted`` counts the announcements whose facts were read in this run; ``changed`` says
    whether tables were written; ``remarks`` are what resolving has to say.
    """

    counts: dict[str, int]
    statuses: dict[str, int]
    extracted: int
    changed: bool = True
    failures: tuple[tuple[str, str], ...] = ()
    remarks: tuple[str, ...] = ()
    seconds: float = 0.0

    @property
    def nothing_read(self) -> bool:
        """Whether not one announcement could be read."""
        return not (self.statuses.get("ok") or self.statuses.get("skipped"))


def run(options: Options, progress: Progress | None = None) -> Report:
    """Make the tables of ``options.input`` in ``options.output``.

    Raises ``InputMissing``, ``AddressUnusable``, ``CorrectionsUnusable``, ``OutputLocked``,
    ``OutputUnusable``, ``Interrupted``; whatever is wrong with one announcement becomes its row in
    ``documents``.
    """
    from pipeline.gather import gather
    from pipeline.ledger import Ledger
    from pipeline.read import list_inputs
    from pipeline.tables.publish import locked

    progress = progress or Silent()
    clock = Clock()
    inputs = list_inputs(options.input)
    corrections = _corrections(options.corrections)
    with locked(options.output) as held:
        store = options.store or str(options.output / LEDGER)
        ledger = Ledger(store, options.limits)
        report = None
        try:
            for _ in range(ATTEMPTS):
                with ledger:
                    crew = partial(_crew, options)
                    gathered = gather(inputs, ledger, crew, progress, options.limits)
                clock.lap("extract")
                report = _publish(held, options, corrections, gathered, ledger, clock, progress)
                if report is not None:
                    break
        except KeyboardInterrupt as stop:
            raise Interrupted from stop
        if report is None:
            raise OutputUnusable(
                f"The store of finished work in {store} loses what is put into it. "
                "Check the disk, or delete the store: everything in it can be made anew."
            )
        if report.changed:
            ledger.tidy(gathered.files, gathered.posts)
    return report


def _corrections(path: Path | None) -> tuple[Correction, ...]:
    """The decisions in a file, read before anything else: a mistake is told at once."""
    if path is None:
        return ()
    from pipeline.resolve.corrections import read_corrections

    return read_corrections(path)


def _crew(options: Options, items: int) -> Crew[Item, Done]:
    """Who works on so many items."""
    from pipeline.work import load_work
    from pipeline.workers import Alone, Processes, available_cores

    if options.scheduler is not None:
        from pipeline.cluster import DaskCluster

        return DaskCluster(load_work, options.scheduler, seconds=options.limits.seconds)
    if options.workers == 0:
        return Alone(load_work, options.limits.seconds)
    count = min(options.workers or available_cores(), -(-items // WORTH_A_PROCESS))
    return Processes(load_work, max(1, count), options.limits.seconds)


def _publish(
    held: Held,
    options: Options,
    corrections: tuple[Correction, ...],
    gathered: Gathered,
    ledger: Ledger,
    clock: Clock,
    progress: Progress,
) -> Report | None:
    """Resolve all records and replace the outputs by their tables, where a record changed.

    ``None`` when stored records turn out to be damaged: the store has dropped them, so that
    gathering makes them anew.
    """
    digest = _digest(gathered, ledger, corrections)
    earlier = _earlier(options.output)
    if earlier is not None and earlier.records == digest:
        return _unchanged(earlier, gathered, clock)

    from pipeline.resolve import RecordsMissing, resolve_stored
    from pipeline.tables.publish import current, publishing
    from pipeline.tables.write import write_run, write_tables

    progress.phase("resolving")
    keys = [ledger.record_key(post) for post in gathered.kept()]
    columns = options.output / LEDGER / "columns"
    failed = gathered.failures.values()
    try:
        resolved = resolve_stored(ledger.record_store, keys, columns, failed, corrections)
    except RecordsMissing:
        return None
    with resolved as tables:
        clock.lap("resolve")
        progress.phase("writing")
        try:
            with publishing(held) as folder:
                sealed = write_tables(tables, folder, current(options.output))
                clock.lap("write")
                report = Report(
                    counts=tables.counts(),
                    statuses=_statuses(tables),
                    extracted=gathered.extracted,
                    failures=_failures(gathered),
                    remarks=tables.remarks,
                    seconds=clock.seconds,
                )
                write_run(_info(options, report, digest, sealed, clock), tables, folder)
        except OSError as error:
            raise _unusable(options.output, error) from error
    return report


def _statuses(tables: Tables) -> dict[str, int]:
    """Announcements of each status."""
    counts: Counter[str] = Counter()
    for batch in tables.batches("documents", ["status"]):
        counts.update(batch.column("status").to_pylist())
    return dict(sorted(counts.items()))


def _digest(gathered: Gathered, ledger: Ledger, corrections: tuple[Correction, ...]) -> str:
    """What the tables depend on: the records, the decisions, the code that makes tables of them."""
    digest = sha256(stage_digest("pipeline.resolve", "pipeline.tables").encode())
    for one in corrections:
        digest.update(msgspec.msgpack.encode(one))
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
    remarks: tuple[str, ...] = ()


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
        remarks=earlier.remarks,
        seconds=clock.seconds,
    )


def _info(options: Options, report: Report, digest: str, sealed: str, clock: Clock) -> RunInfo:
    from pipeline.tables.write import RunInfo

    return RunInfo(
        versions={"hankepoimuri": project_version(), **package_versions()},
        models=model_checksums(),
        options={"workers": options.workers, "scheduler": options.scheduler},
        counts=report.statuses,
        timings=clock.laps,
        failures=report.failures,
        remarks=report.remarks,
        records=digest,
        seal=sealed,
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
