"""A folder of announcements: which files there are, and one reader for each kind."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import msgspec

from pipeline.addresses import local_folder
from pipeline.errors import InputMissing
from pipeline.limits import DEFAULT, Limits, too_large
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
from pipeline.read.own_names import OwnNames
from pipeline.read.renamed import Columns, renamed
from pipeline.records import Post, Unreadable

if TYPE_CHECKING:
    from pipeline.read.feeds import FeedRow

Found = TypeVar("Found")

OUTSIDE = "not followed: it links to what lies outside the input folder"


class InputFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file to read: ``source`` is its POSIX path below the input folder.

    ``fetch(most)`` gives its bytes or raises, also where they are more. ``version`` names what it
    holds where its file system says so without reading (an ETag); ``beside`` is whether several may
    be fetched at once.
    """

    source: str
    fetch: Callable[[int], bytes]
    version: str | None = None
    beside: bool = False


def list_inputs(root: Path | str, columns: Columns = ()) -> list[InputFile]:
    """Every file below ``root``, in the order of their sources.

    ``root`` is a folder, a single file or a file of addresses (``.urls``, one a line), or the
    fsspec address of a folder or file; sources are the same however it is addressed. Nothing is
    opened. Hidden files and folders, and what the folder's ``.hankepoimuri-ignore`` names, are left
    out; linked folders are not entered, and a link out of ``root`` is not followed: reading it
    gives why. A file of a kind without a reader is listed, too: what
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
    fetch: Callable[[int], bytes],
    columns: Columns = (),
    *,
    version: str | None = None,
    beside: bool = False,
) -> InputFile:
    """A file to read; one without a reader is never fetched."""
    if left_out(source):
        return InputFile(source=source, fetch=_nothing, version="no reader")
    if columns and is_feed(source):
        # Under another version: with other columns it holds other posts.
        version = f"{version} {columns}" if version else None
        return InputFile(
            source=source,
            fetch=lambda most: renamed(source, fetch(most), columns),
            version=version,
            beside=beside,
        )
    return InputFile(source=source, fetch=fetch, version=version, beside=beside)


def _list_local(root: Path, columns: Columns) -> list[InputFile]:
    if root.is_file():
        if suffix(root.name) in LISTS:
            from pipeline.read.remote import list_addresses

            return list_addresses(root, columns)
        return [input_file(_in_utf8(root.name), partial(_bytes, os.path.realpath(root)), columns)]
    if not root.is_dir():
        raise InputMissing(root)
    ignore = root / IGNORE
    ignored = patterns(ignore.read_text("utf-8", "replace")) if ignore.is_file() else ()
    found = _walk(str(root), "", os.path.realpath(root))
    files = [
        InputFile(source=_in_utf8(source), fetch=fetch)
        if fetch.func is _refuse
        else input_file(_in_utf8(source), fetch, columns)
        for source, fetch in found
        if not is_ignored(source, ignored)
    ]
    return with_own_sources(sorted(files, key=lambda file: file.source))


def _walk(folder: str, below: str, root: str) -> Iterator[tuple[str, partial[bytes]]]:
    """Sources of the files below a folder, and what reads each or says why it is not read."""
    try:
        with os.scandir(folder) as found:
            entries = list(found)
    except OSError as error:
        yield below or ".", partial(_refuse, f"cannot be listed: {error.strerror}")
        return
    for entry in entries:
        if is_hidden(entry.name):
            continue
        source = f"{below}/{entry.name}" if below else entry.name
        if entry.is_symlink():
            target = os.path.realpath(entry.path)
            if os.path.commonpath((target, root)) != root:
                yield source, partial(_refuse, OUTSIDE)
            elif not os.path.isdir(target):  # noqa: PTH112 (speed)
                yield source, partial(_bytes, target)
        elif entry.is_dir():
            yield from _walk(entry.path, source, root)
        else:
            yield source, partial(_bytes, entry.path)


def with_own_sources(files: Iterable[InputFile]) -> list[InputFile]:
    """The files, those whose source an earlier one has with "~2", "~3" … behind theirs."""
    own = OwnNames()
    return [msgspec.structs.replace(file, source=own.name(file.source)) for file in files]


def read_folder(
    root: Path | str, columns: Columns = (), limits: Limits = DEFAULT
) -> Iterator[Post | Unreadable]:
    """All posts below ``root``, file by file in the order of ``list_inputs``.

    Raises ``InputMissing`` when ``root`` is no folder; never for what is in it.
    """
    for file in list_inputs(root, columns):
        yield from read_input(file, limits)


def read_input(file: InputFile, limits: Limits = DEFAULT) -> Iterator[Post | Unreadable]:
    """The posts of one file; what cannot be read is an ``Unreadable`` that says why."""
    raw = file_bytes(file, limits)
    if isinstance(raw, Unreadable):
        yield raw
    else:
        yield from read_bytes(file.source, raw, limits)


def file_bytes(file: InputFile, limits: Limits = DEFAULT) -> bytes | Unreadable:
    """What a file holds, or why it cannot be read."""
    most = limits.feed_bytes if is_feed(file.source) else limits.announcement_bytes
    try:
        raw = file.fetch(most)
        if len(raw) > most:
            raise TooLarge(len(raw), most)
        return raw
    except NotRead as refusal:
        return _unreadable(file.source, None, str(refusal))
    except OSError as error:
        return _unreadable(file.source, None, f"cannot be opened: {error.strerror or error}")
    except Exception as error:  # file systems elsewhere have errors of their own
        reason = f"cannot be opened: {type(error).__name__}: {error}"
        return _unreadable(file.source, None, reason)


class NotRead(Exception):
    """A file is not read; the message says why."""


class TooLarge(NotRead):
    """A file has more bytes than its kind may have."""

    def __init__(self, size: int, limit: int) -> None:
        super().__init__(too_large(size, limit))


def read_bytes(source: str, raw: bytes, limits: Limits = DEFAULT) -> Iterator[Post | Unreadable]:
    """The posts of a file's bytes; the suffix of ``source`` says which reader they need."""
    if why := left_out(source):
        yield Unreadable(source=source, raw_sha256=None, reason=why, skipped=True)
    elif is_feed(source):
        from pipeline.read.feeds import row_post

        for row in feed_rows(source, raw, limits):
            yield row if isinstance(row, Unreadable) else row_post(row)
    else:
        yield from _readable(source, raw, _posts)


def feed_rows(source: str, raw: bytes, limits: Limits = DEFAULT) -> Iterator[FeedRow | Unreadable]:
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
    yield from _readable(source, raw, partial(rows, most=limits.announcement_bytes))


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
        yield _unreadable(source, digest, f"cannot be read: {type(error).__name__}")


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


def _bytes(path: str, most: int) -> bytes:
    # A pipe would wait for a writer for ever, and what was listed may be a link by now.
    file = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        state = os.fstat(file)
        if not stat.S_ISREG(state.st_mode):
            raise OSError(0, "not a regular file")
        if state.st_size > most:
            raise TooLarge(state.st_size, most)
        # Files grow, and those of the kernel say nothing of their size.
        parts = [os.read(file, min(most, max(state.st_size, 1 << 16)) + 1)]
        while parts[-1] and sum(map(len, parts)) <= most:
            parts.append(os.read(file, 1 << 20))
        return b"".join(parts)
    finally:
        os.close(file)


def _refuse(reason: str, _: int) -> bytes:
    raise NotRead(reason)


def _nothing(_: int) -> bytes:
    return b""


def _unreadable(source: str, digest: str | None, reason: str) -> Unreadable:
    return Unreadable(source=source, raw_sha256=digest, reason=reason)


def _in_utf8(source: str) -> str:
    """Bytes of a name that are no UTF-8 are written as escapes."""
    return os.fsencode(source).decode("utf-8", errors="backslashreplace")
