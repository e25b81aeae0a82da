"""Feeds with other column names: given the names that readers know before anything reads them."""

from __future__ import annotations

import csv
import io
import json
import re

from pipeline.read.decode import NotText, decode
from pipeline.read.kinds import OBJECTS, TABLES, suffix

Columns = tuple[tuple[str, str], ...]
_DELIMITERS = ",;\t"
_FIRST_LINE = re.compile(r"\s*([^\r\n]*)")


def renamed(source: str, raw: bytes, columns: Columns) -> bytes:
    """A feed's bytes with its columns renamed, ``(theirs, ours)``; any other file as it is.

    Names are compared without regard to letter case. A column of a feed that already bears one of
    our names loses it to the one that is meant.
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


def _name(found: str, names: dict[str, str]) -> str:
    key = found.strip().casefold()
    if key in names:
        return names[key]
    return f"{key} (other)" if key in names.values() else found


def _table(text: str, names: dict[str, str]) -> str:
    first = _FIRST_LINE.match(text)
    if first is None or not first[1]:
        return text
    delimiter = max(_DELIMITERS, key=first[1].count)
    cells = next(csv.reader(io.StringIO(first[1]), delimiter=delimiter), [])
    header = io.StringIO()
    csv.writer(header, delimiter=delimiter, lineterminator="").writerow(
        [_name(cell, names) for cell in cells]
    )
    return header.getvalue() + text[first.end() :]


def _objects(text: str, names: dict[str, str]) -> str:
    def again(value: object) -> object:
        if isinstance(value, dict):
            return {_name(str(key), names): cell for key, cell in value.items()}
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
