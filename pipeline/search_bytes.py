"""Every written byte searched for people to be forgotten; what is packed is unpacked first."""

from __future__ import annotations

import os
import re
import zlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from html import unescape
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.forgotten import BREAK, Forgotten
from pipeline.segments import payload_at, places

PIECE = 4 << 20  # bytes looked at together
_TAG = re.compile(r"<[^<>]*>")
# Tags that may begin within a name; all others stand between words that don't belong together.
_WITHIN = re.compile(
    r"</?(?:mark|b|i|em|strong|u|span|font|wbr|small)(?:\s[^<>]*)?>", re.IGNORECASE
)
OVERLAP = 400  # bytes, more than a name and what stands between its parts


def files_that_name(forgotten: Forgotten, roots: Iterable[Path]) -> tuple[list[Path], int, int]:
    """Files below the roots that name somebody; how many files and bytes were searched.

    A file's own name counts too. Links are not followed: what they lead to lies below, or is
    somebody else's.
    """
    naming: list[Path] = []
    files = size = 0
    for root in roots:
        for path in sorted(_below(root)):
            files += 1
            size += path.stat().st_size
            if forgotten.find(path.name) or any(map(forgotten.find, _texts(path))):
                naming.append(path)
    return naming, files, size


def _below(root: Path) -> Iterator[Path]:
    if root.is_file():
        yield root
    for folder, _, names in os.walk(root):
        for name in names:
            path = Path(folder, name)
            if path.is_file() and not path.is_symlink():
                yield path


def _texts(path: Path) -> Iterator[str]:
    """All text in a file, in pieces; a name is whole in one of them."""
    if path.suffix == ".html":
        for text in _raw(path):
            yield unescape(_TAG.sub(BREAK, _WITHIN.sub("", text)))
            yield unescape(BREAK.join(_TAG.findall(text)))
        return
    yield from _raw(path)
    if path.suffix == ".parquet":
        yield from _columns(path)
    elif path.suffix == ".seg":
        yield from _payloads(path)


def _raw(path: Path) -> Iterator[str]:
    before = b""
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            yield (before + piece).decode("utf-8", errors="replace")
            before = piece[-OVERLAP:]


def _columns(path: Path) -> Iterator[str]:
    with suppress(pa.ArrowException):
        for batch in pq.ParquetFile(path).iter_batches(batch_size=1_000):
            for column in batch.columns:
                if pa.types.is_string(column.type):
                    yield BREAK.join(filter(None, column.to_pylist()))


def _payloads(path: Path) -> Iterator[str]:
    with path.open("rb") as file:
        for key, offset, length in places(file, path.stat().st_size):
            payload = payload_at(file, offset, length, key)
            if payload is None:
                continue
            with suppress(zlib.error):
                payload = zlib.decompress(payload)
            yield payload.decode("utf-8", errors="replace")
            if path.parent.name == "annotations":
                yield from _annotated(payload)


def _annotated(payload: bytes) -> Iterator[str]:
    from pipeline.annotations import document_of, lemmas_of

    yield lemmas_of(payload) or ""
    doc = document_of(payload)
    yield "" if doc is None else doc.text
