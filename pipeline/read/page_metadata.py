"""A page's title and dates: metadata first, then what its text says beside a date."""

from __future__ import annotations

import json
import re
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
        pending = data if isinstance(data, list) else [data]
        for item in pending:
            if isinstance(item, dict):
                graph = item.get("@graph")
                yield from (one for one in graph or () if isinstance(one, dict))
                yield item


def _itemprop(page: HtmlElement, name: str) -> Iterator[str]:
    for element in page.xpath(f"//*[@itemprop='{name}']"):
        yield element.get("datetime") or element.get("content") or text_of(element)


def _title(page: HtmlElement, stated: dict[str, str], main: list[HtmlElement]) -> str | None:
    """The main text's ``<h1>``, one elsewhere that the page is named for, or its stated title.

    A site's own name is an ``<h1>`` in the head of many pages, hence the comparison.
    """
    headings = [element for element in page.iter("h1") if text_of(element)]
    inside = next((element for element in headings if element in main), None)
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
    for element in page.iter("time"):
        if is_within(element, _FURNITURE):
            continue
        before = _text_before(element)
        for key in ("published", "updated"):
            other = "updated" if key == "published" else "published"
            own = _last_end(_words(key), before)
            if own > _last_end(_words(other), before):
                found.setdefault(key, element.get("datetime") or text_of(element))
    return found


def _last_end(pattern: re.Pattern[str], text: str) -> int:
    return max((match.end() for match in pattern.finditer(text)), default=-1)


def _text_before(element: HtmlElement) -> str:
    """Text of the element's line before it: of its parent, or of the parent's sibling before."""
    parent = element.getparent()
    if parent is None:
        return ""
    text = parent.text or ""
    for sibling in parent:
        if sibling is element:
            break
        text += f" {text_of(sibling)} {sibling.tail or ''}"
    if not text.strip():
        previous = parent.getprevious()
        text = text_of(previous) if previous is not None else ""
        if len(text) > 60:
            return ""
    return text


def _only_time(page: HtmlElement) -> str | None:
    """The date of the main text's only ``<time>``, where nothing else says what it is."""
    times = [
        element
        for element in page.xpath("//main//time | //article//time")
        if not is_within(element, _FURNITURE)
    ]
    days = {container_date(element.get("datetime") or text_of(element)) for element in times}
    if len(days) != 1 or not times:
        return None
    before = _text_before(times[0])
    if _words("updated").search(before):
        return None
    return times[0].get("datetime") or text_of(times[0])
