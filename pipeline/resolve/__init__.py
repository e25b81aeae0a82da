"""Records of all announcements become tables: entities across announcements, facts with their ids.

``resolve`` is a pure function of the set of records: order, batches and workers don't show.
"""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import pyarrow as pa

from pipeline.record_store import records as records_of
from pipeline.records import Record
from pipeline.resolve import (
    answers,
    areas,
    checks,
    clusters,
    database,
    entities,
    facts,
    organisations,
    people,
    projects,
    register,
    trial,
)
from pipeline.resolve import corrections as decisions
from pipeline.resolve.columns import Bundles
from pipeline.resolve.correction_files import read_corrections
from pipeline.resolve.corrections import Correction
from pipeline.resolve.database import Step
from pipeline.resolve.decided import Decisions, Given
from pipeline.resolve.register import read_register
from pipeline.store import Store
from pipeline.tables.schema import TABLES, Table
from pipeline.tables.tables import BATCH, Tables

__all__ = [
    "Correction",
    "Given",
    "RecordsMissing",
    "read_corrections",
    "read_register",
    "resolve",
    "resolve_stored",
]

# Each step may lean on those before it: projects on organisations, people on both.
STEPS = (
    (("organisation", organisations.add_keys), ("area", areas.add_keys)),
    (("project", projects.add_keys),),
    (("person", people.add_keys),),
)
# The tables that take longest; begun first they end with the others.
LONG = ("mentions", "resolutions", "documents")


def resolve(records: Iterable[Record], corrections: Sequence[Given] = ()) -> Tables:
    """Tables over all records; memory stays bounded, the scratch lies in a temporary folder.

    ``corrections`` are what people decided (``read_corrections``), and rows of a register
    (``read_register``). What cannot be so is left out and said in
    ``documents.reason`` (see ``sound``).
    """
    facts_decided = Decisions(corrections)
    with scratch_database() as connection:
        database.add_records(connection, map(facts_decided.applied, records))
        database.number_rows(connection)
        return _tables(connection, facts_decided)


def resolve_stored(
    store: Store,
    keys: Collection[str],
    columns: Path,
    others: Collection[Record] = (),
    corrections: Sequence[Given] = (),
    *,
    only: bool = False,
) -> Tables:
    """Tables over the stored records under ``keys`` and over ``others`` that are stored nowhere.

    ``columns`` is a folder that keeps the columns of stored records, so that only records never
    resolved before are decoded; it may be deleted at any time; with ``only`` no other records'
    columns stay in it. The tables' files lie there, too,
    until they are closed: what a killed process leaves, the next one clears away. Raises
    ``RecordsMissing`` with the keys of records that are not in the store, or are damaged there:
    they have to be made again.
    """
    try:
        return _resolve_stored(store, keys, columns, others, corrections, only)
    except (duckdb.IOException, duckdb.InvalidInputException, pa.ArrowException):
        # Damaged columns are made again, once, from the records.
        shutil.rmtree(columns, ignore_errors=True)
        return _resolve_stored(store, keys, columns, others, corrections, only)


def _resolve_stored(
    store: Store,
    keys: Collection[str],
    columns: Path,
    others: Collection[Record],
    corrections: Sequence[Given],
    only: bool,
) -> Tables:
    bundles = Bundles(columns)
    if missing := bundles.prepare(store, keys, only=only):
        raise RecordsMissing(missing)
    decided = Decisions(corrections)
    touched = bundles.keys_of(keys, decided.concerns) if decided.about_facts else []
    changed = [decided.applied(record) for _, record in records_of(store, touched)]
    with scratch_database(columns) as connection:
        database.add_records(connection, [*others, *changed])
        folders, some = bundles.choose(connection, set(keys) - set(touched))
        database.number_rows(connection, folders, only=some)
        made = _tables(connection, decided, columns)
    if bundles.damaged:
        made.mended = (f"columns of stored records were damaged ({bundles.damaged}) and made anew",)
    return made


class RecordsMissing(LookupError):
    """Records to resolve are not in the store, or damaged there; ``keys`` names them."""

    def __init__(self, keys: list[str]) -> None:
        self.keys = keys
        super().__init__(f"{len(keys)} records are missing from the store or damaged there")


@contextmanager
def scratch_database(folder: Path | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
    """A scratch database that is deleted in the end; it lies in ``folder`` where that is given."""
    with TemporaryDirectory(prefix="hankepoimuri-", dir=folder) as scratch:
        connection = database.connect(Path(scratch))
        try:
            yield connection
        finally:
            connection.close()


def _tables(
    connection: duckdb.DuckDBPyConnection,
    decided: Decisions,
    scratch: Path | None = None,
) -> Tables:
    about = decided.about_entities()
    meant = []
    if ids := set().union(*(one.ids for one in about)):
        meant = trial.meant_by(connection, ids, partial(_tried, [a for a in about if not a.ids]))
    decisions.add_keys(connection, about, meant)
    remarks = (*decisions.without_effect(connection), *decided.without_effect())
    _join_all(connection)
    entities.build(connection)
    facts.build(connection)
    answers.build(connection)
    checks.build(connection)
    register.build(connection, decided.register)
    made = Tables(scratch=scratch, remarks=remarks)
    tables = sorted(TABLES, key=lambda table: table.name not in LONG)
    database.beside(connection, *(partial(_put, made, table) for table in tables))
    return made


def _tried(about: Sequence[Correction], connection: duckdb.DuckDBPyConnection) -> None:
    """Join all entities and give them their ids, as decisions that name no ids have it."""
    decisions.add_keys(connection, about)
    _join_all(connection)
    entities.identify(connection)


def _join_all(connection: duckdb.DuckDBPyConnection) -> None:
    for together in STEPS:
        database.beside(connection, *(partial(_join, *step) for step in together))


def _join(entity_type: str, add_keys: Step, connection: duckdb.DuckDBPyConnection) -> None:
    """Join the entities of one type."""
    add_keys(connection)
    clusters.join_entities(connection, entity_type, decisions.apart(connection, entity_type))


def _put(made: Tables, table: Table, connection: duckdb.DuckDBPyConnection) -> None:
    """Write one table, sorted."""
    columns = ", ".join(f'"{name}"' for name in table.column_names)
    order = ", ".join("d" if table.fact and name == "doc_id" else name for name in table.order)
    query = f"SELECT {columns} FROM out_{table.name} ORDER BY {order}"
    made.put(table.name, connection.sql(query).to_arrow_reader(BATCH))
