"""Which parts of a page are furniture: menus, share buttons, cookies, related stories."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Any

from pipeline.lexicon import settings
from pipeline.read.page_measures import Measures
from pipeline.read.page_tree import HtmlElement, classes_of, is_within, text_of, words_of

Skip = Callable[[HtmlElement], bool]

_ROLES = frozenset(
    ("navigation", "search", "dialog", "alertdialog", "contentinfo", "banner", "menu", "menubar")
)
_PHONE = re.compile(r"(?<!\d)(?:\+358\s?|0)\d{1,3}[\s-]?\d{3}[\s-]?\d{2,4}(?!\d)")
_EXEMPT = frozenset(("html", "body", "main", "article"))
_MAIN_TAGS = ("main", "article")
_LARGE = 0.5  # share of the page's text; so much is no furniture, whatever it is called
_MOSTLY_LINKS = 0.6
_SHORT_HIDDEN = 40  # characters; a hidden text that is longer waits for a click


@cache
def _names(key: str) -> frozenset[str]:
    return frozenset(settings("page_furniture")[key])


@cache
def _furniture_headings() -> frozenset[str]:
    known: dict[str, Any] = settings("furniture")
    return frozenset(known.get("tails", ()))


def furniture_of(page: HtmlElement, measures: Measures) -> Skip:
    """A test whether an element of ``page`` is furniture with all that is below it."""
    whole = max(measures.length(page), 1)

    def is_small(element: HtmlElement) -> bool:
        return not measures.holds_title(element) and measures.length(element) < _LARGE * whole

    def is_furniture(element: HtmlElement) -> bool:
        if element.tag in _EXEMPT:
            return False
        if is_unseen(element, measures) or _by_tag(element, measures):
            return True
        if element.tag == "form":  # of a search or comment; some systems wrap a page in one
            return is_small(element)
        words = words_of(element)
        if "footer" in words and _is_idle_footer(element):
            return is_small(element)
        named = bool(words & _names("words")) or element.get("role") in _ROLES
        linked = bool(words & _names("doubtful")) and measures.link_share(element) > _MOSTLY_LINKS
        headed = element.tag in ("div", "section", "ul") and _is_headed_as_furniture(
            element, measures
        )
        return (named or linked or headed) and is_small(element)

    return is_furniture


def is_unseen(element: HtmlElement, measures: Measures) -> bool:
    """Whether a reader of the page does not see the element and cannot make it appear."""
    if classes_of(element) & _names("unseen"):
        return True
    style = (element.get("style") or "").replace(" ", "").lower()
    hidden = (
        element.get("hidden") is not None
        or element.get("aria-hidden") == "true"
        or "display:none" in style
        or "visibility:hidden" in style
    )
    return hidden and measures.length(element) < _SHORT_HIDDEN


def speaks_of_facts(text: str) -> bool:
    """Whether a side column's text names contacts or a project's facts."""
    folded = text.casefold()
    return (
        "@" in folded
        or _PHONE.search(folded) is not None
        or any(word in folded for word in _names("facts"))
    )


def _by_tag(element: HtmlElement, measures: Measures) -> bool:
    match element.tag:
        case "nav":
            return True
        case "header":
            return not is_within(element, _MAIN_TAGS)
        case "footer":  # of a quotation: who said it
            return not is_within(element, ("blockquote",)) and _is_idle_footer(element)
        case "aside":
            headed = _is_headed_as_furniture(element, measures)
            return headed or not speaks_of_facts(text_of(element))
        case _:
            return False


def _is_idle_footer(element: HtmlElement) -> bool:
    """Whether a footer is the site's, or an article's without contacts or facts."""
    return not is_within(element, ("article",)) or not speaks_of_facts(text_of(element))


def _is_headed_as_furniture(element: HtmlElement, measures: Measures) -> bool:
    return measures.first_heading(element).casefold().strip(" :") in _furniture_headings()
