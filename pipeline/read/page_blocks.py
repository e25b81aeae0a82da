"""A page's tree to blocks of text: headings, paragraphs, list items, "label: value" lines.

trafilatura tells which part of a page is its main text, but leaves out dates, tables of facts,
definition lists and contacts now and then. So the text is rendered here, in the page's order.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from typing import Literal

from pipeline.lexicon import settings
from pipeline.read.page_facts import definition_lines, is_label, labelled, table_lines
from pipeline.read.page_furniture import Skip
from pipeline.read.page_tree import HtmlElement, text_of

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


@dataclass(frozen=True)
class Block:
    """Text that stands by itself on a page; ``element`` is what it was found in."""

    text: str
    kind: Kind
    element: HtmlElement


def render(element: HtmlElement, skip: Skip) -> list[Block]:
    """Blocks of the text below ``element`` in the page's order, without what ``skip`` names."""
    page = _Page(skip)
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


@dataclass
class _Page:
    """The blocks so far and the inline text of the one that is open."""

    skip: Skip
    blocks: list[Block] = field(default_factory=list)
    open: list[str] = field(default_factory=list)

    def flush(self, element: HtmlElement, kind: Kind) -> None:
        text = _tidy("".join(self.open))
        self.open = []
        if element.tag == "figcaption":
            text = _credit().sub("", text).rstrip()
        if text:
            self.blocks.append(Block(text, kind, element))

    def visit(self, element: HtmlElement, kind: Kind) -> None:
        tag = element.tag
        if not isinstance(tag, str) or self.skip(element):
            return
        if tag in _SILENT and not (tag == "button" and kind == "heading"):
            return
        if tag == "br":
            self.open.append(_BREAK)
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
            self.open.append(_unhidden(element.get("data-cfemail")))
        elif tag == "pre":
            self.open.append((element.text_content() or "").replace("\n", _BREAK))
        else:
            self._content(element, kind)
        if is_block:
            self.flush(element, kind)

    def _content(self, element: HtmlElement, kind: Kind) -> None:
        quote = "”" if element.tag == "q" else ""
        self.open += (quote, element.text or "")
        children = list(element)
        for number, child in enumerate(children):
            if is_label(child) and self._field(child, children[number + 1 :]):
                return
            self._space_before(child)
            self.visit(child, kind)
            self.open.append(child.tail or "")
        self.open += (_address(element), quote)

    def _space_before(self, child: HtmlElement) -> None:
        """Part "Uutinen" and "24.5.2023" of two inline elements with nothing between them."""
        before = next((part for part in reversed(self.open) if part), "")
        after = text_of(child)[:1]
        neighbours = child.getprevious() is not None and not (child.getprevious().tail or "")
        last = before[-1:]
        if neighbours and (
            (last.islower() and (after.isupper() or after.isdigit()))
            or (last.isdigit() and after.isalpha())
        ):
            self.open.append(" ")

    def _facts(self, element: HtmlElement) -> bool:
        lines = (
            definition_lines(element, self._lines)
            if element.tag == "dl"
            else table_lines(element, self._lines)
        )
        if lines is None:
            return False
        self.blocks += [Block(line, "row", element) for line in lines]
        return True

    def _lines(self, element: HtmlElement) -> list[str]:
        blocks = render(element, self.skip)
        return [line for block in blocks for line in block.text.split("\n") if line]

    def _field(self, label: HtmlElement, values: list[HtmlElement]) -> bool:
        """Whether a label and the elements after it make one line; then it is written."""
        if self.skip(label) or any(is_label(value) for value in values):
            return False
        lines = [line for value in values for line in self._lines(value)]
        name = text_of(label)
        if not lines or not name or sum(map(len, lines)) > _LONGEST_FIELD:
            return False
        self.flush(label, "text")
        self.blocks.append(Block(labelled(name, lines), "row", label))
        return True


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
    shown = text_of(element)
    if scheme.lower() == "mailto" and "@" in address and "@" not in shown and "at)" not in shown:
        return f" ({address})"
    return ""


def _unhidden(hexadecimal: str) -> str:
    """An address that Cloudflare hides from robots; its first byte is the key."""
    try:
        key, *codes = bytes.fromhex(hexadecimal)
        return bytes(code ^ key for code in codes).decode("utf-8")
    except ValueError:
        return ""
