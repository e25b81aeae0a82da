"""What is derived from data once and kept: found by the digest of all it was made from.

Tables of word forms, letter statistics and networks take seconds to derive and are the same for
every run. Each is a file with the digest of its own bytes before them: one that is damaged or cut
short is made anew. The files hold numbers and strings, never code.
"""

from __future__ import annotations

import mmap
import sys
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from functools import cache
from hashlib import file_digest, sha256
from itertools import accumulate
from pathlib import Path
from tempfile import NamedTemporaryFile
from zlib import crc32

PACKAGE = Path(__file__).resolve().parent
FORMAT = f"1 {sys.byteorder}".encode()  # of the files; another one makes all of them anew
DIGEST = 32  # bytes
KEPT = 3  # editions of one name that stay: of branches that are worked on in turn
BUCKET = 4  # entries that share a place in a table, on average
_COUNTS = 8  # bytes that say how many places a table has


def compiled(name: str, key: str, make: Callable[[], bytes]) -> memoryview:
    """The bytes that ``make`` gives, kept under a name and the ``key`` of all they depend on.

    They are mapped from a file where one can be written, else held in memory.
    """
    wanted = sha256(FORMAT + key.encode()).hexdigest()[:24]
    for folder in _folders():
        with suppress(OSError, ValueError):
            return _mapped(folder / f"{name}-{wanted}")
    content = make()
    for folder in _folders():
        with suppress(OSError, ValueError):
            folder.mkdir(parents=True, exist_ok=True)
            _write(folder / f"{name}-{wanted}", content)
            _tidy(folder, name)
            return _mapped(folder / f"{name}-{wanted}")
    return memoryview(content)


def _folders() -> Iterator[Path]:
    """Where files may lie: beside a checkout's package, within an installed one, or at home."""
    if (PACKAGE.parent / "pyproject.toml").is_file():
        yield PACKAGE.parent / ".cache" / "compiled"
    else:
        yield PACKAGE / ".compiled"
    with suppress(RuntimeError):  # nobody's home
        yield Path.home() / ".cache" / "hankepoimuri"


def _mapped(path: Path) -> memoryview:
    """The content of a whole file. Raises ``OSError``, or ``ValueError`` where it is damaged."""
    with path.open("rb") as file:
        stated = file.read(DIGEST)
        # Read and not mapped for this, so that only what is looked at later counts as memory.
        if file_digest(file, "sha256").digest() != stated:
            raise ValueError(f"{path} is damaged")
        # Copied on writing: some libraries take numbers only where they might write.
        return memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY))[DIGEST:]


def _write(path: Path, content: bytes) -> None:
    """All or nothing: another process may be reading, or writing the same."""
    with NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as file:
        file.write(sha256(content).digest())
        file.write(content)
    Path(file.name).chmod(0o644)  # as the code is: for everyone to read
    Path(file.name).replace(path)


def _tidy(folder: Path, name: str) -> None:
    """Drop all but the latest files of a name."""
    there = sorted(folder.glob(f"{name}-*"), key=lambda path: -path.stat().st_mtime)
    for path in there[KEPT:]:
        path.unlink(missing_ok=True)


@cache
def content_key(*paths: str) -> str:
    """Digest of files and folders of the package: code, tables and settings."""
    digest = sha256()
    for path in sorted(_files(paths)):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(PACKAGE).as_posix()} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()


def _files(paths: Iterable[str]) -> Iterator[Path]:
    for path in map(PACKAGE.joinpath, paths):
        if path.is_dir():
            yield from (p for p in path.rglob("*") if p.suffix in {".py", ".toml", ".csv"})
        else:
            yield path


class Table(Mapping[str, str]):
    """Strings by strings, looked up where they lie in bytes that ``packed`` made.

    A key's checksum says its place; there its entries stand one after the other. Keys and values
    hold no line break and no tab.
    """

    def __init__(self, content: memoryview) -> None:
        self._count = int.from_bytes(content[:_COUNTS], "little")
        ends = _COUNTS + 4 * (self._count + 1)
        self._bounds = content[_COUNTS:ends].cast("I")
        self._entries = content[ends:]

    def __getitem__(self, key: str) -> str:
        """The value of a key. Raises ``KeyError``."""
        value = self.get(key)
        if value is None:
            raise KeyError(key)
        return value

    def get(self, key: str, default: str | None = None) -> str | None:  # type: ignore[override]
        """The value of a key, or else the default."""
        raw = key.encode("utf-8", "surrogatepass")
        place = crc32(raw) % self._count
        bounds = self._bounds
        bucket = bytes(self._entries[bounds[place] : bounds[place + 1]])
        start = bucket.find(b"\n" + raw + b"\t")
        if start < 0:
            return default
        start += len(raw) + 2
        return bucket[start : bucket.index(b"\n", start)].decode()

    def __contains__(self, key: object) -> bool:
        """Whether there is such a key."""
        return isinstance(key, str) and self.get(key) is not None

    def __iter__(self) -> Iterator[str]:
        """All keys, in no order that means something."""
        for entry in bytes(self._entries).decode().split("\n"):
            if entry:
                yield entry.partition("\t")[0]

    def __len__(self) -> int:
        """How many keys there are."""
        return sum(1 for _ in self)


def packed(entries: Mapping[str, str]) -> bytes:
    """The bytes of a ``Table``; the same for the same entries."""
    count = max(1, len(entries) // BUCKET)
    places: list[list[bytes]] = [[] for _ in range(count)]
    for key, value in sorted(entries.items()):
        raw = key.encode()
        places[crc32(raw) % count].append(b"\n" + raw + b"\t" + value.encode())
    buckets = [b"".join(place) + b"\n" for place in places]
    bounds = array("I", accumulate(map(len, buckets), initial=0))
    return b"".join([count.to_bytes(_COUNTS, "little"), bounds.tobytes(), *buckets])


def joined(parts: Mapping[str, bytes]) -> bytes:
    """Several contents as one; ``parted`` gives them back."""
    sizes = "".join(f"{name} {len(part)}\n" for name, part in parts.items()).encode()
    pad = -(len(sizes) + _COUNTS) % 64
    body = [sizes, b" " * pad]
    for part in parts.values():
        body += [part, bytes(-len(part) % 64)]
    return (len(sizes) + pad).to_bytes(_COUNTS, "little") + b"".join(body)


def parted(content: memoryview) -> dict[str, memoryview]:
    """The contents that ``joined`` put together, each at a multiple of 64 bytes."""
    ends = _COUNTS + int.from_bytes(content[:_COUNTS], "little")
    found: dict[str, memoryview] = {}
    for line in bytes(content[_COUNTS:ends]).decode().split("\n"):
        name, _, size = line.partition(" ")
        if name:
            found[name] = content[ends : ends + int(size)]
            ends += -(-int(size) // 64) * 64
    return found
