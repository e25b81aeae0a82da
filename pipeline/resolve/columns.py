"""The columns of stored records, kept so that no record is flattened twice.

A *bundle* is a folder of Parquet files, one for each kind of row, with the keys of its records and
the checksums of both. It is written once and renamed into place; bundles are merged as they become
many. A bundle of which one byte is not as written counts for nothing. Everything here can be
deleted at any time: it is made again from the record store.
"""

from __future__ import annotations

import gc
import shutil
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from hashlib import file_digest
from itertools import islice
from pathlib import Path
from secrets import token_hex

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipeline.record_store import records
from pipeline.records import Record
from pipeline.resolve.database import offer
from pipeline.resolve.flatten import FLATTEN_VERSION, LOCAL, flatten, record_number
from pipeline.store import Store
from pipeline.tables.arrays import numbers

CHUNK = 2_000  # records flattened at a time, and so in one new bundle
SMALL = 1_600  # bundles of fewer records are worth merging
MANY = 8  # this many of them become one
KEYS = "keys.txt"
SUMS = "sums.txt"  # SHA-256 of each file of a bundle but this one


class Bundles:
    """The bundles in a folder: which record's columns lie where."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.prefix = f"v{FLATTEN_VERSION}-"
        self.keys: dict[str, list[str]] = {}
        self.damaged = 0  # bundles that were not as written
        for path in sorted(folder.iterdir()):
            if not path.name.startswith(self.prefix):
                _remove(path)  # of another version, or left by a killed run: a draft, a scratch
            elif (keys := _verified(path)) is None:
                self.damaged += 1
                _remove(path)
            else:
                self.keys[path.name] = keys
        self._drop_overlaps()

    def held(self) -> set[str]:
        """Keys of all records whose columns are here."""
        return {key for held in self.keys.values() for key in held}

    def prepare(self, store: Store, keys: Collection[str], *, only: bool = False) -> list[str]:
        """Make the columns of those of ``keys`` that have none yet; merge bundles as needed.

        With ``only`` no others stay. Returns the keys whose records are missing from the store, or
        damaged there.
        """
        held = self.held()
        todo = [key for key in keys if key not in held]
        stream = records(store, todo)
        done: set[str] = set()
        with _uncollected():
            while columns := self._flattened(islice(stream, CHUNK)):
                self._add(*columns)
                done.update(columns[0])
        self._merge(set(keys), only=only)
        return [key for key in todo if key not in done]

    def choose(
        self, connection: duckdb.DuckDBPyConnection, keys: Collection[str]
    ) -> tuple[list[Path], bool]:
        """The folders to read, and whether only the records in the table ``chosen`` are meant.

        That table of a scratch database (see ``database``) is made when not all are.
        """
        folders = [self.folder / name for name in sorted(self.keys)]
        if self.held() == set(keys):
            return folders, False
        recs = numbers(np.array([record_number(key) for key in keys], dtype=np.int64))
        offer(connection, "chosen", pa.Table.from_arrays([recs], names=["rec"]), "TABLE")
        return folders, True

    def keys_of(self, keys: Collection[str], wanted: Callable[[str, str], bool]) -> list[str]:
        """Those of ``keys`` whose announcement, given by id and source, is wanted."""
        recs: set[int] = set()
        for name in sorted(self.keys):
            path = self.folder / name / "documents.parquet"
            table = pq.ParquetFile(path).read(columns=["rec", "doc_id", "source"])
            for rec, doc_id, source in zip(*(c.to_pylist() for c in table.columns), strict=True):
                if wanted(doc_id, source):
                    recs.add(rec)
        return [key for key in keys if record_number(key) in recs]

    @staticmethod
    def _flattened(
        items: Iterator[tuple[str, Record]],
    ) -> tuple[list[str], dict[str, pa.Table]] | None:
        """The keys and columns of records, none of which is held; ``None`` where there are none."""
        keys: list[str] = []

        def noted() -> Iterator[tuple[str, Record]]:
            for key, record in items:
                keys.append(key)
                yield key, record

        columns = flatten(noted())
        return (keys, columns) if keys else None

    def _drop_overlaps(self) -> None:
        """Drop bundles that hold records of another one, as a killed merge leaves them."""
        seen: set[str] = set()
        for name, held in sorted(self.keys.items(), key=lambda item: (-len(item[1]), item[0])):
            if seen.isdisjoint(held):
                seen.update(held)
            else:
                del self.keys[name]
                shutil.rmtree(self.folder / name, ignore_errors=True)

    def _add(self, keys: list[str], columns: dict[str, pa.Table]) -> None:
        draft = self.folder / f"draft-{token_hex(8)}"
        draft.mkdir()
        for name, table in columns.items():
            pq.write_table(table, draft / f"{name}.parquet", compression="lz4")
        (draft / KEYS).write_text("\n".join(keys))
        (draft / SUMS).write_text(_sums(draft))
        name = f"{self.prefix}{token_hex(8)}"
        draft.rename(self.folder / name)
        self.keys[name] = keys

    def _merge(self, wanted: set[str], *, only: bool) -> None:
        """Merge small bundles when they are many; drop columns that no run wants any more.

        With ``only`` at once, otherwise once they are the greater part.
        """
        total = sum(map(len, self.keys.values()))
        stale = total - sum(key in wanted for held in self.keys.values() for key in held)
        small = [name for name, held in self.keys.items() if len(held) < SMALL]
        if 2 * stale > total:
            chosen = list(self.keys)
        elif len(small) >= MANY:
            chosen = small
        else:
            chosen = []
        if only:
            impure = [name for name, held in self.keys.items() if not wanted.issuperset(held)]
            chosen = list(dict.fromkeys([*chosen, *impure]))
        for group in _groups(chosen, self.keys, wanted):
            self._add(*self._read(group, wanted))
        for name in chosen:
            del self.keys[name]
            shutil.rmtree(self.folder / name, ignore_errors=True)

    def _read(self, bundles: list[str], wanted: set[str]) -> tuple[list[str], dict[str, pa.Table]]:
        keys = list(dict.fromkeys(k for name in bundles for k in self.keys[name] if k in wanted))
        columns: dict[str, list[pa.Table]] = {name: [] for name in LOCAL}
        seen: set[str] = set()
        for bundle in bundles:
            chosen = [key for key in self.keys[bundle] if key in wanted and key not in seen]
            seen.update(chosen)
            recs = numbers(np.array([record_number(key) for key in chosen], dtype=np.int64))
            for name in LOCAL:
                table = pq.read_table(self.folder / bundle / f"{name}.parquet")
                columns[name].append(table.filter(pc.is_in(table["rec"], recs)))
        return keys, {name: pa.concat_tables(parts) for name, parts in columns.items()}


def _sums(bundle: Path) -> str:
    """A line for each file of a bundle: its SHA-256 and its name."""
    lines = []
    for name in sorted([KEYS, *(f"{kind}.parquet" for kind in LOCAL)]):
        with (bundle / name).open("rb") as file:
            lines.append(f"{file_digest(file, 'sha256').hexdigest()}  {name}\n")
    return "".join(lines)


def _verified(bundle: Path) -> list[str] | None:
    """The keys of a bundle, ``None`` where it is not as it was written."""
    try:
        if (bundle / SUMS).read_text(encoding="ascii") != _sums(bundle):
            return None
        return (bundle / KEYS).read_text(encoding="ascii").split()
    except (OSError, ValueError):
        return None


@contextmanager
def _uncollected() -> Iterator[None]:
    """Records and their rows hold no circles: to look for any, again and again, takes longest."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def _groups(
    bundles: list[str], keys: dict[str, list[str]], wanted: set[str]
) -> Iterator[list[str]]:
    """Bundles in groups of some ``CHUNK`` records that are still wanted."""
    group: list[str] = []
    size = 0
    for bundle in bundles:
        group.append(bundle)
        size += sum(key in wanted for key in keys[bundle])
        if size >= CHUNK:
            yield group
            group, size = [], 0
    if size:
        yield group
