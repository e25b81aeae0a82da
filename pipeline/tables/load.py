"""The tables of a run as pandas frames with proper types.

It isn't called ``pipeline/load.py``: that module would hide the function ``pipeline.load``.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq

from pipeline.errors import OutputUnusable
from pipeline.tables.publish import current
from pipeline.tables.schema import TABLES, Column

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


def load(outputs: str | Path) -> dict[str, pd.DataFrame]:
    """Every table of one complete run by name, missing values as ``pd.NA`` or ``NaT``.

    Raises ``OutputUnusable`` saying what to do when ``outputs`` holds no run.
    """
    folder = current(Path(outputs)) / "tables"
    if not folder.is_dir():
        raise OutputUnusable(f"{outputs} holds no tables. Run `hankepoimuri run` first.")
    frames = {}
    for table in TABLES:
        frame = pq.ParquetFile(folder / f"{table.name}.parquet").read().to_pandas()
        types = {column.name: dtype(column) for column in table.columns}
        frames[table.name] = frame.astype(types)
    return frames
