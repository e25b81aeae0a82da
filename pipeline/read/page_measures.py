"""How much text, how many links, which heading is below each element of a page: counted once.

Asked of one element after the other, nested elements would be read again at every level.
"""

from __future__ import annotations

from typing import NamedTuple

from pipeline.read.page_tree import OWN_ADDRESS, SILENT_TEXT, HtmlElement, text_of

_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))


class _Length(NamedTuple):
    """Characters of a text with white space collapsed and none around it; whether there was any."""

    characters: int = 0
    space_before: bool = False
    space_after: bool = False

    def then(self, other: _Length) -> _Length:
        """The length of this text and another one behind it."""
        if not self.characters:
            before = self.space_before or other.space_before
            after = other.space_after or (before and not other.characters)
            return _Length(other.characters, before, after)
        if not other.characters:
            return self._replace(space_after=self.space_after or other.space_before)
        gap = self.space_after or other.space_before
        both = self.characters + gap + other.characters
        return _Length(both, self.space_before, other.space_after)


class _Below(NamedTuple):
    """What an element holds, itself included."""

    length: _Length
    linked: int
    links: int
    heading: HtmlElement | None
    holds_title: bool


class Measures:
    """What lies below the elements of one page, which must not change meanwhile."""

    def __init__(self, page: HtmlElement) -> None:
        self._below: dict[HtmlElement, _Below] = {}
        for element in reversed(list(page.iter())):
            self._below[element] = self._measured(element)

    def length(self, element: HtmlElement) -> int:
        """How long ``text_of`` the element is."""
        return self._below[element].length.characters

    def links(self, element: HtmlElement) -> int:
        """How many links the element holds."""
        return self._below[element].links

    def link_share(self, element: HtmlElement) -> float:
        """Share of its text that links elsewhere; a person's own address is no such link."""
        below = self._below[element]
        return below.linked / below.length.characters if below.length.characters else 0.0

    def first_heading(self, element: HtmlElement) -> str:
        """Text of its first heading, or ""."""
        heading = self._below[element].heading
        return "" if heading is None else text_of(heading)

    def holds_title(self, element: HtmlElement) -> bool:
        """Whether it holds an ``<h1>``."""
        return self._below[element].holds_title

    def _measured(self, element: HtmlElement) -> _Below:
        own = _Length() if element.tag in SILENT_TEXT else _length(element.text)
        linked = links = 0
        heading: HtmlElement | None = element if element.tag in _HEADINGS else None
        holds_title = element.tag == "h1"
        for child in element:
            below = self._below[child]
            own = own.then(below.length).then(_length(child.tail))
            linked += below.linked
            links += below.links
            heading = below.heading if heading is None else heading
            holds_title = holds_title or below.holds_title
        if element.tag == "a":
            links += 1
            if not (element.get("href") or "").strip().lower().startswith(OWN_ADDRESS):
                linked += own.characters
        return _Below(own, linked, links, heading, holds_title)


def _length(text: str | None) -> _Length:
    if not text:
        return _Length()
    collapsed = " ".join(text.split())
    return _Length(len(collapsed), text[0].isspace(), text[-1].isspace())
