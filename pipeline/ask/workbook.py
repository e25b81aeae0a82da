"""A workbook of a run: a row a project first, the other views, then every table."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import xlsxwriter

from pipeline.tables.answers import VIEWS, View
from pipeline.tables.schema import TABLES, Table

if TYPE_CHECKING:
    from pipeline.ask.loaded import Loaded

LONGEST_CELL = 32_767  # characters; Excel's own limit
MOST_ROWS = 1_048_575  # below the header
WIDEST, NARROW = 60, 9  # widths of columns: the widest; of ids, which are for joining
FIRST = "overview"  # the sheet that is seen first
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # no XML can hold them


def write_workbook(loaded: Loaded, path: Path) -> Path:
    """Write every view and table as a sheet of its own, notes on its columns' names; the path.

    Codes, dates and numbers are what they are; a text is never taken for a formula. Texts of more
    than 32 767 characters are cut, tables of more than a million rows end there.
    """
    options = {
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "constant_memory": True,
    }
    with xlsxwriter.Workbook(str(path), options) as book:
        formats = {
            "head": book.add_format({"bold": True, "bg_color": "#E8EEF3", "bottom": 1}),
            "date": book.add_format({"num_format": "yyyy-mm-dd"}),
            "euros": book.add_format({"num_format": "#,##0.00"}),
        }
        for view in sorted(VIEWS, key=lambda view: view.name != FIRST):
            _sheet(book, view, loaded._view(view.name), formats)
        for table in TABLES:
            _sheet(book, table, loaded[table.name], formats)
    return path


def _sheet(book: Any, told: View | Table, frame: pd.DataFrame, formats: dict[str, Any]) -> None:
    sheet = book.add_worksheet(told.name)
    sheet.freeze_panes(1, 0)
    for at, column in enumerate(told.columns):
        values = frame[column.name].head(200).astype("string").fillna("")
        widest = max([len(column.name), *values.str.len().tolist()])
        sheet.set_column(at, at, NARROW if column.name.endswith("_id") else min(widest + 2, WIDEST))
        sheet.write_string(0, at, column.name, formats["head"])
        unit = f" ({column.unit})" if column.unit else ""
        sheet.write_comment(0, at, f"{column.description}{unit}", {"x_scale": 2})
    rows = frame.astype("object").where(frame.notna(), None).head(MOST_ROWS)
    for number, row in enumerate(rows.itertuples(index=False), start=1):
        for at, (value, column) in enumerate(zip(row, told.columns, strict=True)):
            _cell(sheet, number, at, value, formats, column.unit)
    if len(frame):
        sheet.autofilter(0, 0, min(len(frame), MOST_ROWS), len(told.columns) - 1)


def _cell(
    sheet: Any, row: int, at: int, value: Any, formats: dict[str, Any], unit: str | None
) -> None:
    if value is None:
        return
    if isinstance(value, bool):
        sheet.write_boolean(row, at, value)
    elif isinstance(value, pd.Timestamp):
        sheet.write_datetime(row, at, value.to_pydatetime(), formats["date"])
    elif isinstance(value, int | float):
        money = unit in ("EUR", "whole units of currency")
        sheet.write_number(row, at, value, formats["euros"] if money else None)
    else:
        sheet.write_string(row, at, _CONTROL.sub("", str(value))[:LONGEST_CELL])
