"""All tables of one run, as sorted Parquet files in a folder: bounded memory at any size."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.tables.arrow import arrow_schema
from pipeline.tables.schema import BY_NAME, TABLES

GROUP = 50_000  # rows of a Parquet row group
TEXTS = 5_000  # the same in ``documents``, whose rows are long
BATCH = 5_000  # rows read at a time


class Tables(AbstractContextManager["Tables"]):
    """Every output table of one run; ``arrow(name)`` reads one whole, ``batches`` in pieces.

    The files live as long as the object (or until ``close``), unless they lie in ``folder``: in a
    temporary folder, made in ``scratch`` where that is given. ``remarks`` are for whoever asked for
    the tables, in words; ``mended`` says what was found damaged and made anew.
    """

    def __init__(
        self,
        folder: Path | None = None,
        *,
        scratch: Path | None = None,
        remarks: tuple[str, ...] = (),
        mended: tuple[str, ...] = (),
    ) -> None:
        self.remarks = remarks
        self.mended = mended
        self._scratch = (
            TemporaryDirectory(prefix="hankepoimuri-", dir=scratch) if folder is None else None
        )
        self.folder = Path(self._scratch.name) if self._scratch else folder or Path()

    @classmethod
    def of(cls, tables: Mapping[str, pa.Table]) -> Tables:
        """Tables held in memory; those not given are empty."""
        made = cls()
        for table in TABLES:
            given = tables.get(table.name)
            made.put(table.name, given.to_batches() if given is not None else ())
        return made

    def put(self, name: str, batches: Iterable[pa.RecordBatch]) -> None:
        """Write one table from batches that have its columns, in its order.

        Raises ``ValueError`` naming table and column when a value is missing that must not be.
        """
        schema = arrow_schema(BY_NAME[name])
        try:
            with pq.ParquetWriter(self.path(name), schema, compression="zstd") as writer:
                rows = TEXTS if name == "documents" else GROUP
                for group in _groups(batches, schema, rows):
                    writer.write_table(group, row_group_size=rows)
        except ValueError as error:
            raise ValueError(f"{name}: {error}") from error

    def path(self, name: str) -> Path:
        """The Parquet file of a table."""
        return self.folder / f"{name}.parquet"

    def arrow(self, name: str) -> pa.Table:
        """A whole table."""
        return pq.ParquetFile(self.path(name)).read()

    def batches(self, name: str, columns: list[str] | None = None) -> Iterator[pa.RecordBatch]:
        """A table in pieces of at most ``BATCH`` rows, all columns or those named."""
        file = pq.ParquetFile(self.path(name))
        yield from file.iter_batches(batch_size=BATCH, columns=columns)

    def count(self, name: str) -> int:
        """How many rows a table has."""
        return int(pq.ParquetFile(self.path(name)).metadata.num_rows)

    def counts(self) -> dict[str, int]:
        """Rows of every table."""
        return {table.name: self.count(table.name) for table in TABLES}

    def close(self) -> None:
        """Delete the files, where they are this object's own."""
        if self._scratch:
            self._scratch.cleanup()

    def __exit__(self, *_: object) -> None:
        """Delete the files, where they are this object's own."""
        self.close()


def _groups(batches: Iterable[pa.RecordBatch], schema: pa.Schema, size: int) -> Iterator[pa.Table]:
    """The same rows in tables of exactly ``size`` rows (the last one shorter), cast to schema."""
    waiting: list[pa.RecordBatch] = []
    rows = 0
    for batch in batches:
        waiting.append(batch.select(schema.names).cast(schema))
        rows += batch.num_rows
        if rows >= size:
            whole = pa.Table.from_batches(waiting).combine_chunks()
            cut = rows - rows % size
            for start in range(0, cut, size):
                yield whole.slice(start, size)
            waiting, rows = whole.slice(cut).to_batches(), rows - cut
    if rows:
        yield pa.Table.from_batches(waiting).combine_chunks()
