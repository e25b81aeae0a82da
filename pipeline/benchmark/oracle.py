"""Hashes of the records of every text at hand: a refactoring leaves them as they were.

    python -m pipeline.benchmark.oracle             # writes build/oracle.json, or compares with it
    python -m pipeline.benchmark.oracle --renew     # what changed is meant

Exits with 1 where a record differs, and names the texts and the parts of their records.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from pipeline.annotate import load_annotator
from pipeline.extract import extract
from pipeline.prepare import prepared
from pipeline.read import read_folder
from pipeline.single import checked

# The field corpus's test part is scored only: what changes in it is not looked at.
FOLDERS = (
    Path("corpus/announcements"),
    Path("corpus/field/dev/announcements"),
    Path("tests/unseen/announcements"),
)
KEPT = Path("build/oracle.json")

Hashes = Mapping[str, Mapping[str, str]]
"""For each text the hash of each part of its record."""


def hashes(folders: Iterable[Path]) -> Iterator[tuple[str, dict[str, str]]]:
    """The name of each announcement, and the hash of each part of its record."""
    annotator = load_annotator()
    for folder in folders:
        for post in read_folder(folder):
            announcement = prepared(post)
            if announcement.status == "ok":
                doc = annotator.annotate(announcement.text)
                record = msgspec.to_builtins(checked(extract(announcement, doc)))
                yield (
                    f"{folder}/{post.source}",
                    {part: _hash(value) for part, value in record.items()},
                )


def differences(before: Hashes, now: Hashes) -> list[str]:
    """What is not as it was, a line a text: ``name: part, part``."""
    lines = []
    for name in sorted(before.keys() | now.keys()):
        if name not in now or name not in before:
            lines.append(f"{name}: {'came' if name in now else 'went'}")
        elif changed := sorted(
            part
            for part in now[name].keys() | before[name].keys()
            if now[name].get(part) != before[name].get(part)
        ):
            lines.append(f"{name}: {', '.join(changed)}")
    return lines


def _hash(value: object) -> str:
    return sha256(msgspec.json.encode(value, order="deterministic")).hexdigest()[:16]


def main(
    folders: Annotated[list[Path] | None, typer.Argument(help="Folders of announcements.")] = None,
    kept: Annotated[Path, typer.Option(help="File of hashes.")] = KEPT,
    renew: Annotated[bool, typer.Option(help="Write the file anew.")] = False,
) -> None:
    """Compare the records of every text at hand with those of before."""
    now = dict(hashes(folders or FOLDERS))
    if renew or not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_bytes(msgspec.json.format(msgspec.json.encode(now), indent=1))
        typer.echo(f"{len(now)} records written to {kept}")
        return
    read = msgspec.json.decode(kept.read_bytes(), type=dict[str, dict[str, str]])
    places = tuple(f"{folder}/" for folder in folders or FOLDERS)
    lines = differences({n: of for n, of in read.items() if n.startswith(places)}, now)
    for line in lines:
        typer.echo(line)
    typer.echo(f"{len(now)} records, {len(lines)} differ")
    raise typer.Exit(1 if lines else 0)


if __name__ == "__main__":
    typer.run(main)
