"""Files at an fsspec address, listed and fetched as those of a folder are."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import Any

from pipeline.addresses import opened
from pipeline.errors import AddressUnusable, InputMissing
from pipeline.limits import DEFAULT, Limits
from pipeline.read.folder import InputFile, TooLarge, file_bytes, is_input, with_own_sources
from pipeline.records import Unreadable

AHEAD = 16  # files fetched at once, where the file system allows it
# What object stores call a name that changes with a file's content. Times of change don't count:
# two edits within one tick have the same.
VERSIONS = ("ETag", "etag", "md5Hash", "content_md5", "crc32c", "sha", "sha256", "generation")


def list_remote(address: str) -> list[InputFile]:
    """Every file below an address that a reader knows, in the order of their sources.

    Raises ``InputMissing`` when there is no folder, ``AddressUnusable`` when nobody answers.
    """
    system, root = opened(address)
    try:
        system.invalidate_cache()
        if not system.isdir(root):
            raise InputMissing(address)
        found: Mapping[str, Mapping[str, Any]] = system.find(root, detail=True)
    except InputMissing:
        raise
    except FileNotFoundError as error:
        raise InputMissing(address) from error
    except Exception as error:  # each file system has errors of its own
        raise AddressUnusable(address, str(error) or type(error).__name__) from error
    files = []
    for name, info in found.items():
        source = _source(name, root)
        *folders, last = source.split("/")
        if is_input(last) and not any(folder.startswith(".") for folder in folders):
            file = InputFile(
                source=source,
                fetch=partial(_fetched, system, name, info.get("size")),
                version=_version(info),
                beside=bool(system.async_impl),
            )
            files.append(file)
    return with_own_sources(sorted(files, key=lambda file: file.source))


def _fetched(system: Any, name: str, size: object, most: int) -> bytes:
    if isinstance(size, int) and size > most:
        raise TooLarge(size, most)
    raw: bytes = system.cat_file(name)
    return raw


def contents(
    files: Iterable[InputFile], limits: Limits = DEFAULT
) -> Iterator[tuple[InputFile, bytes | Unreadable]]:
    """What each file holds, or why it cannot be opened; in order, a few fetched ahead."""
    threads = ThreadPoolExecutor(AHEAD)
    waiting: deque[tuple[InputFile, Future[bytes | Unreadable]]] = deque()
    try:
        for file in files:
            if file.beside:
                waiting.append((file, threads.submit(file_bytes, file, limits)))
                if len(waiting) >= AHEAD:
                    first, fetched = waiting.popleft()
                    yield first, fetched.result()
            else:
                yield file, file_bytes(file, limits)
        for last, fetched in waiting:
            yield last, fetched.result()
    finally:
        threads.shutdown(wait=False, cancel_futures=True)


def _source(name: str, root: str) -> str:
    """The path below the root, as ``folder`` writes it."""
    below = name.removeprefix(root.rstrip("/")).lstrip("/")
    return below.encode("utf-8", errors="backslashreplace").decode("utf-8")


def _version(info: Mapping[str, Any]) -> str | None:
    said = [f"{name}={info[name]}" for name in VERSIONS if info.get(name)]
    return " ".join([*said, f"size={info.get('size')}"]) if said else None
