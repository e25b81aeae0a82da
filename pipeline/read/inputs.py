"""What there is to read at a place, and the posts of each file: one reader for each kind."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import msgspec

from pipeline.addresses import local_folder
from pipeline.limits import DEFAULT, Limits
from pipeline.read.files import InputFile, file_bytes, unreadable
from pipeline.read.folder import list_local
from pipeline.read.kinds import (
    DOCUMENTS,
    LISTS,
    NEWS,
    PAGES,
    TABLES,
    is_feed,
    left_out,
    suffix,
)
from pipeline.read.remote import list_addresses, list_remote
from pipeline.read.renamed import Columns
from pipeline.records import Post, Unreadable

if TYPE_CHECKING:
    from pipeline.read.feeds import FeedRow

Found = TypeVar("Found")


def list_inputs(root: Path | str, columns: Columns = ()) -> list[InputFile]:
    """Every file below ``root``, in the order of their sources.

    ``root`` is a folder, a single file or a file of addresses (``.urls``, one a line), or the
    fsspec address of a folder or file; sources are the same however it is addressed. Nothing is
    opened. Hidden files and folders, and what the folder's ``.hankepoimuri-ignore`` names, are left
    out; linked folders are not entered, and a link out of ``root`` is not followed: reading it
    gives why. A file of a kind without a reader is listed, too: what
    reading it gives says why. ``columns`` renames columns of feeds, ``(theirs, ours)``.
    Raises ``InputMissing`` when there is nothing at ``root``, ``InputUnusable`` where that may not
    be read, ``AddressUnusable``.
    """
    folder = local_folder(root)
    if folder is None:
        return list_remote(str(root), columns)
    if suffix(folder.name) in LISTS and os.path.isfile(folder):  # noqa: PTH113 (never raises)
        return list_addresses(folder, columns)
    return list_local(folder, columns)


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
        yield from read_bytes(file.source, raw, limits, file.url)


def read_bytes(
    source: str, raw: bytes, limits: Limits = DEFAULT, url: str | None = None
) -> Iterator[Post | Unreadable]:
    """The posts of a file's bytes; the suffix of ``source`` says which reader they need.

    ``url`` is where the file is known to come from, for a post that states no address of its own.
    """
    if why := left_out(source):
        yield Unreadable(source=source, raw_sha256=None, reason=why, skipped=True)
    elif is_feed(source):
        from pipeline.read.feeds import row_post

        for row in feed_rows(source, raw, limits):
            yield row if isinstance(row, Unreadable) else row_post(row)
    else:
        for post in _readable(source, raw, _posts):
            if isinstance(post, Post) and post.url is None:
                yield msgspec.structs.replace(post, url=url)
            else:
                yield post


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
        yield unreadable(source, digest, f"cannot be read: {type(error).__name__}")


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
