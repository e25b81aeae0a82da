"""How large an announcement may be, and how long it may take: what is beyond becomes ``failed``."""

from __future__ import annotations

import msgspec

MEGABYTE = 1_000_000


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """Limits of one announcement and of one feed, whoever works and however many.

    ``announcement_bytes`` bounds a file of one announcement and a row of a feed, ``feed_bytes`` a
    feed's file, which is held in memory whole, several times over. ``seconds`` is how long an
    announcement may take at each of two steps, reading and extracting; loading the models is not
    counted.
    """

    announcement_bytes: int = 4 * MEGABYTE
    feed_bytes: int = 1_000 * MEGABYTE
    seconds: float = 120.0


DEFAULT = Limits()


def too_large(size: int | None, limit: int) -> str:
    """Why something of so many bytes, ``None`` where nobody counted, is not read, in words."""
    said = "more" if size is None else megabytes(size)
    return f"too large: {said} where {megabytes(limit)} are allowed"


def megabytes(size: int) -> str:
    """A size in megabytes, short ones with three decimals."""
    return f"{size / MEGABYTE:,.3f}".rstrip("0").rstrip(".").replace(",", " ") + " MB"
