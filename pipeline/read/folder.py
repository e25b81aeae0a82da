"""A folder of this machine, or one file of it: which files there are, none of them opened."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import msgspec

from pipeline.errors import InputMissing, InputUnusable
from pipeline.limits import DEFAULT
from pipeline.read.fetched import NOTED, noted_addresses
from pipeline.read.files import InputFile, NotRead, TooLarge, input_file, with_own_sources
from pipeline.read.kinds import IGNORE, MOST_PATTERNS, is_hidden, is_ignored, patterns
from pipeline.read.renamed import Columns

OUTPUTS = frozenset((".runs", ".current"))  # what links in an output folder lead to
OUTSIDE = "not followed: it links to what lies outside the input folder"


def list_local(root: Path, columns: Columns = ()) -> list[InputFile]:
    """Every file below a folder, or the one there, in the order of their sources.

    Raises ``InputMissing`` when there is nothing, ``InputUnusable`` where it may not be looked.
    """
    try:
        return _listed(root, columns)
    except OSError as error:
        raise InputUnusable(root, error.strerror or str(error)) from error


def _listed(root: Path, columns: Columns) -> list[InputFile]:
    if root.is_file():
        return [
            input_file(_in_utf8(root.name), partial(regular_bytes, os.path.realpath(root)), columns)
        ]
    if not root.is_dir():
        raise InputMissing(root)
    ignore = root / IGNORE
    ignored = lines_of(ignore, MOST_PATTERNS) if ignore.is_file() else ()
    addresses: dict[str, str] = {}
    found = list(_walk(str(root), "", os.path.realpath(root), addresses))
    files = [
        InputFile(source=_in_utf8(source), fetch=fetch)
        if fetch.func is _refuse
        else input_file(_in_utf8(source), fetch, columns)
        for source, fetch in found
        if not is_ignored(source, ignored)
    ]
    known = [msgspec.structs.replace(file, url=addresses.get(file.source)) for file in files]
    return with_own_sources(sorted(known, key=lambda file: file.source))


def lines_of(path: Path, most: int) -> tuple[str, ...]:
    """The lines of a file of patterns or addresses, without comments. Raises ``InputUnusable``."""
    try:
        raw = regular_bytes(os.path.realpath(path), most)
    except OSError as error:
        raise InputUnusable(path, error.strerror or str(error)) from error
    except TooLarge as error:
        raise InputUnusable(path, str(error)) from error
    return patterns(raw.decode("utf-8-sig", "replace"))


def _walk(
    folder: str, below: str, root: str, addresses: dict[str, str]
) -> Iterator[tuple[str, partial[bytes]]]:
    """Sources of the files below a folder, and what reads each or says why it is not read.

    ``addresses`` gets the web addresses that are noted there, by source.
    """
    try:
        with os.scandir(folder) as found:
            entries = list(found)
    except OSError as error:
        yield below or ".", partial(_refuse, f"cannot be listed: {error.strerror}")
        return
    for entry in entries:
        source = f"{below}/{entry.name}" if below else entry.name
        if entry.name == NOTED:
            noted = noted_addresses(_read_if_there(entry.path))
            addresses |= {f"{below}/{name}" if below else name: url for name, url in noted.items()}
        if is_hidden(entry.name):
            continue
        if entry.is_symlink():
            target = os.path.realpath(entry.path)
            if os.path.commonpath((target, root)) != root:
                yield source, partial(_refuse, OUTSIDE)
            elif not OUTPUTS.isdisjoint(Path(target[len(root) :]).parts):
                continue  # tables of a run that writes into its own input
            elif not os.path.isdir(target):  # noqa: PTH112 (speed)
                yield source, partial(regular_bytes, target)
        elif entry.is_dir():
            yield from _walk(entry.path, source, root, addresses)
        else:
            yield source, partial(regular_bytes, entry.path)


def regular_bytes(path: str, most: int) -> bytes:
    """What a regular file holds. Raises ``OSError`` for anything else, ``TooLarge``."""
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


def _read_if_there(path: str) -> bytes:
    """What notes hold; nothing where they cannot be read, as posts are read without them, too."""
    try:
        return regular_bytes(path, DEFAULT.feed_bytes)
    except (OSError, TooLarge):
        return b""


def _refuse(reason: str, _: int) -> bytes:
    raise NotRead(reason)


def _in_utf8(source: str) -> str:
    """Bytes of a name that are no UTF-8 are written as escapes."""
    return os.fsencode(source).decode("utf-8", errors="backslashreplace")
