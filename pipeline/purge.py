"""Announcements taken out of the store of finished work for good: texts, annotations, records."""

from __future__ import annotations

from collections.abc import Callable

from pipeline.ledger import Ledger
from pipeline.records import Announcement


def purge(ledger: Ledger, is_unwanted: Callable[[Announcement], bool]) -> int:
    """Drop every announcement that is unwanted, whatever edition it is of; how many entries went.

    With it go all annotations but those of announcements that stay. What cannot be read goes too.
    """
    ledger.flush()
    texts, records = ledger.all_texts(), ledger.all_records()
    kept_texts: set[str] = set()
    kept_records: set[str] = set()
    annotations: set[str] = set()
    for found, kept in ((texts, kept_texts), (records, kept_records)):
        for key, announcement in found:
            if announcement is not None and not is_unwanted(announcement):
                kept.add(key)
                annotations.add(ledger.annotation_key(announcement.text))
    return ledger.keep_only(texts=kept_texts, records=kept_records, annotations=annotations)
