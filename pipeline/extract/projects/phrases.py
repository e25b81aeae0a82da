"""A run of words that may be a project's name."""

from __future__ import annotations

import msgspec


class Phrase(msgspec.Struct, frozen=True):
    """Tokens ``first`` to ``after`` (exclusive) of a document; ``opens`` a sentence or not."""

    start: int
    end: int
    first: int
    after: int
    opens: bool
    heading: bool
