"""What one run is asked to do."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pipeline.limits import DEFAULT, Limits

LEDGER = ".store"  # in the output folder: finished work, where no other store is named
COLUMNS = "columns"  # in it: the columns of records, always beside the outputs


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What one run is asked to do.

    ``input`` is a folder or its fsspec address, ``output`` a folder. ``workers`` processes extract
    at once, ``None`` for one on each core; 0 has this process do it, which an announcement that
    crashes takes down. ``scheduler`` is the address of a Dask scheduler whose
    workers extract instead. ``store`` is where finished work is kept: a folder or any fsspec
    address, by default a hidden folder of ``output``. ``corrections`` is a file of what people
    decided, or a folder of such files (``resolve.read_corrections``). ``columns`` are other names
    of a feed's columns, ``(theirs, ours)``. ``report`` is whether pages are written, ``register`` a
    CSV file of a register's projects (``resolve.read_register``). An announcement beyond the
    ``limits`` of size or time is ``failed``. ``fresh`` writes outputs of which no byte comes from
    those before.
    ``prune`` says whether what is stored of announcements that are gone goes too, at once;
    ``None``: yes, unless others share the ``store``, or more than half are gone. With
    ``without_people`` the tables hold pseudonyms in place of people.
    """

    input: Path | str
    output: Path
    workers: int | None = None
    scheduler: str | None = None
    store: str | None = None
    corrections: Path | None = None
    columns: tuple[tuple[str, str], ...] = ()
    report: bool = True
    register: Path | None = None
    limits: Limits = DEFAULT
    fresh: bool = False
    prune: bool | None = None
    without_people: bool = False

    @property
    def prunes(self) -> bool | None:
        """Whether to prune; ``None`` for what is safe."""
        return False if self.prune is None and self.store is not None else self.prune
