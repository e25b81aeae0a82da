"""Whether outputs are as they were written: ``SHA256SUMS`` names every file, as sha256sum does."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from hashlib import file_digest
from pathlib import Path

from pipeline.tables.publish import CURRENT, current

SUMS = "SHA256SUMS"


def write_sums(folder: Path) -> None:
    """Write the checksums of all that lies in a run's folder."""
    (folder / SUMS).write_text(_sums(folder, _files(folder)), encoding="utf-8")


def are_intact(out: Path) -> bool:
    """Whether every output is there, under its name, with the bytes it was written with."""
    folder = current(out)
    if folder == out:
        return False
    try:
        stated = (folder / SUMS).read_text(encoding="utf-8")
        files = _files(folder)
        names = {path.relative_to(folder).parts[0] for path in (*files, folder / SUMS)}
        if any(not _is_link(out / name) for name in names):
            return False
        return stated == _sums(folder, files)
    except (OSError, ValueError):
        return False


def is_as_written(out: Path, name: str) -> bool:
    """Whether one output has the bytes that the list of checksums says; not where it is gone."""
    folder = current(out)
    try:
        stated = (folder / SUMS).read_text(encoding="utf-8").splitlines()
        return f"{_digest(folder / name)}  {name}" in stated
    except (OSError, ValueError):
        return False


def _is_link(place: Path) -> bool:
    """Whether an output is the link into the run that counts, as it was made."""
    return place.is_symlink() and place.readlink() == Path(CURRENT) / place.name


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file() and path.name != SUMS)


def _sums(folder: Path, files: Iterable[Path]) -> str:
    with ThreadPoolExecutor(2) as beside:  # hashing lets other threads run
        listed = list(files)
        digests = list(beside.map(_digest, listed))
    return "".join(
        f"{digest}  {path.relative_to(folder).as_posix()}\n"
        for path, digest in zip(listed, digests, strict=True)
    )


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()
