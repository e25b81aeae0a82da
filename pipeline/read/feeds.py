"""Feeds of posts: JSON objects (.jsonl, .json), or one row a post (.csv, .tsv).

Columns: ``id``, ``url``, ``title``, ``published``, ``updated`` and ``text`` or ``html``; others
are ignored. A bad row becomes one ``Unreadable``; the rows around it live.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from hashlib import sha256
from itertools import chain
from sys import maxsize
from typing import Any

import msgspec

from pipeline.limits import too_large
from pipeline.read.container_dates import container_date
from pipeline.read.decode import LeftOut, NotText, decode, without_surrogates
from pipeline.read.own_names import OwnNames
from pipeline.records import Post, Unreadable

Row = dict[str, Any]
COLUMNS = ("id", "url", "title", "published", "updated", "text", "html")
_POSTS = ("items", "posts", "entries", "data", "results")  # where an object keeps a list of them
_DELIMITERS = ",;\t"
_LONGEST_FIELD = 2**31 - 1  # characters; the csv module's own limit is 131 072
_AHEAD = 100  # lines in which a quotation mark is closed, once one was not
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|\Z)")
_DEEPEST = 100  # levels of a cell that nobody reads; deeper ones count as nothing


class BadRow(ValueError):
    """A row that is no post; the message says why."""


class FeedRow(msgspec.Struct, frozen=True):
    """One row of a feed, not looked at yet: that may take long where a cell holds a page."""

    source: str
    encoding: str
    line: int
    cells: dict[str, str | int | float]
    sha256: str


def jsonl_rows(source: str, raw: bytes, most: int = maxsize) -> Iterator[FeedRow | Unreadable]:
    """Rows of a file with one JSON object a line (or one JSON array). Raises ``NotText``.

    A row of more than ``most`` characters is none; it is not even parsed.
    """
    text, encoding = decode(raw)
    return feed_posts(source, encoding, _json_rows(text, most), most)


def json_rows(source: str, raw: bytes, most: int = maxsize) -> Iterator[FeedRow | Unreadable]:
    """Rows of one JSON value: an array of posts, an object that holds one, or a single post.

    Raises ``NotText``, ``LeftOut`` where no object has a ``text`` or ``html``.
    """
    text, encoding = decode(raw)
    if not text.strip():
        return iter(())
    value = _json(text)
    if isinstance(value, BadRow):  # perhaps one object a line, under another name
        return feed_posts(source, encoding, _json_rows(text, most), most)
    if isinstance(value, dict) and not {"text", "html"} & set(map(_column, value)):
        value = next((value[name] for name in _POSTS if isinstance(value.get(name), list)), [])
    rows = [_json_row(row) for row in (value if isinstance(value, list) else [value])]
    if not any(isinstance(row, dict) and {"text", "html"} & set(row) for row in rows):
        raise LeftOut("not read: JSON without posts: nothing in it has a text or html (--columns)")
    return feed_posts(source, encoding, enumerate(rows, start=1), most)


def csv_rows(source: str, raw: bytes, most: int = maxsize) -> Iterator[FeedRow | Unreadable]:
    """Rows of a CSV file with a header; the delimiter is a comma, semicolon or tab.

    A row of more than ``most`` characters is none. Raises ``NotText``, also when the header names
    neither ``text`` nor ``html``.
    """
    text, encoding = decode(raw)
    return feed_posts(source, encoding, _csv_rows(text, most), most)


def row_post(row: FeedRow) -> Post | Unreadable:
    """The post of a feed's row; never raises for what is in it."""
    try:
        return _post(row.source, row.encoding, row.cells, row.sha256)
    except BadRow as problem:
        reason = f"line {row.line}: {problem}"
    except Exception as error:  # one bad row never stops a run
        reason = f"line {row.line}: cannot be read: {type(error).__name__}"
    return Unreadable(source=row.source, raw_sha256=row.sha256, reason=reason)


def read_row(source: str, row: Row, most: int = maxsize) -> Post | Unreadable:
    """The post of one row that was read elsewhere; column names in any case.

    A row of more than ``most`` characters is none.
    """
    cells = {str(name).strip().casefold(): cell for name, cell in row.items()}
    digest = _row_sha256(cells)
    size = _size(cells)
    try:
        if size > most:
            raise BadRow(too_large(size, most))
        return _post(source, None, cells, digest)
    except BadRow as problem:
        return Unreadable(source=source, raw_sha256=digest, reason=str(problem))


def feed_posts(
    source: str, encoding: str, rows: Iterator[tuple[int, Row | BadRow]], most: int = maxsize
) -> Iterator[FeedRow | Unreadable]:
    """Rows and bad rows; a row's source is ``source#id``, or ``source#line-N`` without an id.

    A row of more than ``most`` characters is a bad one.
    """
    own = OwnNames()
    for line, row in rows:
        if isinstance(row, dict) and (size := _size(row)) > most:
            row = BadRow(too_large(size, most))
        if isinstance(row, BadRow):
            name = own.name(f"{source}#line-{line}")
            yield Unreadable(source=name, raw_sha256=None, reason=f"line {line}: {row}")
        else:
            name = own.name(f"{source}#{_cell(row, 'id') or f'line-{line}'}")
            yield FeedRow(name, encoding, line, _known(row), _row_sha256(row))


def _size(row: Row) -> int:
    """Characters of a row's texts."""
    return sum(len(cell) for cell in row.values() if isinstance(cell, str))


def _known(row: Row) -> dict[str, str | int | float]:
    """The cells that are read; lists and objects, however deep, are not."""
    return {
        name: cell
        for name, cell in row.items()
        if name in COLUMNS and isinstance(cell, str | int | float) and not isinstance(cell, bool)
    }


def _post(source: str, encoding: str | None, row: Row, digest: str) -> Post:
    from pipeline.read.html import looks_like_html, page_read

    text, html = _cell(row, "text", strip=False), _cell(row, "html", strip=False)
    if text is None and html is None:
        raise BadRow("the row has neither text nor html")
    remark = None
    if not (text or "").strip() and html:
        text, remark = page_read(html)
    elif text and looks_like_html(text):
        text, remark = page_read(text)
    return Post(
        source=source,
        raw_sha256=digest,
        text=text or "",
        encoding=encoding,
        title=_cell(row, "title"),
        url=_cell(row, "url"),
        published=container_date(row.get("published")),
        updated=container_date(row.get("updated")),
        remark=remark,
    )


def _cell(row: Row, column: str, *, strip: bool = True) -> str | None:
    value = row.get(column)
    if value is None or isinstance(value, bool | list | dict):
        return None
    text = without_surrogates(str(value))
    if strip:
        return text.strip() or None
    return text


def _row_sha256(row: Row) -> str:
    """Of the row as canonical JSON: sorted keys, no spaces, UTF-8."""
    shallow = {name: None if _is_deeper(cell, _DEEPEST) else cell for name, cell in row.items()}
    canonical = json.dumps(
        shallow, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str
    )
    return sha256(canonical.encode("utf-8", errors="surrogatepass")).hexdigest()


def _is_deeper(cell: object, levels: int) -> bool:
    """Whether lists and objects of a cell are nested deeper than so many levels."""
    layer: list[object] = [cell]
    while layer and levels >= 0:
        layer = [
            inner
            for one in layer
            if isinstance(one, list | dict)
            for inner in (one.values() if isinstance(one, dict) else one)
        ]
        levels -= 1
    return bool(layer)


def _json_rows(text: str, most: int) -> Iterator[tuple[int, Row | BadRow]]:
    if text.lstrip().startswith("["):
        whole = _json(text)
        if isinstance(whole, list):
            for number, value in enumerate(whole, start=1):
                yield number, _json_row(value)
            return
    for number, match in enumerate(_LINE.finditer(text), start=1):
        if match.end() - match.start() > most:
            yield number, BadRow(too_large(match.end() - match.start(), most))
        elif line := match.group().strip():
            yield number, _json_row(_json(line))


def _json(text: str) -> object:
    try:
        return json.loads(text)
    except RecursionError:
        return BadRow("no JSON that can be read: nested too deeply")
    except ValueError as error:
        return BadRow(f"no JSON: {error}")


def _json_row(value: object) -> Row | BadRow:
    if isinstance(value, BadRow):
        return value
    if not isinstance(value, dict):
        return BadRow(
            f"expected a JSON object with id, title, text …, found {type(value).__name__}"
        )
    return {_column(key): cell for key, cell in value.items()}


def _column(name: object) -> str:
    return str(name).strip().casefold()


def _csv_rows(text: str, most: int) -> Iterator[tuple[int, Row | BadRow]]:
    # The limit is the csv module's and cannot be given to one reader.
    csv.field_size_limit(_LONGEST_FIELD)
    lines = [line for line in _LINE.findall(text) if line]
    if not "".join(lines).strip():
        return
    first = next(number for number, line in enumerate(lines) if line.strip())
    header, delimiter = _header(lines[first])
    at, ahead = first + 1, len(lines)
    while at < len(lines):
        cells, used = _record(lines[at : at + ahead], delimiter)
        if isinstance(cells, BadRow):
            yield at + 1, cells
            ahead = min(ahead, _AHEAD)  # a mark left open may be one of many
        elif (size := sum(map(len, cells))) > most:
            yield at + 1, BadRow(too_large(size, most))
        elif any(cell.strip() for cell in cells):
            yield at + 1, _csv_row(header, cells)
        at += used


def _header(line: str) -> tuple[list[str], str]:
    def columns(delimiter: str) -> list[str]:
        cells = next(csv.reader(io.StringIO(line), delimiter=delimiter), [])
        return [cell.strip().casefold() for cell in cells]

    known = {d: sum(name in COLUMNS for name in columns(d)) for d in _DELIMITERS}
    delimiter = max(_DELIMITERS, key=lambda d: known[d])
    header = columns(delimiter)
    if "text" not in header and "html" not in header:
        raise NotText(
            "no feed of posts: the first line must name the columns, text or html among them "
            "(or say which is meant: --columns NAME=text)"
        )
    return header, delimiter


def _record(lines: list[str], delimiter: str) -> tuple[list[str] | BadRow, int]:
    """The record that begins on the first of these lines and how many it takes.

    A quotation mark that is never closed costs its own line only: reading goes on below it.
    """
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    try:
        return next(reader), reader.line_num
    except csv.Error as error:
        return BadRow(f"no CSV row: {error}"), 1


def _csv_row(header: list[str], cells: list[str]) -> Row | BadRow:
    extra = [cell for cell in cells[len(header) :] if cell.strip()]
    if extra or len(cells) < min(2, len(header)):
        return BadRow(f"the row has {len(cells)} columns, the header {len(header)}")
    padded = chain(cells, [""] * len(header))
    return {name: cell for name, cell in zip(header, padded, strict=False) if cell != ""}
