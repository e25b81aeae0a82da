"""Records as payloads of a store, and back."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

from pipeline.records import Record
from pipeline.store import Store

_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(Record)


def encode_record(record: Record) -> bytes:
    """A record as a payload: msgpack, lightly compressed."""
    return zlib.compress(_ENCODER.encode(record), 1)


def decode_record(payload: bytes) -> Record | None:
    """The record of a payload; ``None`` when it isn't one (damaged, or of another version)."""
    try:
        return _DECODER.decode(zlib.decompress(payload))
    except (zlib.error, msgspec.MsgspecError):
        return None


def records(store: Store, keys: Iterable[str]) -> Iterator[tuple[str, Record]]:
    """Records of those of ``keys`` that are there and whole, segment by segment."""
    for key, payload in store.read(keys):
        if (record := decode_record(payload)) is not None:
            yield key, record


def put_records(store: Store, found: Mapping[str, Record] | Iterable[tuple[str, Record]]) -> None:
    """Add records under their keys, as one segment."""
    items: Any = found.items() if isinstance(found, Mapping) else found
    with store.writer() as writer:
        for key, record in items:
            writer.put(key, encode_record(record))
