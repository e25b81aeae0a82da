"""Writes the pages of some languages of a run's folder; ``write`` calls it for large runs."""

from __future__ import annotations

import sys
from pathlib import Path

from pipeline.report.write import write_language

if __name__ == "__main__":
    write_language(Path(sys.argv[1]), *sys.argv[2:])
