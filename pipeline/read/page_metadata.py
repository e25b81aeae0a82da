"""A page's title and dates: metadata first, then what its text says beside a date."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import Any, NamedTuple

from pipeline.lexicon import settings
from pipeline.read.container_dates import container_date
from pipeline.read.page_tree import HtmlElement, is_within, text_of

_PUBLISHED_META = (
    "article:published_time",
    "og:article:published_time",
    "og:published_time",
    "datepublished",
    "dc.date",
    "dc.date.issued",
    "dcterms.issued",
    "dcterms.created",
    "dc.date.created",
    "publish-date",
    "pubdate",
    "parsely-pub-date",
)
_UPDATED_META = (
    "article:modified_time",
    "og:article:modified_time",
    "og:updated_time",
    "datemodified",
    "dcterms.modified",
    "dc.date.modified",
    "last-modified",
)
_SITE_SUFFIX = re.compile(r"\s+(?:[|·•»]|[–—-])\s+[^|·•»–—]{2,60}$")
_FURNITURE = ("aside", "nav", "footer")
_STATES = ("published", "updated")
_SHORT_LINE = 60  # characters; a longer line before is another story's


class Metadata(NamedTuple):
    """What a page says of itself; ``None`` where it says nothing."""

    title: str | None
    published: date | None
    updated: date | None


def metadata(page: HtmlElement, main: list[HtmlElement]) -> Metadata:
    """Title and dates of a page whose main text lies in the elements ``main``."""
    stated = _meta(page)
    structured = list(_json_ld(page))
    beside = _dates_beside_words(page)
    return Metadata(
        title=_title(page, stated, main),
        published=_first(
            *(stated.get(name) for name in _PUBLISHED_META),
            *(item.get("datePublished") for item in structured),
            *_itemprop(page, "datePublished"),
            beside.get("published"),
            _only_time(page),
        ),
        updated=_first(
            *(stated.get(name) for name in _UPDATED_META),
            *(item.get("dateModified") for item in structured),
            *_itemprop(page, "dateModified"),
            beside.get("updated"),
        ),
    )


def _first(*values: object) -> date | None:
    return next((day for value in values if (day := container_date(value))), None)


def _meta(page: HtmlElement) -> dict[str, str]:
    stated: dict[str, str] = {}
    for element in page.iter("meta"):
        name = element.get("property") or element.get("name") or element.get("itemprop") or ""
        content = (element.get("content") or "").strip()
        if name and content:
            stated.setdefault(name.strip().lower(), content)
    return stated


def _json_ld(page: HtmlElement) -> Iterator[dict[str, Any]]:
    """Objects of schema.org data, those in ``@graph`` too."""
    for script in page.iter("script"):
        if (script.get("type") or "").strip().lower() != "application/ld+json":
            continue
        try:
            data = json.loads(script.text or "")
        except (ValueError, RecursionError):
            continue
        for item in _listed(data):
            if isinstance(item, dict):
                yield from (one for one in _listed(item.get("@graph")) if isinstance(one, dict))
                yield item


def _listed(data: object) -> list[Any]:
    return data if isinstance(data, list) else [data]


def _itemprop(page: HtmlElement, name: str) -> Iterator[str]:
    for element in page.xpath(f".//*[@itemprop='{name}']"):
        yield element.get("datetime") or element.get("content") or text_of(element)


def _title(page: HtmlElement, stated: dict[str, str], main: list[HtmlElement]) -> str | None:
    """The main text's ``<h1>``, one elsewhere that the page is named for, or its stated title.

    A site's own name is an ``<h1>`` in the head of many pages, hence the comparison.
    """
    headings = [element for element in page.iter("h1") if text_of(element)]
    within = set(main)
    inside = next((element for element in headings if element in within), None)
    if inside is not None:
        return text_of(inside)
    named = without_site(
        stated.get("og:title") or next((text_of(element) for element in page.iter("title")), "")
    )
    shown = (text_of(element) for element in headings)
    return next((text for text in shown if _same(text, named)), None) or named or None


def _same(one: str, other: str) -> bool:
    return bool(other) and one.casefold().startswith(other.casefold())


def without_site(title: str) -> str:
    """A ``<title>`` without the site's name behind it: "Hanke alkaa | Törmälä"."""
    stripped = title.strip()
    return _SITE_SUFFIX.sub("", stripped) or stripped


@cache
def _words(key: str) -> re.Pattern[str]:
    words = "|".join(map(re.escape, settings("page_furniture")[key]))
    return re.compile(rf"\b(?:{words})\b", re.IGNORECASE)


def _dates_beside_words(page: HtmlElement) -> dict[str, str]:
    """Dates of ``<time>`` elements by the word before them: "Julkaistu", "Päivitetty"."""
    found: dict[str, str] = {}
    surroundings: dict[HtmlElement, _Surroundings] = {}
    for element in page.iter("time"):
        parent = element.getparent()
        if parent is None or is_within(element, _FURNITURE):
            continue
        if parent not in surroundings:
            surroundings[parent] = _Surroundings(parent)
        if key := surroundings[parent].nearest(element):
            found.setdefault(key, element.get("datetime") or text_of(element))
    return found


class _Surroundings:
    """Where words for dates stand in an element's text, or in what is before it."""

    def __init__(self, parent: HtmlElement) -> None:
        parts = [parent.text or ""]
        length = len(parts[0])
        self._times: dict[HtmlElement, int] = {}
        for child in parent:
            if child.tag == "time":
                self._times[child] = length
            parts.append(f" {text_of(child)} {child.tail or ''}")
            length += len(parts[-1])
        text = "".join(parts)
        self._begins = len(text) - len(text.lstrip())
        self._own = _ends(text)
        previous = parent.getprevious()
        before = text_of(previous) if previous is not None else ""
        self._before = _ends(before if len(before) <= _SHORT_LINE else "")

    def nearest(self, time: HtmlElement) -> str | None:
        """Which of the words is the last before a ``<time>`` of the element."""
        last = {key: self._last(key, time) for key in _STATES}
        nearest = max(_STATES, key=lambda key: last[key])
        return nearest if last[nearest] > min(last.values()) else None

    def follows(self, key: str, time: HtmlElement) -> bool:
        """Whether such a word stands before a ``<time>`` of the element."""
        return self._last(key, time) >= 0

    def _last(self, key: str, time: HtmlElement) -> int:
        """Where the last such word before a ``<time>`` ends, or -1."""
        at = self._times[time]
        ends, limit = (self._own, at) if at > self._begins else (self._before, _SHORT_LINE)
        count = bisect_right(ends[key], limit)
        return ends[key][count - 1] if count else -1


def _ends(text: str) -> dict[str, list[int]]:
    return {key: [match.end() for match in _words(key).finditer(text)] for key in _STATES}


def _only_time(page: HtmlElement) -> str | None:
    """The date of the main text's only ``<time>``, where nothing else says what it is."""
    times = [
        element
        for element in page.xpath(".//main//time | .//article//time")
        if not is_within(element, _FURNITURE)
    ]
    days = {container_date(element.get("datetime") or text_of(element)) for element in times}
    if len(days) != 1 or not times:
        return None
    parent = times[0].getparent()
    if parent is not None and _Surroundings(parent).follows("updated", times[0]):
        return None
    return times[0].get("datetime") or text_of(times[0])
