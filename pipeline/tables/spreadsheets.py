"""The tables as CSV for spreadsheets: UTF-8 with a BOM, and no cell that starts a formula.

A text cell that would start a formula (``=``, ``+``, ``-``, ``@``, a tab or a line break, also
after spaces or apostrophes) gets an apostrophe in front, telephone numbers (``'+358 …``) too:
every other rule about which plus signs are harmless has been got round. Finnish spreadsheets part
cells at semicolons, whatever the file says, and know a quotation mark only where a cell begins; so
the same holds within a cell behind each comma, semicolon, tab and line break. ``unguarded`` takes
the apostrophes off again; the Parquet and SQLite files have the values as they are.
"""

from __future__ import annotations

import re
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from pipeline.tables import arrays
from pipeline.tables.schema import TABLES, Column
from pipeline.tables.tables import Tables

BOM = b"\xef\xbb\xbf"
# The full-width signs are read as formulas by spreadsheets set to East Asian languages.
_STARTS = "=+\\-@\uff1d\uff0b\uff0d\uff20"
_SPACES = "\u00a0\u2007\u202f"  # unbreakable ones, which RE2 takes for no white space
_PARTING = r",;\t\r\n"
_BETWEEN = rf"[ \f\v{_SPACES}'\"]*"  # what a spreadsheet may skip before a formula
_LEADING = rf"[\s\v{_SPACES}'\"]*"
# What is dangerous, and what an apostrophe in front makes of it: at the start of a cell, within it.
DANGEROUS = rf"^({_LEADING}[{_STARTS}\t\r\n])"
GUARDED = rf"^'({_LEADING}[{_STARTS}\t\r\n])"
DANGEROUS_WITHIN = rf"([{_PARTING}])({_BETWEEN}[{_STARTS}])"
GUARDED_WITHIN = rf"([{_PARTING}])'({_BETWEEN}[{_STARTS}])"


def guarded(column: pa.Array) -> pa.Array:
    """A text column with an apostrophe before all that could start a formula."""
    # Looking first takes a third of the time.
    if pc.any(pc.match_substring_regex(column, DANGEROUS_WITHIN)).as_py():
        column = pc.replace_substring_regex(column, DANGEROUS_WITHIN, r"\1'\2")
    if pc.any(pc.match_substring_regex(column, DANGEROUS)).as_py():
        column = pc.replace_substring_regex(column, DANGEROUS, r"'\1", max_replacements=1)
    return column


def unguarded(column: pa.Array) -> pa.Array:
    """The inverse of ``guarded``."""
    column = pc.replace_substring_regex(column, GUARDED, r"\1", max_replacements=1)
    return pc.replace_substring_regex(column, GUARDED_WITHIN, r"\1\2")


def guarded_text(text: str) -> str:
    """One text as ``guarded`` makes it."""
    text = re.sub(DANGEROUS_WITHIN, r"\1'\2", text)
    return re.sub(DANGEROUS, r"'\1", text, count=1)


def unguarded_text(text: str) -> str:
    """The inverse of ``guarded_text``."""
    return re.sub(GUARDED_WITHIN, r"\1\2", re.sub(GUARDED, r"\1", text, count=1))


def write_csv(tables: Tables, folder: Path) -> None:
    """Write ``<table>.csv`` for every table into a folder; a missing value is an empty cell."""
    options = pyarrow.csv.WriteOptions(quoting_style="needed", batch_size=10_000)
    for table in TABLES:
        fields = [(name, pa.string()) for name in table.column_names]
        schema = pa.schema(fields)
        with (folder / f"{table.name}.csv").open("wb") as file:
            file.write(BOM)
            with pyarrow.csv.CSVWriter(file, schema, write_options=options) as writer:
                for batch in tables.batches(table.name):
                    cells = [
                        _cells(cells, told)
                        for cells, told in zip(batch.columns, table.columns, strict=True)
                    ]
                    writer.write(pa.RecordBatch.from_arrays(cells, schema=schema))


def _cells(column: pa.Array, told: Column) -> pa.Array:
    if pa.types.is_string(column.type):
        # Ids and codes are the project's own, begin with a letter, and are most of all cells.
        return column if told.foreign or told.enum else guarded(column)
    if pa.types.is_floating(column.type):
        # Plain decimal notation: a spreadsheet takes 1e+06 for something else in some languages.
        # Few values come again and again (confidences): each is written out once.
        coded = column.dictionary_encode()
        texts = arrays.column([_decimal(v) for v in coded.dictionary.to_pylist()], pa.string())
        return texts.take(coded.indices)
    return column.cast(pa.string())


def _decimal(value: float) -> str:
    text = f"{value + 0.0:.10f}"  # no "-0"
    return text.rstrip("0").rstrip(".")
