"""The main text of a page: trafilatura says where it is, the page's own marks how far it goes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.read.page_blocks import Block, render
from pipeline.read.page_furniture import furniture_of, is_unseen, speaks_of_facts
from pipeline.read.page_measures import Measures
from pipeline.read.page_tree import HtmlElement, short_spans, text_of

_LETTERS = re.compile(r"[\W_]+")
_COVERED = 0.6  # share of trafilatura's text that a marked main element must hold
_MOSTLY_LINKS = 0.6
_MOSTLY_CARDS = 0.5
_WHOLE_PAGE = ("html", "body", "form")
_GAP = 6  # blocks without a contact between two with one
_SHORT = 20  # letters; less is found in any text by chance
_SAMPLES = 200  # pieces of trafilatura's text looked up in an element
_TIMES = 50  # places of one beginning in trafilatura's text that are looked at


def main_blocks(page: HtmlElement, html: str) -> list[Block]:
    """Blocks of the page's main text, furniture left out; empty when the page has none.

    An element that the page marks as main (``<main>``, ``<article>``) is taken whole, so that
    what trafilatura drops of it (staff lists, contacts, dates) stays. Without such a mark it is
    the smallest element that holds all of trafilatura's text.
    """
    found = _found_by_trafilatura(html)
    measures = Measures(page)
    marked = _marked_main(page, found, measures)
    if marked is not None:
        skip = furniture_of(marked, measures)
        if _is_archive(marked, measures):
            return render(marked, skip)
        return render(marked, lambda part: skip(part) or _is_teaser(part, marked, measures))
    body = page.find("body")
    root = page if body is None else body
    blocks = render(root, furniture_of(root, measures))
    return _around(blocks, found, measures) if found else blocks


def fragment_blocks(page: HtmlElement) -> list[Block]:
    """Blocks of a piece of a page, all of which is main text."""
    measures = Measures(page)
    return render(page, lambda part: is_unseen(part, measures))


def _found_by_trafilatura(html: str) -> str:
    """Letters and digits of what trafilatura takes for the main text."""
    import trafilatura  # a fifth of a second, which texts without HTML need not wait for

    try:
        text = trafilatura.extract(
            short_spans(html),
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


def _marked_main(page: HtmlElement, found: str, measures: Measures) -> HtmlElement | None:
    mains = page.xpath(".//main | .//*[@role='main']")
    articles = page.xpath(".//article[not(ancestor::article)] | .//*[@itemprop='articleBody']")
    for candidates in (mains, articles):
        largest = max(candidates, key=measures.length, default=None)
        if largest is not None and _covers(largest, found):
            return largest
    return None


def _covers(element: HtmlElement, found: str) -> bool:
    """Whether most of trafilatura's text stands in ``element``; a sample of it is looked up."""
    own = _letters(text_of(element))
    if not own:
        return False
    size = 40
    step = max(size, len(found) // _SAMPLES)
    sample = [found[at : at + size] for at in range(0, max(len(found) - size, 1), step)]
    return sum(piece in own for piece in sample) >= _COVERED * len(sample)


def _is_teaser(element: HtmlElement, main: HtmlElement, measures: Measures) -> bool:
    """Whether an element is the card of another story inside the main element."""
    if element.tag != "article" or element is main:
        return False
    if measures.length(element) >= 0.5 * measures.length(main) or measures.holds_title(element):
        return False
    headings = element.xpath(".//h2 | .//h3 | .//h4")
    return any(heading.xpath(".//a | ancestor::a") for heading in headings)


def _is_archive(main: HtmlElement, measures: Measures) -> bool:
    """Whether the cards of stories are what a page is made of, and not beside its own story."""
    cards = [measures.length(card) for card in _cards(main, measures)]
    return len(cards) > 1 and sum(cards) > _MOSTLY_CARDS * measures.length(main)


def _cards(main: HtmlElement, measures: Measures) -> Iterator[HtmlElement]:
    """The outermost cards of other stories; those within one are parts of it."""
    waiting = [main]
    while waiting:
        element = waiting.pop()
        if _is_teaser(element, main, measures):
            yield element
        else:
            waiting.extend(element)


def _around(blocks: list[Block], found: str, measures: Measures) -> list[Block]:
    """Blocks of the smallest element that holds all that trafilatura found.

    Where that is the whole page: from the first to the last found, and the contacts after it.
    """
    taken = _found_blocks(blocks, found)
    if not taken:
        return blocks
    holder = _common_element([blocks[number].element for number in sorted(taken)])
    if holder is not None and holder.tag not in _WHOLE_PAGE:
        inside = {n for n, block in enumerate(blocks) if _holds(holder, block.element)}
    else:
        inside = set(range(min(taken), _end(blocks, max(taken)) + 1))
    inside |= taken
    return [
        block
        for number, block in enumerate(blocks)
        if number in inside and not _is_menu(block.element, measures)
    ]


def _is_menu(element: HtmlElement, measures: Measures) -> bool:
    """Whether an element is little more than several links."""
    return measures.links(element) > 1 and measures.link_share(element) > _MOSTLY_LINKS


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


def _found_blocks(blocks: list[Block], found: str) -> set[int]:
    """Numbers of the blocks whose letters stand in ``found``, by where their beginnings do."""
    letters = {number: _letters(block.text) for number, block in enumerate(blocks)}
    places: dict[str, list[int]] = {
        text[:_SHORT]: [] for text in letters.values() if len(text) >= _SHORT
    }
    for at in range(len(found) - _SHORT + 1):
        known = places.get(found[at : at + _SHORT])
        if known is not None and len(known) < _TIMES:
            known.append(at)
    return {
        number
        for number, text in letters.items()
        if any(found.startswith(text, at) for at in places.get(text[:_SHORT], ()))
    }
