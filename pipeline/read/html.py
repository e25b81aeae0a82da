"""HTML pages: one page is one post, its main text without the page's furniture."""

from __future__ import annotations

import re
from hashlib import sha256

from pipeline.read.decode import NotText, decode, without_surrogates
from pipeline.read.page_blocks import Block, joined
from pipeline.read.page_main import fragment_blocks, main_blocks
from pipeline.read.page_metadata import metadata
from pipeline.read.page_tree import HtmlElement, few_attributes, is_cut, parse, text_of
from pipeline.records import Post

TOO_DEEP = "left out: what stands in more than 255 nested elements, and after it"
_MARKUP = re.compile(r"</(?:p|div|li|h[1-6]|td|span|strong|a)\s*>|<br\s*/?>|<!doctype html", re.I)
_PAGE = re.compile(r"<(?:!doctype\s+html|html|head|body)[\s>]", re.IGNORECASE)


def read_html(source: str, raw: bytes) -> Post:
    """The post of a page. Raises ``NotText``, also when the page holds no text."""
    text, encoding = decode(raw)
    raw_sha256 = sha256(raw).hexdigest()
    text = few_attributes(text)
    page = parse(text)
    if page is None:
        return Post(source=source, raw_sha256=raw_sha256, text="", encoding=encoding)
    blocks = main_blocks(page, text)
    if not blocks:
        why = remark(page) or "perhaps a script fills it in a browser"
        raise NotText(f"the page holds no readable text; {why}")
    stated = metadata(page, [block.element for block in blocks])
    return Post(
        source=source,
        raw_sha256=raw_sha256,
        text=_with_title(without_surrogates(joined(blocks)), stated.title, blocks, page),
        encoding=encoding,
        title=stated.title,
        url=_own_url(page),
        published=stated.published,
        updated=stated.updated,
        remark=remark(page),
    )


def remark(page: HtmlElement) -> str | None:
    """What of a page could not be read, in words."""
    return TOO_DEEP if is_cut(page) else None


def page_text(html: str) -> str:
    """Text of a page or of a fragment of one, as a feed holds it."""
    return page_read(html)[0]


def page_read(html: str) -> tuple[str, str | None]:
    """Text of a page or of a fragment of one, and what of it could not be read."""
    html = few_attributes(html)
    page = parse(html)
    if page is None:
        return "", None
    blocks = main_blocks(page, html) if _PAGE.search(html) else fragment_blocks(page)
    return without_surrogates(joined(blocks)), remark(page)


def looks_like_html(text: str) -> bool:
    """Whether text holds markup, not just a "<" or two."""
    return len(_MARKUP.findall(text)) > 1


def _with_title(text: str, title: str | None, blocks: list[Block], page: HtmlElement) -> str:
    """The text with its title in front where the page shows it outside the main text."""
    if title is None or any(title in block.text for block in blocks):
        return text
    if not any(text_of(heading) == title for heading in page.iter("h1")):
        return text
    return f"{title}\n\n{text}"


def _own_url(page: HtmlElement) -> str | None:
    for element in page.iter("link"):
        if (element.get("rel") or "").lower() == "canonical" and element.get("href"):
            return str(element.get("href")).strip() or None
    return None
