"""A folder of announcements: which files there are, and one reader for each kind."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from hashlib import sha256
from pathlib import Path
from posixpath import splitext
from typing import TYPE_CHECKING, TypeVar

import msgspec

from pipeline.addresses import local_folder
from pipeline.errors import InputMissing
from pipeline.limits import DEFAULT, Limits, too_large
from pipeline.read.own_names import OwnNames
from pipeline.records import Post, Unreadable

if TYPE_CHECKING:
    from pipeline.read.feeds import FeedRow

Found = TypeVar("Found")

FEEDS = frozenset((".jsonl", ".csv"))  # many posts a file
OUTSIDE = "not followed: it links to what lies outside the input folder"
SUFFIXES = FEEDS | {".txt", ".html", ".htm"}


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


def list_inputs(root: Path | str) -> list[InputFile]:
    """Every file below ``root`` that a reader knows, in the order of their sources.

    ``root`` is a folder or its fsspec address; sources are the same either way. Nothing is opened.
    Hidden files and folders and unknown suffixes are left out. Linked folders are not entered, and
    links to what lies outside ``root`` are not followed: these, and folders that cannot be listed,
    are files whose ``fetch`` raises and says so. Sources differ, even where names are not UTF-8.
    Raises ``InputMissing`` when ``root`` is no folder, ``AddressUnusable``.
    """
    folder = local_folder(root)
    if folder is None:
        from pipeline.read.remote import list_remote

        return list_remote(str(root))
    return _list_local(folder)


def _list_local(root: Path) -> list[InputFile]:
    if not root.is_dir():
        raise InputMissing(root)
    files = sorted(_walk(str(root), "", os.path.realpath(root)), key=lambda file: file[0])
    return with_own_sources(InputFile(source=source, fetch=fetch) for source, fetch in files)


def _walk(folder: str, below: str, root: str) -> Iterator[tuple[str, Callable[[int], bytes]]]:
    """Sources of the files below a folder, and what reads each or says why it is not read."""
    try:
        with os.scandir(folder) as found:
            entries = list(found)
    except OSError as error:
        yield _in_utf8(below) or ".", partial(_refuse, f"cannot be listed: {error.strerror}")
        return
    for entry in entries:
        name = entry.name
        if name.startswith("."):
            continue
        source = f"{below}/{name}" if below else name
        if entry.is_symlink():
            target = os.path.realpath(entry.path)
            outside = os.path.commonpath((target, root)) != root
            if outside and (is_input(name) or os.path.isdir(target)):  # noqa: PTH112 (speed)
                yield _in_utf8(source), partial(_refuse, OUTSIDE)
            elif is_input(name) and not os.path.isdir(target):  # noqa: PTH112 (speed)
                yield _in_utf8(source), partial(_bytes, target)
        elif entry.is_dir():
            yield from _walk(entry.path, source, root)
        elif is_input(name):
            yield _in_utf8(source), partial(_bytes, entry.path)


def with_own_sources(files: Iterable[InputFile]) -> list[InputFile]:
    """The files, those whose source an earlier one has with "~2", "~3" … behind theirs."""
    own = OwnNames()
    return [msgspec.structs.replace(file, source=own.name(file.source)) for file in files]


def is_input(name: str) -> bool:
    """Whether there is a reader for a file of that name."""
    return not name.startswith(".") and _suffix(name) in SUFFIXES


def is_feed(source: str) -> bool:
    """Whether a file holds many posts."""
    return _suffix(source) in FEEDS


def read_folder(root: Path | str, limits: Limits = DEFAULT) -> Iterator[Post | Unreadable]:
    """All posts below ``root``, file by file in the order of ``list_inputs``.

    Raises ``InputMissing`` when ``root`` is no folder; never for what is in it.
    """
    for file in list_inputs(root):
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
    if is_feed(source):
        from pipeline.read.feeds import row_post

        for row in feed_rows(source, raw, limits):
            yield row if isinstance(row, Unreadable) else row_post(row)
    else:
        yield from _readable(source, raw, _posts)


def feed_rows(source: str, raw: bytes, limits: Limits = DEFAULT) -> Iterator[FeedRow | Unreadable]:
    """The rows of a feed's bytes, for ``feeds.row_post`` to look at."""
    from pipeline.read.feeds import csv_rows, jsonl_rows

    reader = jsonl_rows if _suffix(source) == ".jsonl" else csv_rows
    yield from _readable(source, raw, partial(reader, most=limits.announcement_bytes))


def _readable(
    source: str, raw: bytes, read: Callable[[str, bytes], Iterator[Found]]
) -> Iterator[Found | Unreadable]:
    """What a reader finds, then why it found no more."""
    from pipeline.read.decode import NotText

    digest = sha256(raw).hexdigest()
    try:
        yield from read(source, raw)
    except NotText as problem:
        yield _unreadable(source, digest, str(problem))
    except Exception as error:  # one bad file never stops a run
        yield _unreadable(source, digest, f"cannot be read: {type(error).__name__}")


def _posts(source: str, raw: bytes) -> Iterator[Post | Unreadable]:
    # Imported as files of their kind come: a run that finds nothing new needs none of them.
    if _suffix(source) in (".html", ".htm"):
        from pipeline.read.html import read_html

        yield read_html(source, raw)
    else:
        from pipeline.read.text import read_text

        yield read_text(source, raw)


def _suffix(name: str) -> str:
    return splitext(name)[1].lower()


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


def _unreadable(source: str, digest: str | None, reason: str) -> Unreadable:
    return Unreadable(source=source, raw_sha256=digest, reason=reason)


def _in_utf8(source: str) -> str:
    """Bytes of a name that are no UTF-8 are written as escapes."""
    return os.fsencode(source).decode("utf-8", errors="backslashreplace")
