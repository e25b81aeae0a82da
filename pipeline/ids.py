"""Ids derived from content: the same content gives the same id in every run, in any order."""

from __future__ import annotations

from hashlib import sha256

SEPARATOR = "\x1f"
ABSENT = "\x00"
DIGITS = 16


def content_id(prefix: str, *parts: object) -> str:
    """``prefix-`` and the first 16 hexadecimal digits of the SHA-256 of ``parts``.

    ``None`` counts as a part of its own, so that ``("a", None)`` and ``("a", "")`` differ.
    """
    text = SEPARATOR.join([ABSENT if part is None else str(part) for part in parts])
    return f"{prefix}-{sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()[:DIGITS]}"


def document_id(source: str, raw_sha256: str) -> str:
    """Id of an announcement: where it lies and the bytes it is made of."""
    text = f"{source}\x00{raw_sha256}"
    return f"d-{sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()[:DIGITS]}"


def fact_id(prefix: str, doc_id: str, *parts: object) -> str:
    """Id of something read in an announcement: eight digits of ``doc_id``, twelve of ``parts``.

    Ids of one announcement begin alike, so that indexes keep them together.
    """
    return f"{prefix}-{doc_id[2:10]}{content_id('', doc_id, *parts)[1:13]}"
