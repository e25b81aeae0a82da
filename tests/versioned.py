"""An object store in memory, as fsspec sees one: it names the version of each file."""

from __future__ import annotations

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


fsspec.register_implementation("versioned", Versioned, clobber=True)
