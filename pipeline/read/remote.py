"""Files at an fsspec address, listed and fetched as those of a folder are."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

from pipeline.addresses import FileSystem, local_folder, opened
from pipeline.errors import AddressUnusable, InputMissing
from pipeline.limits import DEFAULT, Limits
from pipeline.logins import without_login
from pipeline.read.files import InputFile, TooLarge, file_bytes, input_file, with_own_sources
from pipeline.read.folder import lines_of, regular_bytes
from pipeline.read.kinds import IGNORE, MOST_PATTERNS, is_feed, is_hidden, is_ignored, patterns
from pipeline.read.renamed import Columns
from pipeline.records import Unreadable

PIECE = 1 << 20  # bytes read at once
AHEAD = 16  # files fetched at once, where the file system allows it
# What object stores call a name that changes with a file's content. Times of change don't count:
# two edits within one tick have the same.
VERSIONS = ("ETag", "etag", "md5Hash", "content_md5", "crc32c", "sha", "sha256", "generation")


def list_remote(address: str, columns: Columns = ()) -> list[InputFile]:
    """Every file below an address, or the one there, in the order of their sources.

    Raises ``InputMissing`` when there is no folder, ``AddressUnusable`` when nobody answers.
    """
    system, root = opened(address)
    try:
        system.invalidate_cache()
        if not system.isdir(root):
            if system.isfile(root):
                return [_file(system, root, root.rpartition("/")[2], system.info(root), columns)]
            raise InputMissing(address)
        found: Mapping[str, Mapping[str, Any]] = system.find(root, detail=True)
        ignored: tuple[str, ...] = ()
        if any(_source(name, root) == IGNORE for name in found):
            path = f"{root.rstrip('/')}/{IGNORE}"
            ignored = patterns(_streamed(system, path, MOST_PATTERNS).decode("utf-8", "replace"))
    except InputMissing:
        raise
    except FileNotFoundError as error:
        raise InputMissing(address) from error
    except Exception as error:  # each file system has errors of its own
        raise AddressUnusable(address, str(error) or type(error).__name__) from error
    files = []
    for name, info in found.items():
        source = _source(name, root)
        if not is_hidden(source) and not is_ignored(source, ignored):
            files.append(_file(system, name, source, info, columns))
    return with_own_sources(sorted(files, key=lambda file: file.source))


def list_addresses(path: Path, columns: Columns = ()) -> list[InputFile]:
    """The files that a file names, one fsspec address a line; each is called by its address.

    The user name and password of an address are no part of that.

    Raises ``InputUnusable``.
    """
    lines = dict.fromkeys(lines_of(path, DEFAULT.feed_bytes))
    return with_own_sources(
        input_file(without_login(one), partial(_fetched_from, one), columns)
        for one in sorted(lines)
    )


def _fetched_from(address: str, most: int) -> bytes:
    local = local_folder(address)
    if local is not None:
        return regular_bytes(os.path.realpath(local), most)
    system, path = opened(address)
    return _fetched(system, path, None, most)


def _fetched(system: FileSystem, name: str, size: object, most: int) -> bytes:
    if not isinstance(size, int):
        return _streamed(system, name, most)
    if size > most:
        raise TooLarge(size, most)
    return bytes(system.cat_file(name))


def _streamed(system: FileSystem, name: str, most: int) -> bytes:
    """What a file holds that says nothing of its size, or says it only once it is asked."""
    with system.open(name, "rb") as file:
        said = getattr(file, "size", None)
        if isinstance(said, int) and said > most:
            raise TooLarge(said, most)
        raw = bytearray()
        while len(raw) <= most and (piece := file.read(min(PIECE, most + 1 - len(raw)))):
            raw += piece
    if len(raw) > most:
        raise TooLarge(None, most)
    return bytes(raw)


def _file(
    system: FileSystem, name: str, source: str, info: Mapping[str, Any], columns: Columns
) -> InputFile:
    return input_file(
        source,
        partial(_fetched, system, name, info.get("size")),
        columns,
        version=_version(info),
        # Feeds are large: one at a time.
        beside=bool(system.async_impl) and not is_feed(source),
    )


def contents(
    files: Iterable[InputFile], limits: Limits = DEFAULT
) -> Iterator[tuple[InputFile, bytes | Unreadable]]:
    """What each file holds, or why it cannot be opened; in order, a few fetched ahead."""
    threads = ThreadPoolExecutor(AHEAD)
    waiting: deque[tuple[InputFile, Future[bytes | Unreadable]]] = deque()
    try:
        for file in files:
            if file.beside:
                waiting.append((file, threads.submit(file_bytes, file, limits)))
                if len(waiting) >= AHEAD:
                    first, fetched = waiting.popleft()
                    yield first, fetched.result()
            else:
                yield file, file_bytes(file, limits)
        for last, fetched in waiting:
            yield last, fetched.result()
    finally:
        threads.shutdown(wait=False, cancel_futures=True)


def _source(name: str, root: str) -> str:
    """The path below the root, as ``folder`` writes it."""
    below = without_login(name.removeprefix(root.rstrip("/")).lstrip("/"))
    return below.encode("utf-8", errors="backslashreplace").decode("utf-8")


def _version(info: Mapping[str, Any]) -> str | None:
    said = [f"{name}={info[name]}" for name in VERSIONS if info.get(name)]
    return " ".join([*said, f"size={info.get('size')}"]) if said else None
