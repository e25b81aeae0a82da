"""Writes one language's pages below a run's folder; ``write`` calls it for large runs."""

from __future__ import annotations

import sys
from pathlib import Path

from pipeline.report.write import write_language

if __name__ == "__main__":
    run, language, *before = sys.argv[1:]
    write_language(Path(run), language, earlier=Path(before[0]) if before else None)
