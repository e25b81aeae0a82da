"""Tables of one run into its folder: Parquet, CSV, SQLite, data package and ``run.json``."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import msgspec

from pipeline.tables.check import check
from pipeline.tables.exports import write_exports
from pipeline.tables.intact import write_sums
from pipeline.tables.package import data_package
from pipeline.tables.patch import is_sealed, patch_sqlite, seal
from pipeline.tables.publish import Held, current, publishing
from pipeline.tables.schema import TABLES
from pipeline.tables.spreadsheets import write_csv
from pipeline.tables.sqlite import DATABASE, Lemmas, write_sqlite
from pipeline.tables.tables import Tables


class RunInfo(msgspec.Struct, frozen=True, kw_only=True):
    """What ran: ``run.json`` without the counts of tables, which the writer adds.

    ``versions`` and ``models`` map names to versions and SHA-256 sums; ``timings`` are seconds
    by stage; ``failures`` are (source, reason), ``remarks`` what resolving has to say; ``left_out``
    counts files that were not read by the reason; ``seal`` is what ``write_tables`` gave;
    ``started`` and ``finished`` are ISO times in UTC.
    """

    versions: dict[str, str] = {}
    models: dict[str, str] = {}
    options: dict[str, Any] = {}
    counts: dict[str, int] = {}
    timings: dict[str, float] = {}
    failures: tuple[tuple[str, str], ...] = ()
    remarks: tuple[str, ...] = ()
    left_out: dict[str, int] = {}
    records: str | None = None
    seal: str | None = None
    started: str | None = None
    finished: str | None = None


def write_tables(
    tables: Tables, folder: Path, earlier: Path | None = None, lemmas: Lemmas | None = None
) -> str:
    """Write every table in every format under ``folder``, the same rows for the same tables.

    ``earlier`` is the folder of an earlier run, of whose work a part may be used again where it is
    still as it was written; ``lemmas`` gives those of texts, for the search. Returns the seal that
    says so. Raises ``check.Invalid`` when the tables break their own rules: what is written then
    must not count.
    """
    place = folder / "tables"
    place.mkdir()
    with ThreadPoolExecutor(2) as beside:
        # The longest first; checking meanwhile costs the run next to nothing.
        database = beside.submit(_database, tables, folder / DATABASE, earlier, lemmas)
        checked = beside.submit(check, tables)
        try:
            for table in TABLES:
                shutil.copyfile(tables.path(table.name), place / f"{table.name}.parquet")
            write_csv(tables, place)
            write_json(folder / "datapackage.json", data_package(folder))
        finally:
            checked.result()  # says more of broken tables than a format that can't hold them
        sealed = database.result()
    write_exports(folder)
    return sealed


def _database(tables: Tables, path: Path, earlier: Path | None, lemmas: Lemmas | None) -> str:
    """Write the SQLite file, from an earlier one where that pays; its seal."""
    if not (earlier and is_sealed(earlier) and patch_sqlite(tables, path, earlier, lemmas)):
        write_sqlite(tables, path, lemmas)
    return seal(tables, path)


def write_run(info: RunInfo, tables: Tables, folder: Path) -> None:
    """Write ``run.json``, then all checksums: a run without them isn't complete."""
    content = msgspec.to_builtins(info)
    content["tables"] = tables.counts()
    write_json(folder / "run.json", content)
    write_sums(folder)


def write_outputs(
    tables: Tables,
    held: Held,
    info: RunInfo | None = None,
    more: Callable[[Path], None] | None = None,
    lemmas: Lemmas | None = None,
) -> None:
    """Check the tables, then replace everything in the held folder by them, at once.

    ``more`` may add to the run's new folder (a report) before it counts; it finds the tables
    there. Raises ``check.Invalid``, with nothing replaced, when the tables break their own rules.
    """
    with publishing(held) as folder:
        sealed = write_tables(tables, folder, current(held.folder), lemmas)
        if more:
            more(folder)
        write_run(msgspec.structs.replace(info or RunInfo(), seal=sealed), tables, folder)


def write_json(path: Path, content: Any) -> None:
    """Write indented JSON with a line break at its end."""
    encoded = msgspec.json.format(msgspec.json.encode(content), indent=2)
    path.write_bytes(encoded + b"\n")
