"""Plain text files: the whole file is one post."""

from __future__ import annotations

import re
from hashlib import sha256

from pipeline.read.decode import decode
from pipeline.read.html import read_html
from pipeline.records import Post

_PAGE = re.compile(r"\s*(?:<\?xml[^>]*>\s*)?<(?:!doctype\s+html|html)[\s>]", re.IGNORECASE)


def read_text(source: str, raw: bytes) -> Post:
    """The post of a text file, or of a page that was saved as one. Raises ``NotText``."""
    text, encoding = decode(raw)
    if _PAGE.match(text):
        return read_html(source, raw)
    return Post(source=source, raw_sha256=sha256(raw).hexdigest(), text=text, encoding=encoding)
