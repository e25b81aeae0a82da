"""Text files: the whole file is one post, but for the front matter of Markdown."""

from __future__ import annotations

import re
from hashlib import sha256

from pipeline.read.decode import decode
from pipeline.read.front_matter import read_front_matter
from pipeline.read.html import read_html
from pipeline.read.kinds import MARKDOWN, suffix
from pipeline.records import Post

_PAGE = re.compile(r"\s*(?:<\?xml[^>]*>\s*)?<(?:!doctype\s+html|html)[\s>]", re.IGNORECASE)


def read_text(source: str, raw: bytes) -> Post:
    """The post of a text file, or of a page that was saved as one. Raises ``NotText``."""
    text, encoding = decode(raw)
    if _PAGE.match(text):
        return read_html(source, raw)
    digest = sha256(raw).hexdigest()
    if suffix(source) not in MARKDOWN:
        return Post(source=source, raw_sha256=digest, text=text, encoding=encoding)
    stated = read_front_matter(text)
    return Post(source=source, raw_sha256=digest, encoding=encoding, **stated._asdict())
