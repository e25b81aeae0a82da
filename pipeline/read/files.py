"""A file to read, wherever it lies: what it is called, how it is fetched, why it is not read."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import msgspec

from pipeline.limits import DEFAULT, Limits, too_large
from pipeline.logins import without_login
from pipeline.read.kinds import is_feed, left_out, suffix
from pipeline.read.own_names import OwnNames
from pipeline.read.renamed import Columns, renamed
from pipeline.records import Unreadable


class InputFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file to read: ``source`` is its POSIX path below the input folder.

    ``fetch(most)`` gives its bytes or raises, also where they are more. ``version`` names what it
    holds where its file system says so without reading (an ETag); ``beside`` is whether several may
    be fetched at once. ``url`` is the web address that the file is known to come from.
    """

    source: str
    fetch: Callable[[int], bytes]
    version: str | None = None
    beside: bool = False
    url: str | None = None


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


def with_own_sources(files: Iterable[InputFile]) -> list[InputFile]:
    """The files, those whose source an earlier one has with "~2", "~3" … in theirs.

    It stands before the suffix, which says how a file is read: "a~2.txt".
    """
    own = OwnNames()
    return [
        msgspec.structs.replace(file, source=own.name(file.source, _suffix(file.source)))
        for file in files
    ]


def _suffix(source: str) -> str:
    """The suffix that a source ends in, as it is written; "" where a query stands behind it."""
    ending = suffix(source)
    written = source[len(source) - len(ending) :]
    return written if written.lower() == ending else ""


def file_bytes(file: InputFile, limits: Limits = DEFAULT) -> bytes | Unreadable:
    """What a file holds, or why it cannot be read."""
    most = limits.feed_bytes if is_feed(file.source) else limits.announcement_bytes
    try:
        raw = file.fetch(most)
        if len(raw) > most:
            raise TooLarge(len(raw), most)
        return raw
    except NotRead as refusal:
        return unreadable(file.source, None, str(refusal))
    except OSError as error:
        return unreadable(file.source, None, f"cannot be opened: {error.strerror or error}")
    except Exception as error:  # file systems elsewhere have errors of their own
        reason = f"cannot be opened: {type(error).__name__}: {error}"
        return unreadable(file.source, None, reason)


class NotRead(Exception):
    """A file is not read; the message says why."""


class TooLarge(NotRead):
    """A file has more bytes than its kind may have."""

    def __init__(self, size: int | None, limit: int) -> None:
        super().__init__(too_large(size, limit))


def unreadable(source: str, digest: str | None, reason: str) -> Unreadable:
    """A file, by its SHA-256 where it was fetched, that is not read for that reason."""
    return Unreadable(source=source, raw_sha256=digest, reason=without_login(reason))


def _nothing(_: int) -> bytes:
    return b""
