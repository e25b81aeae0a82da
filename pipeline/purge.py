"""Announcements taken out of the store of finished work for good: texts, annotations, records."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.ledger import Ledger
from pipeline.options import COLUMNS, LEDGER
from pipeline.records import Announcement
from pipeline.tables.publish import Held, current, drop_former_runs

MOST = 0.5  # of all announcements: when more are gone, the folder is perhaps only not there


def purge(
    ledger: Ledger, is_unwanted: Callable[[Announcement], bool], present: Iterable[str] = ()
) -> int:
    """Drop every announcement that is unwanted, whatever edition it is of; how many entries went.

    The posts ``present`` are known to stay. With what is dropped go all annotations but those of
    announcements that stay, and what cannot be read.
    """
    ledger.flush()
    posts = list(present)
    texts = {ledger.text_key(post) for post in posts}
    records = {ledger.record_key(post) for post in posts}
    texts |= set(_wanted(ledger.texts_but(texts), is_unwanted))
    records |= set(_wanted(ledger.records_but(records), is_unwanted))
    gone = ledger.keep_only(texts=texts, records=records)
    if gone:
        ledger.keep_annotations()
    return gone


def _wanted(
    found: Iterable[tuple[str, Announcement | None]], is_unwanted: Callable[[Announcement], bool]
) -> Iterator[str]:
    for key, announcement in found:
        if announcement is not None and not is_unwanted(announcement):
            yield key


def prune(
    held: Held, ledger: Ledger, posts: Iterable[str], before: set[str], asked: bool | None
) -> tuple[str, ...]:
    """Drop what is stored of announcements that were in the tables before and are no more.

    ``posts`` are those that are there; ``asked`` is whether to, ``None`` where nobody said: then
    nothing is dropped when more than half of the announcements are gone, for their folder may only
    not be there today. Returns what there is to say.
    """
    now = announcements_in(current(held.folder))
    if asked is False or (asked is None and not before - now):
        return ()
    if asked is None and len(now) < MOST * len(before):
        return (
            "more than half of the announcements are gone; what is stored of them is kept "
            "(hankepoimuri prune drops it)",
        )
    purge(ledger, lambda post: post.doc_id not in now, posts)
    if asked:  # resolving has dropped these columns where it had anything to do
        shutil.rmtree(held.folder / LEDGER / COLUMNS, ignore_errors=True)
    drop_former_runs(held)
    return ()


def announcements_in(run: Path) -> set[str]:
    """Ids of the announcements in the tables of a run's folder; none where they are damaged."""
    path = run / "tables" / "documents.parquet"
    try:
        return set(pq.ParquetFile(path).read(["doc_id"])["doc_id"].to_pylist())
    except (OSError, pa.ArrowException):
        return set()
