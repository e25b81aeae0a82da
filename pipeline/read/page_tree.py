"""Parse a page and ask simple questions of its elements."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml.etree import LxmlError, iterwalk  # type: ignore[import-untyped]
from lxml.html import (  # type: ignore[import-untyped]
    HtmlElement,
    HTMLParser,
    document_fromstring,
)

__all__ = [
    "HtmlElement",
    "beginning_of",
    "classes_of",
    "few_attributes",
    "is_cut",
    "is_within",
    "parse",
    "short_spans",
    "text_of",
    "words_of",
]

_WORD_PARTS = re.compile(r"[a-zäöå]+|[A-ZÄÖÅ]+(?![a-zäöå])|[A-ZÄÖÅ][a-zäöå]*")
_UNPARSABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")
# What comes behind is a part of the page, as browsers show it; libxml2 puts it beside the page.
_CLOSED = re.compile(r"</(?:html|body)\s*>", re.IGNORECASE)
MOST_ATTRIBUTES = 300
_LONG_TAG = re.compile(r"""<([A-Za-z][^\s<>/"']*)(\s(?:[^<>"']|"[^"]*"|'[^']*')*+)>""")
_QUOTED = re.compile(r"""\"[^"]*"|'[^']*'""")
MOST_SPANNED = 20  # rows or columns
_SMALL = "(?:1?[0-9]|20)?"
_LONG_SPAN = re.compile(
    rf"""\b((?:row|col)span\s*=)\s*(?!"{_SMALL}"|'{_SMALL}'|{_SMALL}[\s/>])""", re.IGNORECASE
)
_SPACE = re.compile(r"\s+")
OWN_ADDRESS = ("mailto:", "tel:")
SILENT_TEXT = frozenset(("script", "style", "noscript", "template"))


def few_attributes(html: str) -> str:
    """The page without the attributes of elements that have hundreds.

    libxml2 compares each with all before it.
    """
    return _LONG_TAG.sub(_without_many, html)


def _without_many(tag: re.Match[str]) -> str:
    many = len(_QUOTED.sub("", tag[2]).split()) > MOST_ATTRIBUTES
    return f"<{tag[1]}>" if many else tag[0]


def short_spans(html: str) -> str:
    """The page with no cell of a table over more than twenty rows or columns.

    trafilatura makes a cell for each row and column that one spans.
    """
    return _LONG_SPAN.sub(rf"\g<1>{MOST_SPANNED} data-written=", html)


def parse(html: str) -> HtmlElement | None:
    """The ``<html>`` element of a page or fragment, or ``None`` when there is nothing in it."""
    text = _CLOSED.sub("", _UNPARSABLE.sub("", html))
    if not text.strip():
        return None
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        return document_fromstring(text.encode(), parser=parser)
    except (ValueError, AssertionError, SyntaxError, LxmlError):  # nothing but broken tags
        return None


def is_cut(page: HtmlElement) -> bool:
    """Whether the parser dropped a part of the page: what lies below 255 nested elements."""
    log = page.getroottree().parser.error_log
    return any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in log)


def text_of(element: HtmlElement) -> str:
    """All text below an element, white space collapsed."""
    return _SPACE.sub(" ", "".join(_texts(element))).strip()


def beginning_of(element: HtmlElement) -> str:
    """The first character of an element's text, or ""."""
    return next((text.lstrip()[0] for text in _texts(element) if text.strip()), "")


def _texts(element: HtmlElement) -> Iterator[str]:
    for event, part in iterwalk(element, events=("start", "end")):
        if event == "end":
            if part.tail and part is not element:
                yield part.tail
        elif part.text and part.tag not in SILENT_TEXT:
            yield part.text


def words_of(element: HtmlElement) -> frozenset[str]:
    """Lower-case words of an element's class and id: "share-buttons" has share and buttons."""
    names = f"{element.get('class') or ''} {element.get('id') or ''}"
    return frozenset(word.lower() for word in _WORD_PARTS.findall(names))


def classes_of(element: HtmlElement) -> frozenset[str]:
    """An element's classes."""
    return frozenset((element.get("class") or "").lower().split())


def is_within(element: HtmlElement, tags: tuple[str, ...]) -> bool:
    """Whether an ancestor has one of ``tags``."""
    return next(element.iterancestors(*tags), None) is not None
