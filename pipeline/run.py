"""The main job: a folder of announcements in, the tables of all of them out.

Extraction takes up only what the ledger doesn't have; resolving and writing come after, once, and
only when some record changed. The clock is read here only, for the time a run took; nothing in a
table knows it.
"""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from functools import partial
from hashlib import sha256
from typing import TYPE_CHECKING

import msgspec

from pipeline.clock import Clock
from pipeline.earlier import Earlier, earlier_run, is_damaged, without_corrections
from pipeline.errors import Interrupted, OutputUnusable, PipelineError
from pipeline.forgotten import read_forgotten
from pipeline.options import COLUMNS, LEDGER, Options
from pipeline.progress import Progress, Silent
from pipeline.summary import Report
from pipeline.versions import model_checksums, package_versions, project_version, stage_digest

if TYPE_CHECKING:
    from pipeline.gather import Gathered
    from pipeline.ledger import Ledger
    from pipeline.read import InputFile
    from pipeline.resolve import Given
    from pipeline.tables.publish import Held
    from pipeline.tables.tables import Tables
    from pipeline.tables.write import RunInfo
    from pipeline.work import Done, Item, LoadWork
    from pipeline.workers import Crew

# Fewer announcements than this for each process, and starting one costs more than it saves.
WORTH_A_PROCESS = 12
# A damaged store is mended by making its records anew; more than once is hopeless.
ATTEMPTS = 2


def run(options: Options, progress: Progress | None = None) -> Report:
    """Make the tables of ``options.input`` in ``options.output``.

    Raises ``InputMissing``, ``AddressUnusable``, ``CorrectionsUnusable``, ``OutputLocked``,
    ``OutputUnusable``, ``ModelsDamaged``, ``Interrupted``; whatever is wrong with one announcement
    becomes its row in ``documents``.
    """
    from pipeline.model_files import verify_models
    from pipeline.read import list_inputs
    from pipeline.trouble import as_unusable

    inputs = list_inputs(options.input, options.columns)
    corrections = _given(options)
    verify_models()
    store = options.store or str(options.output / LEDGER)
    try:
        return _run(options, inputs, corrections, store, progress or Silent())
    except PipelineError:
        raise
    except Exception as error:
        if (unusable := as_unusable(error, options.output, store)) is not None:
            raise unusable from error
        raise


def _run(
    options: Options,
    inputs: list[InputFile],
    corrections: tuple[Given, ...],
    store: str,
    progress: Progress,
) -> Report:
    """The run itself, with whatever errors a full or broken disk raises."""
    from pipeline.gather import gather
    from pipeline.ledger import Ledger
    from pipeline.purge import announcements_in, prune
    from pipeline.tables.publish import current, drop_former_runs, locked
    from pipeline.work import LoadWork

    clock = Clock()
    with locked(options.output) as held:
        before = announcements_in(current(options.output))
        forgotten = read_forgotten(options.output)
        shared = options.store is not None
        ledger = Ledger(store, options.limits, forgotten.digest, shared=shared)
        report = None
        try:
            for _ in range(ATTEMPTS):
                with ledger:
                    crew = partial(_crew, options, LoadWork(forgotten))
                    gathered = gather(inputs, ledger, crew, progress, options.limits, forgotten)
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
        if report.changed or options.prune:
            if options.without_people:
                drop_former_runs(held)
            said = prune(held, ledger, gathered.posts, before, options.prunes)
            if not said:
                ledger.tidy(gathered.files, gathered.posts)
            report = msgspec.structs.replace(report, remarks=(*report.remarks, *said))
    return report


def _given(options: Options) -> tuple[Given, ...]:
    """Decisions and register, read before anything else: a mistake is told at once."""
    if options.corrections is None and options.register is None:
        return ()
    from pipeline.resolve import read_corrections, read_register

    decided = read_corrections(options.corrections) if options.corrections else ()
    return (*decided, *(read_register(options.register) if options.register else ()))


def _crew(options: Options, load_work: LoadWork, items: int) -> Crew[Item, Done]:
    """Who works on so many items."""
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
    corrections: tuple[Given, ...],
    gathered: Gathered,
    ledger: Ledger,
    clock: Clock,
    progress: Progress,
) -> Report | None:
    """Resolve all records and replace the outputs by their tables, where a record changed.

    ``None`` when stored records turn out to be damaged: the store has dropped them, so that
    gathering makes them anew.
    """
    from pipeline.pseudonyms import failures_in, published, read_key
    from pipeline.tables.intact import are_intact

    digest = _digest(gathered, ledger, corrections, options)
    if options.without_people:
        digest = sha256(f"{digest} {read_key(options.output).hex()}".encode()).hexdigest()
    earlier = earlier_run(options.output)
    mended = _mended(ledger)
    if earlier is not None and earlier.records == digest and not options.fresh:
        if are_intact(options.output):
            return _unchanged(earlier, gathered, clock, mended)
        mended += ("the outputs were not as they were written, and are written again",)
    elif is_damaged(options.output):
        mended += (
            "run.json, which tells of the run before, was not as it was written; all outputs are "
            "written again",
        )

    from pipeline.accounts import left_out
    from pipeline.resolve import RecordsMissing, resolve_stored
    from pipeline.tables.publish import current, publishing
    from pipeline.tables.write import write_run, write_tables

    progress.phase("resolving")
    keys = [ledger.record_key(post) for post in gathered.kept()]
    columns = options.output / LEDGER / COLUMNS
    failed = gathered.failures.values()
    try:
        only = options.prunes is not False
        store = ledger.record_store
        resolved = resolve_stored(store, keys, columns, failed, corrections, only=only)
    except RecordsMissing:
        return None
    with published(resolved, options.output, without=options.without_people) as tables:
        clock.lap("resolve")
        progress.phase("writing")
        with publishing(held) as folder:
            # Nothing of people may be left in a database that is changed, not made anew.
            fresh = options.fresh or options.without_people
            before = None if fresh else current(options.output)
            sealed = write_tables(tables, folder, before, ledger.lemmas)
            clock.lap("write")
            remarks = (*tables.remarks, *without_corrections(earlier, options.corrections))
            if options.report:
                from pipeline.report import attempted_report

                progress.phase("writing pages")
                remarks += attempted_report(folder, before)
                clock.lap("report")
            report = Report(
                counts=tables.counts(),
                statuses=_statuses(tables),
                extracted=gathered.extracted,
                failures=failures_in(tables) if options.without_people else _failures(gathered),
                remarks=remarks,
                mended=mended + tables.mended,
                left_out=left_out(tables),
                seconds=clock.seconds,
            )
            write_run(_info(options, report, digest, sealed, clock), tables, folder)
    return report


def _mended(ledger: Ledger) -> tuple[str, ...]:
    """What was found damaged in the store, in words."""
    if not ledger.damaged:
        return ()
    return (f"entries of the store were damaged ({ledger.damaged}) and are made anew",)


def _statuses(tables: Tables) -> dict[str, int]:
    """Announcements of each status."""
    counts: Counter[str] = Counter()
    for batch in tables.batches("documents", ["status"]):
        counts.update(batch.column("status").to_pylist())
    return dict(sorted(counts.items()))


def _digest(
    gathered: Gathered, ledger: Ledger, corrections: tuple[Given, ...], options: Options
) -> str:
    """What the tables depend on: the records, the decisions, the code that makes tables of them."""
    digest = sha256(stage_digest("pipeline.resolve", "pipeline.tables", "pipeline.report").encode())
    if options.report:
        from pipeline.report.drawing import drawable

        digest.update(f"report {drawable()}".encode())
    digest.update(gathered.forgotten.digest.encode())
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


def _unchanged(
    earlier: Earlier, gathered: Gathered, clock: Clock, mended: tuple[str, ...]
) -> Report:
    return Report(
        counts=earlier.tables,
        statuses=earlier.counts,
        extracted=gathered.extracted,
        changed=False,
        failures=_failures(gathered),
        remarks=earlier.remarks,
        mended=mended,
        left_out=earlier.left_out,
        seconds=clock.seconds,
    )


def _info(options: Options, report: Report, digest: str, sealed: str, clock: Clock) -> RunInfo:
    from pipeline.tables.write import RunInfo

    return RunInfo(
        versions={"hankepoimuri": project_version(), **package_versions()},
        models=model_checksums(),
        options={
            "workers": options.workers,
            "scheduler": options.scheduler,
            "corrections": str(options.corrections) if options.corrections else None,
            "columns": dict(options.columns),
            "register": str(options.register) if options.register else None,
        },
        counts=report.statuses,
        timings=clock.laps,
        failures=report.failures,
        remarks=report.remarks,
        left_out=report.left_out,
        records=digest,
        seal=sealed,
        started=clock.began.isoformat(timespec="seconds"),
        finished=datetime.now(UTC).isoformat(timespec="seconds"),
    )
