"""Measure the nominatives: ``python -m pipeline.names tests/cases/names_inflected.csv``."""

from __future__ import annotations

import csv
import sys
from collections import Counter
from pathlib import Path
from typing import get_args

from pipeline.names.candidates import Kind
from pipeline.names.phrase import nominative


def measure(cases: Path) -> dict[tuple[str, str], tuple[int, int]]:
    """(right, all) by (half, kind) over the rows that no gazetteer lists.

    ``cases`` is a CSV with the columns inflected, nominative, kind, half, listed.
    """
    lines = cases.read_text(encoding="utf-8").splitlines()
    right: Counter[tuple[str, str]] = Counter()
    total: Counter[tuple[str, str]] = Counter()
    for row in csv.DictReader(line for line in lines if not line.startswith("#")):
        kind: Kind = next(k for k in get_args(Kind) if k == row["kind"])
        if row["listed"] == "yes":
            continue
        key = row["half"], kind
        total[key] += 1
        right[key] += nominative(row["inflected"], kind) == row["nominative"]
    return {key: (right[key], total[key]) for key in total}


def main() -> None:
    """Print the accuracy of each half, by kind of name and over all."""
    figures = measure(Path(sys.argv[1]))
    for half in ("dev", "held"):
        mine = {kind: pair for (h, kind), pair in figures.items() if h == half}
        for kind, (right, total) in sorted(mine.items()):
            print(f"{half:5} {kind:13} {right:4} of {total:4}  {right / total:.3f}")
        right, total = (sum(pair[i] for pair in mine.values()) for i in (0, 1))
        print(f"{half:5} {'all':13} {right:4} of {total:4}  {right / total:.3f}")


if __name__ == "__main__":
    main()
