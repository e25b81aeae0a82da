"""RSS and Atom files: each entry is a post."""

from __future__ import annotations

import io
from collections.abc import Iterator
from sys import maxsize

from pipeline.read.decode import LeftOut, decode
from pipeline.read.feeds import BadRow, FeedRow, Row, feed_posts
from pipeline.records import Unreadable


def news_rows(source: str, raw: bytes, most: int = maxsize) -> Iterator[FeedRow | Unreadable]:
    """The entries of a feed as rows. Raises ``NotText``, ``LeftOut`` where XML holds no feed.

    An entry of more than ``most`` characters is none.
    """
    _, encoding = decode(raw)
    return feed_posts(source, encoding, _entries(raw), most)


def _entries(raw: bytes) -> Iterator[tuple[int, Row | BadRow]]:
    import feedparser

    # As a stream: what looks like an address would be fetched.
    parsed = feedparser.parse(io.BytesIO(raw))
    if not parsed.version:
        raise LeftOut("not read: XML that is neither RSS nor Atom")
    for number, entry in enumerate(parsed.entries, start=1):
        bodies = [body.get("value") for body in entry.get("content", ())]
        body = max(
            (text for text in (*bodies, entry.get("summary")) if text), key=len, default=None
        )
        row = {
            "id": entry.get("id") or entry.get("link"),
            "url": entry.get("link"),
            "title": entry.get("title"),
            "published": entry.get("published"),
            "updated": dict(entry).get("updated"),  # ``entry`` would give the other date instead
            "html": body or entry.get("title"),
        }
        yield number, {name: cell for name, cell in row.items() if cell}
