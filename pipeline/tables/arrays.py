"""Arrow arrays from Python values without ``pyarrow.array``, which imports all of pandas.

Pandas takes longer to import than a day's announcements take to resolve.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import accumulate
from typing import Any

import numpy as np
import pyarrow as pa

_EPOCH = date(1970, 1, 1).toordinal()
_DTYPES: dict[pa.DataType, Any] = {
    pa.int32(): np.int32,
    pa.int64(): np.int64,
    pa.float64(): np.float64,
    pa.date32(): np.int32,
}


def column(values: Sequence[Any], kind: pa.DataType) -> pa.Array:
    """An array of strings, whole numbers, floats, booleans or dates; ``None`` is null."""
    whole = None not in values
    validity = None
    if not whole:
        present = np.array([value is not None for value in values], bool)
        validity = pa.py_buffer(np.packbits(present, bitorder="little"))
    if pa.types.is_string(kind):
        return pa.Array.from_buffers(kind, len(values), [validity, *_strings(values, whole)])
    if pa.types.is_date(kind):
        values = [None if v is None else v.toordinal() - _EPOCH for v in values]
    if pa.types.is_boolean(kind):
        flags = np.fromiter(map(bool, values), bool, len(values))
        data = np.packbits(flags, bitorder="little")
    else:
        filled = values if whole else [0 if value is None else value for value in values]
        data = np.fromiter(filled, _DTYPES[kind], len(values))
    return pa.Array.from_buffers(kind, len(values), [validity, pa.py_buffer(data)])


def table(columns: Mapping[str, Sequence[Any]], schema: pa.Schema) -> pa.Table:
    """A table of such columns."""
    return pa.Table.from_arrays(
        [column(columns[field.name], field.type) for field in schema], schema=schema
    )


def numbers(values: np.ndarray[Any, Any]) -> pa.Array:
    """A one-dimensional integer array as 64-bit numbers, none null."""
    data = np.ascontiguousarray(values, dtype=np.int64)
    return pa.Array.from_buffers(pa.int64(), len(data), [None, pa.py_buffer(data)])


def _strings(values: Sequence[Any], whole: bool) -> list[pa.Buffer]:
    """Where each string ends, and all of them; ``whole`` says that none is ``None``."""
    joined = "".join(values if whole else filter(None, values))
    if joined.isascii():  # then letters are bytes
        encoded = joined.encode()
        sizes = (
            map(len, values) if whole else [0 if value is None else len(value) for value in values]
        )
    else:
        parts = [b"" if value is None else value.encode() for value in values]
        encoded, sizes = b"".join(parts), map(len, parts)
    ends = np.fromiter(accumulate(sizes, initial=0), np.int64, len(values) + 1)
    if ends[-1] > np.iinfo(np.int32).max:
        raise ValueError("more than 2 GiB of text in one array")
    return [pa.py_buffer(ends.astype(np.int32)), pa.py_buffer(encoded)]
