"""A folder of announcements: which files there are, and one reader for each kind."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import msgspec

from pipeline.addresses import local_folder
from pipeline.errors import InputMissing
from pipeline.read.kinds import (
    DOCUMENTS,
    IGNORE,
    LISTS,
    NEWS,
    PAGES,
    TABLES,
    is_feed,
    is_hidden,
    is_ignored,
    left_out,
    patterns,
    suffix,
)
from pipeline.read.renamed import Columns, renamed
from pipeline.records import Post, Unreadable

if TYPE_CHECKING:
    from pipeline.read.feeds import FeedRow

Found = TypeVar("Found")


class InputFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file to read: ``source`` is its POSIX path below the input folder.

    ``fetch`` gives its bytes or raises. ``version`` names what it holds where its file system says
    so without reading (an ETag); ``beside`` is whether several may be fetched at once.
    """

    source: str
    fetch: Callable[[], bytes]
    version: str | None = None
    beside: bool = False


def list_inputs(root: Path | str, columns: Columns = ()) -> list[InputFile]:
    """Every file below ``root``, in the order of their sources.

    ``root`` is a folder, a single file or a file of addresses (``.urls``, one a line), or the
    fsspec address of a folder or file; sources are the same however it is addressed. Nothing is
    opened. Hidden files and folders, and what the folder's ``.hankepoimuri-ignore`` names, are left
    out; linked folders are not entered. A file of a kind without a reader is listed, too: what
    reading it gives says why. ``columns`` renames columns of feeds, ``(theirs, ours)``.
    Raises ``InputMissing`` when there is nothing at ``root``, ``AddressUnusable``.
    """
    folder = local_folder(root)
    if folder is None:
        from pipeline.read.remote import list_remote

        return list_remote(str(root), columns)
    return _list_local(folder, columns)


def input_file(
    source: str,
    fetch: Callable[[], bytes],
    columns: Columns = (),
    *,
    version: str | None = None,
    beside: bool = False,
) -> InputFile:
    """A file to read; one without a reader is never fetched."""
    if left_out(source):
        return InputFile(source=source, fetch=bytes, version="no reader")
    if columns and is_feed(source):
        # Under another version: with other columns it holds other posts.
        version = f"{version} {columns}" if version else None
        return InputFile(
            source=source,
            fetch=lambda: renamed(source, fetch(), columns),
            version=version,
            beside=beside,
        )
    return InputFile(source=source, fetch=fetch, version=version, beside=beside)


def _list_local(root: Path, columns: Columns) -> list[InputFile]:
    if root.is_file():
        if suffix(root.name) in LISTS:
            from pipeline.read.remote import list_addresses

            return list_addresses(root, columns)
        return [input_file(_in_utf8(root.name), partial(_bytes, str(root)), columns)]
    if not root.is_dir():
        raise InputMissing(root)
    ignore = root / IGNORE
    ignored = patterns(ignore.read_text("utf-8", "replace")) if ignore.is_file() else ()
    files = []
    for folder, folders, names in os.walk(root):
        folders[:] = [name for name in folders if not name.startswith(".")]
        below = Path(folder).relative_to(root).as_posix()
        for name in names:
            source = name if below == "." else f"{below}/{name}"
            if not is_hidden(name) and not is_ignored(source, ignored):
                files.append((_in_utf8(source), os.path.join(folder, name)))  # noqa: PTH118 (speed)
    return [input_file(source, partial(_bytes, path), columns) for source, path in sorted(files)]


def read_folder(root: Path | str, columns: Columns = ()) -> Iterator[Post | Unreadable]:
    """All posts below ``root``, file by file in the order of ``list_inputs``.

    Raises ``InputMissing`` when ``root`` is no folder; never for what is in it.
    """
    for file in list_inputs(root, columns):
        yield from read_input(file)


def read_input(file: InputFile) -> Iterator[Post | Unreadable]:
    """The posts of one file; what cannot be read is an ``Unreadable`` that says why."""
    raw = file_bytes(file)
    if isinstance(raw, Unreadable):
        yield raw
    else:
        yield from read_bytes(file.source, raw)


def file_bytes(file: InputFile) -> bytes | Unreadable:
    """What a file holds, or why it cannot be opened."""
    try:
        return file.fetch()
    except OSError as error:
        return _unreadable(file.source, None, f"cannot be opened: {error.strerror or error}")
    except Exception as error:  # file systems elsewhere have errors of their own
        reason = f"cannot be opened: {type(error).__name__}: {error}"
        return _unreadable(file.source, None, reason)


def read_bytes(source: str, raw: bytes) -> Iterator[Post | Unreadable]:
    """The posts of a file's bytes; the suffix of ``source`` says which reader they need."""
    if why := left_out(source):
        yield Unreadable(source=source, raw_sha256=None, reason=why, skipped=True)
    elif is_feed(source):
        from pipeline.read.feeds import row_post

        for row in feed_rows(source, raw):
            yield row if isinstance(row, Unreadable) else row_post(row)
    else:
        yield from _readable(source, raw, _posts)


def feed_rows(source: str, raw: bytes) -> Iterator[FeedRow | Unreadable]:
    """The rows of a feed's bytes, for ``feeds.row_post`` to look at."""
    from pipeline.read.feeds import csv_rows, json_rows, jsonl_rows

    ending = suffix(source)
    if ending in NEWS:
        from pipeline.read.news import news_rows

        rows = news_rows
    elif ending in TABLES:
        rows = csv_rows
    else:
        rows = json_rows if ending == ".json" else jsonl_rows
    yield from _readable(source, raw, rows)


def _readable(
    source: str, raw: bytes, read: Callable[[str, bytes], Iterator[Found]]
) -> Iterator[Found | Unreadable]:
    """What a reader finds, then why it found no more."""
    from pipeline.read.decode import LeftOut, NotText

    digest = sha256(raw).hexdigest()
    try:
        yield from read(source, raw)
    except NotText as problem:
        skipped = isinstance(problem, LeftOut)
        yield Unreadable(source=source, raw_sha256=digest, reason=str(problem), skipped=skipped)
    except Exception as error:  # one bad file never stops a run
        yield _unreadable(source, digest, f"cannot be read: {type(error).__name__}: {error}")


def _posts(source: str, raw: bytes) -> Iterator[Post | Unreadable]:
    # Imported as files of their kind come: a run that finds nothing new needs none of them.
    if suffix(source) in DOCUMENTS:
        from pipeline.read.documents import read_document

        yield read_document(source, raw)
    elif suffix(source) in PAGES:
        from pipeline.read.html import read_html

        yield read_html(source, raw)
    else:
        from pipeline.read.text import read_text

        yield read_text(source, raw)


def _bytes(path: str) -> bytes:
    # A pipe would wait for a writer for ever if it were opened.
    if not stat.S_ISREG(os.stat(path).st_mode):  # noqa: PTH116 (speed)
        raise OSError(0, "not a regular file")
    with open(path, "rb", buffering=0) as file:  # noqa: PTH123 (speed)
        return file.readall()


def _unreadable(source: str, digest: str | None, reason: str) -> Unreadable:
    return Unreadable(source=source, raw_sha256=digest, reason=reason)


def _in_utf8(source: str) -> str:
    """Bytes of a name that are no UTF-8 are written as escapes."""
    return os.fsencode(source).decode("utf-8", errors="backslashreplace")
