"""Tables of one run into its folder: Parquet, CSV, SQLite, data package and ``run.json``."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import msgspec

from pipeline.tables.package import data_package
from pipeline.tables.schema import TABLES
from pipeline.tables.spreadsheets import write_csv
from pipeline.tables.sqlite import write_sqlite
from pipeline.tables.tables import Tables


class RunInfo(msgspec.Struct, frozen=True, kw_only=True):
    """What ran: ``run.json`` without the counts of tables, which the writer adds.

    ``versions`` and ``models`` map names to versions and SHA-256 sums; ``timings`` are seconds
    by stage; ``failures`` are (source, reason).
    """

    versions: dict[str, str] = {}
    models: dict[str, str] = {}
    options: dict[str, Any] = {}
    counts: dict[str, int] = {}
    timings: dict[str, float] = {}
    failures: tuple[tuple[str, str], ...] = ()
    records: str | None = None
    started: str | None = None
    finished: str | None = None


def write_tables(tables: Tables, folder: Path) -> None:
    """Write every table in every format under ``folder``, the same bytes for the same rows."""
    place = folder / "tables"
    place.mkdir()
    for table in TABLES:
        shutil.copyfile(tables.path(table.name), place / f"{table.name}.parquet")
    write_csv(tables, place)
    write_sqlite(tables, folder / "hankkeet.sqlite")
    write_json(folder / "datapackage.json", data_package(folder))


def write_run(info: RunInfo, tables: Tables, folder: Path) -> None:
    """Write ``run.json``, last of all: a run without it isn't complete."""
    content = msgspec.to_builtins(info)
    content["tables"] = tables.counts()
    write_json(folder / "run.json", content)


def write_outputs(tables: Tables, out: Path, info: RunInfo) -> None:
    """Check the tables, then replace everything in ``out`` by them at once.

    Raises ``check.Invalid`` before anything is written when the tables break their own rules,
    and ``publish.OutputLocked`` when another run is writing there.
    """
    from pipeline.tables.check import check
    from pipeline.tables.publish import locked, publishing

    with locked(out):
        check(tables)
        with publishing(out) as folder:
            write_tables(tables, folder)
            write_run(info, tables, folder)


def write_json(path: Path, content: Any) -> None:
    """Write indented JSON with a line break at its end."""
    encoded = msgspec.json.format(msgspec.json.encode(content), indent=2)
    path.write_bytes(encoded + b"\n")
