"""Tables and views of one run as pandas frames with the types of their columns."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq

from pipeline.errors import OutputUnusable
from pipeline.tables.answers import View
from pipeline.tables.publish import current, previous
from pipeline.tables.schema import TABLES, Column, Table
from pipeline.tables.sqlite import DATABASE

DTYPES = {
    "string": "string",
    "integer": "Int64",
    "number": "Float64",
    "boolean": "boolean",
    "date": "datetime64[s]",
}


def dtype(column: Column) -> str | pd.CategoricalDtype:
    """The pandas type of a column; codes are categories in the order of their vocabulary."""
    return pd.CategoricalDtype(list(column.enum)) if column.enum else DTYPES[column.type]


def complete_run(outputs: str | Path) -> Path:
    """The folder of the run that counts now.

    Raises ``OutputUnusable`` saying what to do when ``outputs`` holds none.
    """
    folder = current(Path(outputs))
    if not (folder / "tables").is_dir():
        raise OutputUnusable(f"{outputs} holds no tables. Run `hankepoimuri run` first.")
    return folder


def run_before(outputs: str | Path) -> Path:
    """The folder of the run before the one that counts. Raises ``OutputUnusable``."""
    found = previous(Path(outputs))
    if found is None:
        raise OutputUnusable(f"{outputs} keeps no run before this one. Name another output folder.")
    return found


def read_tables(folder: Path, tables: Sequence[Table] = TABLES) -> dict[str, pd.DataFrame]:
    """Tables of a run's folder by name, missing values as ``pd.NA`` or ``NaT``.

    Raises ``OutputUnusable`` when an older version wrote the run without one of them.
    """
    frames = {}
    for table in tables:
        path = folder / "tables" / f"{table.name}.parquet"
        if not path.is_file():
            raise OutputUnusable(
                f"{folder} has no table {table.name}. Run `hankepoimuri run` again."
            )
        frame = pq.ParquetFile(path).read().to_pandas()
        frames[table.name] = frame.astype({column.name: dtype(column) for column in table.columns})
    return frames


def database(folder: Path) -> sqlite3.Connection:
    """The SQLite file of a run, to read only; it stays readable when later runs replace it."""
    path = folder / DATABASE
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, check_same_thread=False)


def read_view(connection: sqlite3.Connection, view: View) -> pd.DataFrame:
    """All rows of a view. Raises ``OutputUnusable`` when an older version wrote the file."""
    try:
        cursor = connection.execute(f'SELECT * FROM "{view.name}"')
    except sqlite3.OperationalError as error:
        raise OutputUnusable(f"{error}. Run `hankepoimuri run` again.") from error
    names = [column.name for column in view.columns]
    frame = pd.DataFrame(cursor.fetchall(), columns=names, dtype="object")
    types: dict[str, Any] = {}
    for column in view.columns:
        if column.type == "date":
            frame[column.name] = pd.to_datetime(frame[column.name])
        elif column.type == "boolean":
            frame[column.name] = frame[column.name].map({0: False, 1: True})
        types[column.name] = DTYPES[column.type]
    return frame.astype(types)
