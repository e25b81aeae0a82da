"""Plain text files: the whole file is one post."""

from __future__ import annotations

from hashlib import sha256

from pipeline.read.decode import decode
from pipeline.records import Post


def read_text(source: str, raw: bytes) -> Post:
    """The post of a text file. Raises ``NotText``."""
    text, encoding = decode(raw)
    return Post(source=source, raw_sha256=sha256(raw).hexdigest(), text=text, encoding=encoding)
