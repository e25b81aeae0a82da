"""Feeds with other column names: given the names that readers know before anything reads them."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Mapping, Sequence

from pipeline.read.decode import NotText, decode
from pipeline.read.kinds import OBJECTS, TABLES, suffix

Columns = tuple[tuple[str, str], ...]
_DELIMITERS = ",;\t"
_FIRST_LINE = re.compile(r"\s*([^\r\n]*)")


def renamed(source: str, raw: bytes, columns: Columns) -> bytes:
    """A feed's bytes with its columns renamed, ``(theirs, ours)``; any other file as it is.

    Names are compared without regard to letter case. A column that already bears one of our names
    loses it to the one that is meant, where that is there, too.
    """
    ending = suffix(source)
    if not columns or ending not in TABLES | OBJECTS:
        return raw
    try:
        text, _ = decode(raw)
    except NotText:  # the reader says so
        return raw
    names = {theirs.strip().casefold(): ours for theirs, ours in columns}
    again = _table(text, names) if ending in TABLES else _objects(text, names)
    return again.encode("utf-8", errors="surrogatepass")


def _names(found: Sequence[str], names: Mapping[str, str]) -> list[str]:
    """The columns of a header or an object as they are called from now on."""
    keys = [column.strip().casefold() for column in found]
    meant = {names[key] for key in keys if key in names}
    return [
        names.get(key, f"{key} (other)" if key in meant else column)
        for key, column in zip(keys, found, strict=True)
    ]


def _table(text: str, names: dict[str, str]) -> str:
    first = _FIRST_LINE.match(text)
    if first is None or not first[1]:
        return text
    delimiter = max(_DELIMITERS, key=first[1].count)
    cells = next(csv.reader(io.StringIO(first[1]), delimiter=delimiter), [])
    header = io.StringIO()
    csv.writer(header, delimiter=delimiter, lineterminator="").writerow(_names(cells, names))
    return header.getvalue() + text[first.end() :]


def _objects(text: str, names: dict[str, str]) -> str:
    def again(value: object) -> object:
        if isinstance(value, dict):
            columns = _names([str(key) for key in value], names)
            return dict(zip(columns, value.values(), strict=True))
        return [again(one) for one in value] if isinstance(value, list) else value

    try:
        return json.dumps(again(json.loads(text)), ensure_ascii=False)
    except (ValueError, RecursionError):
        pass
    lines = []
    for line in re.split(r"\r\n|\r|\n", text):
        try:
            lines.append(json.dumps(again(json.loads(line)), ensure_ascii=False))
        except (ValueError, RecursionError):  # the reader says what is wrong with it
            lines.append(line)
    return "\n".join(lines)
