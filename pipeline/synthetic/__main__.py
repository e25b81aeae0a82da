"""Writes synthetic announcements as files: ``python -m pipeline.synthetic --help``."""

from __future__ import annotations

import argparse
from pathlib import Path

from pipeline.synthetic.compose import compose

FOLDER_SIZE = 1000


def write_corpus(folder: Path, count: int, seed: int = 0) -> None:
    """Write ``count`` announcements as ``folder/<thousand>/<number>.txt``; what is there stays."""
    for number in range(count):
        path = folder / f"{number // FOLDER_SIZE:05}" / f"{number:08}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(compose(seed, number), encoding="utf-8")


def main() -> None:
    """Read the options and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, required=True, help="folder to write to")
    parser.add_argument("--count", type=int, default=1000, help="how many (default: 1000)")
    parser.add_argument("--seed", type=int, default=0, help="another seed, another corpus")
    options = parser.parse_args()
    write_corpus(options.output, options.count, options.seed)
    print(f"{options.count} announcements in {options.output}")


if __name__ == "__main__":
    main()
