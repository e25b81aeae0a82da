"""A page's title and dates: metadata first, then what its text says beside a date."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from pipeline.read.container_dates import container_date
from pipeline.read.page_days import days_beside_words, only_time, stamped
from pipeline.read.page_tree import HtmlElement, text_of

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


class Metadata(NamedTuple):
    """What a page says of itself; ``None`` where it says nothing."""

    title: str | None
    published: date | None
    updated: date | None


def metadata(page: HtmlElement, main: list[HtmlElement]) -> Metadata:
    """Title and dates of a page whose main text lies in the elements ``main``."""
    stated = _meta(page)
    structured = list(_json_ld(page))
    beside = days_beside_words(page)
    return Metadata(
        title=_title(page, stated, main),
        published=_first(
            *(stated.get(name) for name in _PUBLISHED_META),
            *(item.get("datePublished") for item in structured),
            *_itemprop(page, "datePublished"),
            beside.get("published"),
            only_time(page),
            *stamped(page),
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
