"""The file format of a store's segments: entries with checksums, and an index at the end.

    segment = MAGIC, entry …, [index, trailer]     entry = key (16 bytes), length, CRC-32, payload

The index is written when a segment is closed; a segment without one is read through, up to its
first torn or damaged entry.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from typing import IO

MAGIC = b"hanke-1\n"
KEY_BYTES = 16
ENTRY = struct.Struct("<16sII")  # key, length of the payload, CRC-32 of key and payload
INDEX = struct.Struct("<16sQI")  # key, offset of the payload, its length
TRAILER = struct.Struct("<QII8s")  # offset of the index, entries, CRC-32 of the index, MAGIC

Place = tuple[bytes, int, int]


def entry(key: bytes, payload: bytes) -> bytes:
    """One entry."""
    return ENTRY.pack(key, len(payload), zlib.crc32(payload, zlib.crc32(key))) + payload


def index(places: list[Place], end: int) -> bytes:
    """Index and trailer of a segment whose entries lie at ``places`` and end at ``end``."""
    packed = b"".join(INDEX.pack(*place) for place in places)
    return packed + TRAILER.pack(end, len(places), zlib.crc32(packed), MAGIC)


def places(file: IO[bytes], size: int) -> list[Place]:
    """Key, offset and length of every whole entry of a segment; none for a foreign file."""
    if file.read(len(MAGIC)) != MAGIC:
        return []
    closed = _closed(file, size)
    return closed if closed is not None else list(_scan(file, size))


def _closed(file: IO[bytes], size: int) -> list[Place] | None:
    """The index of a closed segment; ``None`` when it has none or a damaged one."""
    if size < len(MAGIC) + TRAILER.size:
        return None
    file.seek(size - TRAILER.size)
    offset, count, checksum, magic = TRAILER.unpack(file.read(TRAILER.size))
    if magic != MAGIC or offset + count * INDEX.size + TRAILER.size != size:
        return None
    file.seek(offset)
    packed = file.read(count * INDEX.size)
    if zlib.crc32(packed) != checksum:
        return None
    return list(INDEX.iter_unpack(packed))


def _scan(file: IO[bytes], size: int) -> Iterator[Place]:
    """Whole entries from the start of a segment to its first torn or damaged one."""
    offset = len(MAGIC)
    while offset + ENTRY.size <= size:
        file.seek(offset)
        key, length, checksum = ENTRY.unpack(file.read(ENTRY.size))
        offset += ENTRY.size
        if offset + length > size:
            return
        if zlib.crc32(file.read(length), zlib.crc32(key)) != checksum:
            return
        yield key, offset, length
        offset += length


def payload_at(file: IO[bytes], offset: int, length: int, key: bytes) -> bytes | None:
    """The payload at a place; ``None`` when it is damaged or another one."""
    file.seek(offset - ENTRY.size)
    head = file.read(ENTRY.size)
    if len(head) < ENTRY.size:
        return None
    stored, stored_length, checksum = ENTRY.unpack(head)
    payload = file.read(length)
    if stored != key or stored_length != length or len(payload) < length:
        return None
    return payload if zlib.crc32(payload, zlib.crc32(key)) == checksum else None
