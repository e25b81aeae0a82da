"""A folder of announcements: which files there are, and one reader for each kind."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path, PurePosixPath

import msgspec

from pipeline.errors import InputMissing
from pipeline.records import Post, Unreadable

FEEDS = frozenset((".jsonl", ".csv"))  # many posts a file
SUFFIXES = FEEDS | {".txt", ".html", ".htm"}


class InputFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file to read: ``source`` is its POSIX path below the input folder, ``size`` is in bytes."""

    source: str
    path: Path
    size: int


def list_inputs(root: Path) -> list[InputFile]:
    """Every file below ``root`` that a reader knows, in the order of their sources.

    Nothing is opened. Hidden files and folders and unknown suffixes are left out; linked folders
    are not entered. Raises ``InputMissing`` when ``root`` is no folder.
    """
    if not root.is_dir():
        raise InputMissing(root)
    files = []
    for folder, folders, names in os.walk(root):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            path = Path(folder, name)
            if not name.startswith(".") and path.suffix.lower() in SUFFIXES:
                files.append(InputFile(source=_source(path, root), path=path, size=_size(path)))
    return sorted(files, key=lambda file: (file.source, str(file.path)))


def read_folder(root: Path) -> Iterator[Post | Unreadable]:
    """All posts below ``root``, file by file in the order of ``list_inputs``.

    Raises ``InputMissing`` when ``root`` is no folder; never for what is in it.
    """
    for file in list_inputs(root):
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
        return _bytes(file.path)
    except OSError as error:
        return _unreadable(file.source, None, f"cannot be opened: {error.strerror or error}")


def read_bytes(source: str, raw: bytes) -> Iterator[Post | Unreadable]:
    """The posts of a file's bytes; the suffix of ``source`` says which reader they need."""
    from pipeline.read.decode import NotText

    digest = sha256(raw).hexdigest()
    try:
        yield from _posts(source, raw)
    except NotText as problem:
        yield _unreadable(source, digest, str(problem))
    except Exception as error:  # one bad file never stops a run
        yield _unreadable(source, digest, f"cannot be read: {type(error).__name__}: {error}")


def _posts(source: str, raw: bytes) -> Iterator[Post | Unreadable]:
    # Imported as files of their kind come: a run that finds nothing new needs none of them.
    match PurePosixPath(source).suffix.lower():
        case ".html" | ".htm":
            from pipeline.read.html import read_html

            yield read_html(source, raw)
        case ".jsonl":
            from pipeline.read.feeds import read_jsonl

            yield from read_jsonl(source, raw)
        case ".csv":
            from pipeline.read.feeds import read_csv

            yield from read_csv(source, raw)
        case _:
            from pipeline.read.text import read_text

            yield read_text(source, raw)


def _bytes(path: Path) -> bytes:
    if not stat.S_ISREG(path.stat().st_mode):
        raise OSError(0, "not a regular file")
    return path.read_bytes()


def _unreadable(source: str, digest: str | None, reason: str) -> Unreadable:
    return Unreadable(source=source, raw_sha256=digest, reason=reason)


def _source(path: Path, root: Path) -> str:
    """The path below ``root``; bytes of a name that are no UTF-8 are written as escapes."""
    source = path.relative_to(root).as_posix()
    return os.fsencode(source).decode("utf-8", errors="backslashreplace")


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
