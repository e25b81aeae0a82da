"""An object store in memory, as fsspec sees one: it names the version of each file."""

from __future__ import annotations

import io
from hashlib import md5
from typing import Any, ClassVar

import fsspec
from fsspec.implementations.memory import MemoryFileSystem


class Versioned(MemoryFileSystem):
    """An object store in memory: it says what version a file has, and counts what is fetched."""

    protocol: ClassVar[str] = "versioned"
    store: ClassVar[dict[str, Any]] = {}
    pseudo_dirs: ClassVar[list[str]] = [""]
    async_impl = True  # as object stores are: several files at once
    fetched: ClassVar[list[str]] = []

    @classmethod
    def _strip_protocol(cls, path: str) -> str:
        return MemoryFileSystem._strip_protocol(str(path).replace("versioned://", "memory://"))

    def find(self, path: str, *arguments: Any, **options: Any) -> Any:
        found = super().find(path, *arguments, **options)
        for name, info in found.items() if isinstance(found, dict) else ():
            info["ETag"] = md5(self.store[name].getvalue()).hexdigest()
        return found

    def cat_file(self, path: str, *arguments: Any, **options: Any) -> bytes:
        self.fetched.append(path)
        if path.endswith("broken.txt"):
            raise RuntimeError("503 slow down")
        raw: bytes = super().cat_file(path, *arguments, **options)
        return raw


class Endless(MemoryFileSystem):
    """Files without end, of a size nobody says; counts the bytes it gave."""

    protocol: ClassVar[str] = "endless"
    store: ClassVar[dict[str, Any]] = {}
    given: ClassVar[list[int]] = []

    def _open(self, path: str, *arguments: Any, **options: Any) -> Any:
        return _NoEnd()


class _NoEnd(io.RawIOBase):
    def readable(self) -> bool:
        return True

    def read(self, size: int | None = -1) -> bytes:
        if size is None or size < 0:
            raise MemoryError("everything was asked for")
        Endless.given.append(size)
        return b"a" * size


fsspec.register_implementation("endless", Endless, clobber=True)
fsspec.register_implementation("versioned", Versioned, clobber=True)
