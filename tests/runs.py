"""Runs for tests: texts to run on, a run in this process, what it wrote."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from pipeline.options import Options
from pipeline.run import run
from pipeline.summary import Report
from pipeline.synthetic import compose

TEXTS = [compose(5, number) for number in range(8)]


def write(folder: Path, texts: dict[str, str]) -> Path:
    """The folder with these texts as its only files."""
    folder.mkdir(parents=True, exist_ok=True)
    for path in folder.iterdir():
        path.unlink()
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def numbered(texts: list[str]) -> dict[str, str]:
    """Texts by names of files."""
    return {f"{number}.txt": text for number, text in enumerate(texts)}


def run_on(folder: Path | str, output: Path, **options: Any) -> Report:
    """A run in this process."""
    return run(Options(input=folder, output=output, **{"workers": 0, **options}))


def table_bytes(output: Path) -> dict[str, bytes]:
    """Every file of tables."""
    return {path.name: path.read_bytes() for path in sorted((output / "tables").iterdir())}


def rows(output: Path, table: str = "documents") -> dict[str, dict[str, Any]]:
    """Rows of a table by the announcement's source."""
    read = pq.read_table(output / "tables" / f"{table}.parquet").to_pylist()
    return {row["source"]: row for row in read}
