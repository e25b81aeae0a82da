"""Parse a page and ask simple questions of its elements."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml.html import (  # type: ignore[import-untyped]
    HtmlElement,
    HTMLParser,
    document_fromstring,
)

__all__ = [
    "HtmlElement",
    "classes_of",
    "first_heading",
    "is_within",
    "link_share",
    "parse",
    "text_of",
    "words_of",
]

_WORD_PARTS = re.compile(r"[a-zäöå]+|[A-ZÄÖÅ]+(?![a-zäöå])|[A-ZÄÖÅ][a-zäöå]*")
_UNPARSABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")
_SPACE = re.compile(r"\s+")
_OWN_ADDRESS = ("mailto:", "tel:")


def parse(html: str) -> HtmlElement | None:
    """The ``<html>`` element of a page or fragment, or ``None`` when there is nothing in it."""
    text = _UNPARSABLE.sub("", html)
    if not text.strip():
        return None
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        return document_fromstring(text.encode(), parser=parser)
    except (ValueError, AssertionError, SyntaxError):  # ParserError is a SyntaxError of lxml's
        return None


def text_of(element: HtmlElement) -> str:
    """All text below an element, white space collapsed."""
    return _SPACE.sub(" ", "".join(_texts(element))).strip()


def _texts(element: HtmlElement) -> Iterator[str]:
    for part in element.iter():
        silent = part.tag in ("script", "style", "noscript", "template")
        if part.text and not silent:
            yield part.text
        if part.tail and part is not element:
            yield part.tail


def words_of(element: HtmlElement) -> frozenset[str]:
    """Lower-case words of an element's class and id: "share-buttons" has share and buttons."""
    names = f"{element.get('class') or ''} {element.get('id') or ''}"
    return frozenset(word.lower() for word in _WORD_PARTS.findall(names))


def classes_of(element: HtmlElement) -> frozenset[str]:
    """An element's classes."""
    return frozenset((element.get("class") or "").lower().split())


def link_share(element: HtmlElement) -> float:
    """Share of an element's text that links elsewhere; a person's own address is no such link."""
    whole = len(text_of(element))
    linked = sum(
        len(text_of(link))
        for link in element.iter("a")
        if not (link.get("href") or "").strip().lower().startswith(_OWN_ADDRESS)
    )
    return linked / whole if whole else 0.0


def first_heading(element: HtmlElement) -> str:
    """Text of the first heading below an element, or ""."""
    for part in element.iter("h1", "h2", "h3", "h4", "h5", "h6"):
        return text_of(part)
    return ""


def is_within(element: HtmlElement, tags: tuple[str, ...]) -> bool:
    """Whether an ancestor has one of ``tags``."""
    return next(element.iterancestors(*tags), None) is not None
