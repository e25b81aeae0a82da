"""What has been worked out once and never changes: records and annotations under content keys.

A store is a folder of *segments*, at any fsspec address. A segment is written by one writer and
only ever grows; on a local disk every entry is on its way to the file the moment it is put, so a
killed process loses nothing it finished. A torn end, a damaged entry or a foreign file is simply
not there: what is missing is what is to do.
"""

from __future__ import annotations

import os
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from contextlib import AbstractContextManager, suppress
from hashlib import sha256
from pathlib import Path
from secrets import token_hex
from typing import IO, NamedTuple

from fsspec.implementations.local import LocalFileSystem

from pipeline.addresses import opened
from pipeline.segments import ENTRY, KEY_BYTES, MAGIC, entry, index, payload_at, places

SUFFIX = ".seg"
REMOTE_BATCH = 256  # entries a writer gathers for an object store, which can't append
SMALL = 8 << 20  # segments below this many bytes are worth merging
MANY = 64  # this many small segments are merged into one

_NUMBER = re.compile(r"(\d{8})-[0-9a-f]+\.seg$")


class _Place(NamedTuple):
    segment: str
    offset: int
    length: int


def store_key(*parts: str) -> str:
    """Key of what depends on ``parts`` (hashes, versions): 32 hexadecimal digits."""
    return sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[: 2 * KEY_BYTES]


class Store:
    """Immutable payloads under 32-digit keys.

    ``keys`` lists what is there, ``read`` gives payloads, ``writer`` adds new ones. A process sees
    what others have added since after ``refresh``.
    """

    def __init__(self, address: str | Path) -> None:
        self._fs, self._root = opened(address)
        self._fs.makedirs(self._root, exist_ok=True)
        self._segments: dict[str, int] = {}
        self._index: dict[bytes, _Place] = {}
        self.damaged = 0  # payloads that were found not to be what was put
        self.refresh()

    @property
    def is_local(self) -> bool:
        """Whether the store lies on a file system of this machine, which can append."""
        return isinstance(self._fs, LocalFileSystem)

    def refresh(self) -> None:
        """Take note of segments that others have added, lengthened or merged."""
        self._fs.invalidate_cache()
        found = {
            file["name"]: int(file["size"])
            for file in self._fs.ls(self._root, detail=True)
            if file["name"].endswith(SUFFIX)
        }
        if gone := self._segments.keys() - found.keys():
            self._index = {
                k: place for k, place in self._index.items() if place.segment not in gone
            }
        for name, size in sorted(found.items()):
            if self._segments.get(name) != size:
                for key, offset, length in self._entries(name, size):
                    self._index[key] = _Place(name, offset, length)
        self._segments = found

    def keys(self) -> set[str]:
        """Keys of all payloads."""
        return {key.hex() for key in self._index}

    def missing(self, keys: Iterable[str]) -> list[str]:
        """Those of ``keys`` that are not there, in their order."""
        return [key for key in keys if bytes.fromhex(key) not in self._index]

    def __contains__(self, key: str) -> bool:
        """Whether there is a payload under ``key``."""
        return bytes.fromhex(key) in self._index

    def __len__(self) -> int:
        """How many payloads there are."""
        return len(self._index)

    def get(self, key: str) -> bytes | None:
        """The payload under ``key``; ``None`` where there is none, or a damaged one."""
        return next((payload for _, payload in self.read([key])), None)

    def read(self, keys: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        """Payloads of those of ``keys`` that are there and whole, segment by segment.

        A damaged one is left out and forgotten, so that ``missing`` names it from then on.
        """
        wanted: dict[str, list[tuple[int, int, bytes]]] = defaultdict(list)
        for key in keys:
            if place := self._index.get(bytes.fromhex(key)):
                wanted[place.segment].append((place.offset, place.length, bytes.fromhex(key)))
        for segment, held in sorted(wanted.items()):
            try:
                with self._open(segment) as file:
                    for offset, length, key_bytes in sorted(held):
                        if (payload := payload_at(file, offset, length, key_bytes)) is None:
                            del self._index[key_bytes]
                            self.damaged += 1
                        else:
                            yield key_bytes.hex(), payload
            except FileNotFoundError:  # merged away by another process meanwhile
                for _, _, key_bytes in held:
                    self._index.pop(key_bytes, None)

    def writer(self) -> Writer:
        """A new segment to put payloads into; use it in a ``with`` block."""
        return Writer(self, self._fresh_name())

    def tidy(self, keep: Collection[str] | None = None) -> None:
        """Merge small segments when they are many, or drop all but ``keep`` when given.

        Dropping rewrites the store once more than half of it is unwanted. Safe to kill: the merged
        segment is complete before the old ones go, and a key that is there twice does no harm.
        """
        if keep is None:
            merged = [name for name, size in self._segments.items() if size < SMALL]
            if len(merged) < MANY:
                return
        else:
            merged = list(self._segments)
            if 2 * len(keep) >= len(self._index):
                return
        chosen = set(merged)
        wanted = None if keep is None else {bytes.fromhex(key) for key in keep}
        keys = [
            key.hex()
            for key, place in self._index.items()
            if place.segment in chosen and (wanted is None or key in wanted)
        ]
        with self.writer() as writer:
            for key, payload in self.read(keys):
                writer.add(bytes.fromhex(key), payload)
        for name in merged:
            self._fs.rm_file(name)
        self._segments = {}
        self._index = {}
        self.refresh()

    def keep_only(self, keep: Collection[str]) -> int:
        """Drop all but ``keep`` now, from every segment that holds anything else; how many went.

        Unlike ``tidy`` it leaves no byte of what is dropped, nor of what was replaced or torn.
        """
        self.refresh()
        wanted = {bytes.fromhex(key) for key in keep}
        gone = sum(key not in wanted for key in self._index)
        chosen = {name for name in self._segments if not self._is_pure(name, wanted)}
        keys = [
            key.hex()
            for key, place in self._index.items()
            if place.segment in chosen and key in wanted
        ]
        with self.writer() as writer:
            for key_hex, payload in self.read(keys):
                writer.add(bytes.fromhex(key_hex), payload)
        for name in chosen:
            self._fs.rm_file(name)
        self._segments = {}
        self._index = {}
        self.refresh()
        return gone

    def _is_pure(self, name: str, wanted: Collection[bytes]) -> bool:
        """Whether a segment holds nothing but whole entries that count and are wanted."""
        size = self._segments[name]
        entries = self._entries(name, size)
        end = len(MAGIC)
        for key, offset, length in sorted(entries, key=lambda place: place[1]):
            if key not in wanted or self._index.get(key) != _Place(name, offset, length):
                return False
            if offset - ENTRY.size != end:
                return False
            end = offset + length
        return size == end + len(index(entries, end))

    def _open(self, name: str) -> IO[bytes]:
        file: IO[bytes] = self._fs.open(name, "rb")
        return file

    def _entries(self, name: str, size: int) -> list[tuple[bytes, int, int]]:
        try:
            with self._open(name) as file:
                return places(file, size)
        except OSError:
            return []

    def _fresh_name(self) -> str:
        """A name for a new segment, later in order than all there are: the latest entry counts."""
        numbers = [int(found[1]) for name in self._segments if (found := _NUMBER.search(name))]
        number = max(numbers, default=0) + 1
        return f"{self._root}/{number:08}-{token_hex(6)}{SUFFIX}"

    def _note(self, key: bytes, place: _Place) -> None:
        self._index[key] = place


class Writer(AbstractContextManager["Writer"]):
    """Adds payloads to a segment of its own; one process, one writer."""

    def __init__(self, store: Store, name: str) -> None:
        self._store = store
        self._name = name
        self._places: list[tuple[bytes, int, int]] = []
        self._waiting: list[tuple[bytes, bytes]] = []
        self._file: int | None = None
        self._end = 0

    def put(self, key: str, payload: bytes) -> None:
        """Keep a payload; one already there under that key stays as it is."""
        if key not in self._store:
            self.add(bytes.fromhex(key), payload)

    def add(self, key_bytes: bytes, payload: bytes) -> None:
        """Keep a payload in this segment, whether or not another one has it."""
        if not self._store.is_local:
            self._waiting.append((key_bytes, payload))
            if len(self._waiting) >= REMOTE_BATCH:
                self._upload()
            return
        if self._file is None:
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
            self._file = os.open(self._name, flags, 0o644)
            self._write(MAGIC)
        self._write(entry(key_bytes, payload))
        offset = self._end - len(payload)
        self._places.append((key_bytes, offset, len(payload)))
        self._store._note(key_bytes, _Place(self._name, offset, len(payload)))

    def close(self) -> None:
        """Finish the segment with its index; a writer that put nothing leaves nothing."""
        if self._file is not None:
            file = self._file
            try:
                self._write(index(self._places, self._end))
                os.fsync(file)
            finally:
                self._file = None
                os.close(file)
            self._store._segments[self._name] = self._end
        self._upload()

    def _write(self, data: bytes) -> None:
        assert self._file is not None
        view = memoryview(data)
        try:
            while view:
                view = view[os.write(self._file, view) :]
        except OSError:
            # No room: what was begun goes, so that the segment can be finished or read as it is.
            with suppress(OSError):
                os.ftruncate(self._file, self._end)
                os.lseek(self._file, self._end, os.SEEK_SET)
            raise
        self._end += len(data)

    def _upload(self) -> None:
        if not self._waiting:
            return
        parts = [MAGIC]
        held = []
        end = len(MAGIC)
        for key, payload in self._waiting:
            parts.append(entry(key, payload))
            end += len(parts[-1])
            held.append((key, end - len(payload), len(payload)))
        parts.append(index(held, end))
        data = b"".join(parts)
        name = self._store._fresh_name()
        self._store._fs.pipe_file(name, data)
        self._store._segments[name] = len(data)
        for key, offset, length in held:
            self._store._note(key, _Place(name, offset, length))
        self._waiting = []

    def __exit__(self, *_: object) -> None:
        """Close the segment; what was put stays, whatever ended the block."""
        self.close()
