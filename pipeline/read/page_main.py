"""The main text of a page: trafilatura says where it is, the page's own marks how far it goes."""

from __future__ import annotations

import re

import trafilatura

from pipeline.read.page_blocks import Block, render
from pipeline.read.page_furniture import furniture_of, speaks_of_facts
from pipeline.read.page_tree import HtmlElement, link_share, text_of

_LETTERS = re.compile(r"[\W_]+")
_COVERED = 0.6  # share of trafilatura's text that a marked main element must hold
_MOSTLY_LINKS = 0.6
_MOSTLY_CARDS = 0.5
_WHOLE_PAGE = ("html", "body", "form")
_GAP = 6  # blocks without a contact between two with one
_SHORT = 20  # letters; less is found in any text by chance


def main_blocks(page: HtmlElement, html: str) -> list[Block]:
    """Blocks of the page's main text, furniture left out; empty when the page has none.

    An element that the page marks as main (``<main>``, ``<article>``) is taken whole, so that
    what trafilatura drops of it (staff lists, contacts, dates) stays. Without such a mark it is
    the smallest element that holds all of trafilatura's text.
    """
    found = _found_by_trafilatura(html)
    marked = _marked_main(page, found)
    if marked is not None:
        skip = furniture_of(marked)
        if _is_archive(marked):
            return render(marked, skip)
        return render(marked, lambda part: skip(part) or _is_teaser(part, marked))
    body = page.find("body")
    root = page if body is None else body
    blocks = render(root, furniture_of(root))
    return _around(blocks, found) if found else blocks


def _found_by_trafilatura(html: str) -> str:
    """Letters and digits of what trafilatura takes for the main text."""
    try:
        text = trafilatura.extract(
            html,
            include_comments=False,
            include_tables=True,
            favor_recall=True,
            deduplicate=False,
            fast=True,
        )
    except Exception:  # of an optional opinion on a broken page
        return ""
    return _letters(text or "")


def _letters(text: str) -> str:
    return _LETTERS.sub("", text).casefold()


def _marked_main(page: HtmlElement, found: str) -> HtmlElement | None:
    mains = page.xpath("//main | //*[@role='main']")
    articles = page.xpath("//article[not(ancestor::article)] | //*[@itemprop='articleBody']")
    for candidates in (mains, articles):
        largest = max(candidates, key=lambda element: len(text_of(element)), default=None)
        if largest is not None and _covers(largest, found):
            return largest
    return None


def _covers(element: HtmlElement, found: str) -> bool:
    """Whether most of trafilatura's text stands in ``element``; a sample of it is looked up."""
    own = _letters(text_of(element))
    if not own:
        return False
    size = 40
    sample = [found[at : at + size] for at in range(0, max(len(found) - size, 1), size)]
    return sum(piece in own for piece in sample) >= _COVERED * len(sample)


def _is_teaser(element: HtmlElement, main: HtmlElement) -> bool:
    """Whether an element is the card of another story inside the main element."""
    if element.tag != "article" or element is main:
        return False
    headings = element.xpath(".//h2 | .//h3 | .//h4")
    linked = any(heading.xpath(".//a | ancestor::a") for heading in headings)
    small = len(text_of(element)) < 0.5 * len(text_of(main))
    return linked and small and not element.xpath(".//h1")


def _is_archive(main: HtmlElement) -> bool:
    """Whether the cards of stories are what a page is made of, and not beside its own story."""
    cards = [part for part in main.iter("article") if _is_teaser(part, main)]
    size = sum(len(text_of(card)) for card in cards)
    return len(cards) > 1 and size > _MOSTLY_CARDS * len(text_of(main))


def _around(blocks: list[Block], found: str) -> list[Block]:
    """Blocks of the smallest element that holds all that trafilatura found.

    Where that is the whole page: from the first to the last found, and the contacts after it.
    """
    taken = {number for number, block in enumerate(blocks) if _is_found(block, found)}
    if not taken:
        return blocks
    holder = _common_element([blocks[number].element for number in sorted(taken)])
    if holder is not None and holder.tag not in _WHOLE_PAGE:
        inside = {n for n, block in enumerate(blocks) if _holds(holder, block.element)}
    else:
        inside = set(range(min(taken), _end(blocks, max(taken)) + 1))
    return [
        block
        for number, block in enumerate(blocks)
        if number in taken | inside and not _is_menu(block.element)
    ]


def _is_menu(element: HtmlElement) -> bool:
    """Whether an element is little more than several links."""
    return len(list(element.iter("a"))) > 1 and link_share(element) > _MOSTLY_LINKS


def _end(blocks: list[Block], last: int) -> int:
    """The last block of contacts and facts that follow the block ``last`` without a long gap."""
    end = last
    for number, block in enumerate(blocks[last + 1 :], start=last + 1):
        if number - end > _GAP:
            break
        if speaks_of_facts(block.text):
            end = number
    return end


def _common_element(elements: list[HtmlElement]) -> HtmlElement | None:
    """The innermost element that holds all of ``elements``, or is the only one's parent."""
    shared = [*reversed(list(elements[0].iterancestors()))]
    for element in elements[1:]:
        chain = set(element.iterancestors())
        shared = [ancestor for ancestor in shared if ancestor in chain]
    return shared[-1] if shared else None


def _holds(holder: HtmlElement, element: HtmlElement) -> bool:
    return element is holder or any(ancestor is holder for ancestor in element.iterancestors())


def _is_found(block: Block, found: str) -> bool:
    letters = _letters(block.text)
    return len(letters) >= _SHORT and letters in found
