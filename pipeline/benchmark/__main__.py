"""``python -m pipeline.benchmark``: measures, prints, writes ``BENCHMARKS.md`` and ``.json``."""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from pipeline.benchmark.measure import QUICK, Sizes, measure
from pipeline.benchmark.report import page


def main() -> None:
    """Read the options and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, default=Path(), help="folder to write to")
    parser.add_argument("--quick", action="store_true", help="tiny sizes: does it work at all")
    parser.add_argument("--sizes", help="other sizes: field=60,pairs=1,large=1000 …")
    options = parser.parse_args()
    sizes = QUICK if options.quick else Sizes()
    if options.sizes:
        named = (part.partition("=") for part in options.sizes.split(","))
        sizes = replace(sizes, **{name: int(size) for name, _, size in named})
    with TemporaryDirectory(prefix="hankepoimuri-") as place:
        figures = measure(
            Path(place),
            sizes,
            lambda what: print(f"… {what}", file=sys.stderr),
        )
    text = page(figures)
    print(text)
    encoded = msgspec.json.format(msgspec.json.encode(figures), indent=2)
    options.output.mkdir(parents=True, exist_ok=True)
    (options.output / "BENCHMARKS.md").write_text(text, encoding="utf-8")
    (options.output / "BENCHMARKS.json").write_bytes(encoded + b"\n")


if __name__ == "__main__":
    main()
