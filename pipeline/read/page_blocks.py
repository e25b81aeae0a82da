"""A page's tree to blocks of text: headings, paragraphs, list items, "label: value" lines.

trafilatura tells which part of a page is its main text, but leaves out dates, tables of facts,
definition lists and contacts now and then. So the text is rendered here, in the page's order.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from math import inf
from typing import Literal

from pipeline.lexicon import settings
from pipeline.read.page_facts import definition_lines, is_label, labelled, table_lines
from pipeline.read.page_furniture import Skip
from pipeline.read.page_tree import HtmlElement, beginning_of, text_of

Kind = Literal["heading", "item", "row", "text"]

_BLOCK_TAGS = (
    "address article aside blockquote body center dd details dialog div dl dt fieldset figcaption "
    "figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main nav ol p pre "
    "section summary table tbody td tfoot th thead tr ul"
)
_BLOCKS = frozenset(_BLOCK_TAGS.split())
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_SILENT_TAGS = (
    "script style noscript template svg math canvas img picture video audio iframe object "
    "embed input select option textarea button head title meta link map datalist"
)
_SILENT = frozenset(_SILENT_TAGS.split())
_BREAK = "\v"  # stands for <br> until white space is collapsed
_SPACE = re.compile(r"[ \t\r\n\f]+")
_BREAKS = re.compile(rf" ?{_BREAK}[ {_BREAK}]*")
_JOINED_KINDS = frozenset(("item", "row"))
_LONGEST_FIELD = 300  # characters of a labelled field that still goes on one line
# What is looked at to see whether a value or a cell is short, which must not take long itself.
_SHORT_TEXT, _SHORT_ELEMENTS = 600, 500
_DEEPEST = 8  # facts within facts; further in, tables only lay out


@dataclass(frozen=True)
class Block:
    """Text that stands by itself on a page; ``element`` is what it was found in."""

    text: str
    kind: Kind
    element: HtmlElement


def render(element: HtmlElement, skip: Skip) -> list[Block]:
    """Blocks of the text below ``element`` in the page's order, without what ``skip`` names."""
    return _rendered(element, _Page(skip))


def _rendered(element: HtmlElement, page: _Page) -> list[Block]:
    page.visit(element, "text")
    page.flush(element, "text")
    return page.blocks


def joined(blocks: list[Block]) -> str:
    """Blocks as text: a blank line between them, none between items or rows of one list."""
    parts: list[str] = []
    for before, block in zip([None, *blocks], blocks, strict=False):
        if before is not None:
            parts.append("\n" if _are_neighbours(before, block) else "\n\n")
        parts.append(block.text)
    return "".join(parts)


def _are_neighbours(one: Block, other: Block) -> bool:
    return (
        one.kind == other.kind
        and one.kind in _JOINED_KINDS
        and _list_of(one.element) is _list_of(other.element)
    )


def _list_of(element: HtmlElement) -> HtmlElement | None:
    return (
        element if element.tag in ("table", "dl") else next(element.iterancestors("ul", "ol"), None)
    )


class _TooLong(Exception):
    """What was to be short is not."""


@dataclass
class _Page:
    """The blocks so far and the inline text of the one that is open.

    Values and cells are rendered apart, ``level`` deep, each once for the whole page: ``whole``
    and ``short`` hold their lines. ``text`` and ``elements`` are what may still come, if limited.
    """

    skip: Skip
    whole: dict[HtmlElement, list[str]] = field(default_factory=dict)
    short: dict[HtmlElement, list[str] | None] = field(default_factory=dict)
    level: int = 0
    text: float = inf
    elements: float = inf
    blocks: list[Block] = field(default_factory=list)
    open: list[str] = field(default_factory=list)

    def flush(self, element: HtmlElement, kind: Kind) -> None:
        text = _tidy("".join(self.open))
        self.open = []
        if element.tag == "figcaption":
            text = _credit().sub("", text).rstrip()
        if text:
            self.blocks.append(Block(text, kind, element))

    def write(self, text: str | None) -> None:
        """Add inline text. Raises ``_TooLong``."""
        if text:
            self.open.append(text)
            if self.text < inf:
                self.text -= len(text.strip())
                if self.text < 0:
                    raise _TooLong

    def visit(self, element: HtmlElement, kind: Kind) -> None:
        """Add what an element holds. Raises ``_TooLong``."""
        self.elements -= 1
        if self.elements < 0:
            raise _TooLong
        tag = element.tag
        if not isinstance(tag, str) or self.skip(element):
            return
        if tag in _SILENT and not (tag == "button" and kind == "heading"):
            return
        if tag == "br":
            self.write(_BREAK)
            return
        if tag in ("table", "dl"):
            self.flush(element, kind)
            if self._facts(element):
                return
        is_block = tag in _BLOCKS
        if is_block:
            self.flush(element, kind)
            kind = "heading" if tag in _HEADINGS else "item" if tag == "li" else kind
        if element.get("data-cfemail"):
            self.write(_unhidden(element.get("data-cfemail")))
        elif tag == "pre":
            self.write((element.text_content() or "").replace("\n", _BREAK))
        else:
            self._content(element, kind)
        if is_block:
            self.flush(element, kind)

    def _content(self, element: HtmlElement, kind: Kind) -> None:
        quote = "”" if element.tag == "q" else ""
        self.write(quote)
        self.write(element.text)
        children = list(element)
        labels = [number for number, child in enumerate(children) if is_label(child)]
        for number, child in enumerate(children):
            # Only the last label of an element can be one of a field: what follows is its value.
            if number in labels[-1:] and self._field(child, children[number + 1 :]):
                return
            self._space_before(child)
            self.visit(child, kind)
            self.write(child.tail)
        self.write(_address(element))
        self.write(quote)

    def _space_before(self, child: HtmlElement) -> None:
        """Part "Uutinen" and "24.5.2023" of two inline elements with nothing between them."""
        last = self.open[-1][-1] if self.open else ""
        previous = child.getprevious()
        if previous is None or previous.tail or not (last.islower() or last.isdigit()):
            return
        after = beginning_of(child)
        if after.isalpha() if last.isdigit() else after.isupper() or after.isdigit():
            self.write(" ")

    def _facts(self, element: HtmlElement) -> bool:
        if self.level >= _DEEPEST:
            return False
        lines = (
            definition_lines(element, self._lines)
            if element.tag == "dl"
            else table_lines(element, self._lines, self._short_lines)
        )
        if lines is None:
            return False
        for line in lines:
            self._add(Block(line, "row", element))
        return True

    def _add(self, block: Block) -> None:
        self.blocks.append(block)
        self.text -= len(block.text)
        if self.text < 0:
            raise _TooLong

    def _lines(self, element: HtmlElement) -> list[str]:
        if element not in self.whole:
            self.whole[element] = _lines(_rendered(element, self._apart()))
        return self.whole[element]

    def _short_lines(self, element: HtmlElement) -> list[str] | None:
        """The lines of an element, ``None`` where they are more than a short text."""
        if element not in self.short:
            page = self._apart(text=_SHORT_TEXT, elements=_SHORT_ELEMENTS)
            try:
                self.short[element] = _lines(_rendered(element, page))
            except _TooLong:
                self.short[element] = None
        return self.short[element]

    def _apart(self, text: float = inf, elements: float = inf) -> _Page:
        return _Page(self.skip, self.whole, self.short, self.level + 1, text, elements)

    def _field(self, label: HtmlElement, values: list[HtmlElement]) -> bool:
        """Whether a label and the elements after it make one line; then it is written."""
        if self.level >= _DEEPEST or self.skip(label):
            return False
        lines: list[str] = []
        left = _LONGEST_FIELD
        for value in values:
            found = self._short_lines(value)
            if found is None:
                return False
            lines += found
            left -= sum(map(len, found))
            if left < 0:
                return False
        name = text_of(label)
        if not lines or not name:
            return False
        self.flush(label, "text")
        self._add(Block(labelled(name, lines), "row", label))
        return True


def _lines(blocks: list[Block]) -> list[str]:
    return [line for block in blocks for line in block.text.split("\n") if line]


def _tidy(text: str) -> str:
    """Collapse white space; a line break stays one, several make a blank line."""
    lines = _BREAKS.sub(
        lambda match: "\n\n" if match.group().count(_BREAK) > 1 else "\n", _SPACE.sub(" ", text)
    )
    return "\n".join(line.strip(" ") for line in lines.strip().split("\n"))


@cache
def _credit() -> re.Pattern[str]:
    """Who took the picture, at the end of its caption: ``Kuva: Maija Mallikas``."""
    words = "|".join(settings("page_furniture")["credits"])
    return re.compile(rf"\s*\(?(?<!\w)(?:{words})\s*[:/].*$", re.IGNORECASE | re.DOTALL)


def _address(element: HtmlElement) -> str:
    """An address that a link holds but does not show: " (matti.malli@kunta.fi)"."""
    scheme, _, address = (element.get("href") or "").partition(":")
    address = address.split("?")[0].strip()
    if scheme.lower() != "mailto" or "@" not in address:
        return ""
    shown = text_of(element)
    if "@" not in shown and "at)" not in shown:
        return f" ({address})"
    return ""


def _unhidden(hexadecimal: str) -> str:
    """An address that Cloudflare hides from robots; its first byte is the key."""
    try:
        key, *codes = bytes.fromhex(hexadecimal)
        return bytes(code ^ key for code in codes).decode("utf-8")
    except ValueError:
        return ""
