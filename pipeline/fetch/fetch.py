"""New posts of feeds and sitemaps into a folder: one file a page, never one twice."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from hashlib import sha256
from html import escape
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

import msgspec

from pipeline.fetch.client import Guest, Refused
from pipeline.fetch.settings import Settings, Source
from pipeline.logins import without_login
from pipeline.read.fetched import NOTED

DEPTH = 2  # sitemaps within sitemaps
_UNSAFE = re.compile(r"[^\w.-]+")
_LOCATION = "{http://www.sitemaps.org/schemas/sitemap/0.9}loc"


class Known(msgspec.Struct, omit_defaults=True):
    """What is remembered of an address."""

    file: str | None = None
    etag: str | None = None
    modified: str | None = None
    sha256: str | None = None


class Listed(NamedTuple):
    """An address that a feed or sitemap lists, and a page of what the feed itself tells of it."""

    url: str
    told: str | None = None


class Fetched(msgspec.Struct):
    """How a run went: files that came or changed, and what was not fetched, with the reason.

    ``told`` are files with what the feed tells of a page that could not be had.
    """

    new: list[str] = msgspec.field(default_factory=list)
    told: list[str] = msgspec.field(default_factory=list)
    changed: list[str] = msgspec.field(default_factory=list)
    unchanged: int = 0
    refused: list[tuple[str, str]] = msgspec.field(default_factory=list)


def fetch(settings: Settings, folder: Path, guest: Guest) -> Fetched:
    """Fetch what is new into ``folder/<name>/``; what is there already is asked for changes.

    A page that cannot be had is told, never a reason to stop. What was fetched is remembered after
    each page, so that an interrupted run goes on where it was.
    """
    folder.mkdir(parents=True, exist_ok=True)
    state = _read_state(folder)
    result = Fetched()
    for source in (*settings.feeds, *settings.sitemaps):
        listing = _sitemap if source in settings.sitemaps else _feed
        try:
            listed = list(listing(guest, source))
        except Refused as error:
            result.refused.append((without_login(source.url), without_login(str(error))))
            continue
        fresh = [one for one in listed if one.url not in state]
        known = [one for one in listed if one.url in state]
        for one in [*fresh, *known][: settings.pages]:
            _page(guest, source, one, folder, state, result)
            _write_state(folder, state)
    return result


def _page(
    guest: Guest,
    source: Source,
    listed: Listed,
    folder: Path,
    state: dict[str, Known],
    result: Fetched,
) -> None:
    url = listed.url
    known = state.get(url, Known())
    try:
        answer = guest.get(url, known.etag, known.modified)
    except Refused as error:
        result.refused.append((without_login(url), without_login(str(error))))
        # What the feed tells stands in until the page can be had; its address stays unknown.
        if listed.told is not None and known.file is None:
            file = f"{source.name}/{_file_name(url, 'text/html')}"
            if _changed(folder / file, listed.told.encode()):
                result.told.append(file)
        return
    digest = sha256(answer.body).hexdigest() if answer.body is not None else known.sha256
    if answer.body is None or digest == known.sha256:
        result.unchanged += 1
        state[url] = known
        return
    file = known.file or f"{source.name}/{_file_name(url, answer.content_type)}"
    _changed(folder / file, answer.body)
    (result.changed if known.file else result.new).append(file)
    state[url] = Known(file=file, etag=answer.etag, modified=answer.modified, sha256=digest)


def _changed(place: Path, body: bytes) -> bool:
    """Write a file whole or not at all; whether it holds something else now."""
    if place.exists() and place.read_bytes() == body:
        return False
    place.parent.mkdir(parents=True, exist_ok=True)
    draft = place.with_name(f".{place.name}.part")
    draft.write_bytes(body)
    draft.replace(place)
    return True


def _feed(guest: Guest, source: Source) -> Iterator[Listed]:
    """A feed's entries."""
    import feedparser

    body = guest.get(source.url).body or b""
    parsed = feedparser.parse(io.BytesIO(body))
    if not parsed.version:
        raise Refused("neither RSS nor Atom")
    seen: set[str] = set()
    for entry in parsed.entries:
        url = entry.get("link")
        if url and url not in seen:
            seen.add(url)
            yield Listed(url, _told(url, entry))


def _told(url: str, entry: Any) -> str | None:
    """A page of an entry's address, title, day and text; ``None`` where it has no text."""
    told = [part.get("value", "") for part in entry.get("content", ())] or [
        entry.get("summary", "")
    ]
    text = "\n".join(filter(str.strip, told))
    if not text:
        return None
    title = escape(entry.get("title", ""))
    day = escape(entry.get("published") or entry.get("updated") or "")
    when = entry.get("published_parsed") or entry.get("updated_parsed")
    if when is not None:
        day = f'<time datetime="{when.tm_year:04}-{when.tm_mon:02}-{when.tm_mday:02}">{day}</time>'
    return (
        f'<html lang="fi"><head><meta charset="utf-8"><title>{title}</title>'
        f'<link rel="canonical" href="{escape(without_login(url))}"></head>'
        f"<body><article><h1>{title}</h1><p>{day}</p>\n<div>{text}</div></article></body></html>\n"
    )


def _sitemap(guest: Guest, source: Source) -> Iterator[Listed]:
    """Addresses of a sitemap, and of those it points to, that hold ``source.match``."""
    found = _locations(guest, source.url, DEPTH)
    yield from map(Listed, dict.fromkeys(url for url in found if source.match in url))


def _locations(guest: Guest, url: str, depth: int) -> Iterator[str]:
    from lxml import etree  # type: ignore[import-untyped]

    # No entity is replaced and nothing is loaded: a sitemap is a stranger's file.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        tree = etree.fromstring(guest.get(url).body or b"", parser)
    except etree.XMLSyntaxError as error:
        raise Refused(f"no sitemap: {error}") from error
    places: Iterable[str] = [
        (place.text or "").strip() for place in tree.iter(_LOCATION) if place.text
    ]
    if tree.tag.endswith("sitemapindex"):
        for place in places:
            if depth:
                yield from _locations(guest, place, depth - 1)
    else:
        yield from places


def _file_name(url: str, content_type: str) -> str:
    """A name that tells the page and is its own: its last words and some digits of its address."""
    words = _UNSAFE.sub("-", unquote(urlsplit(url).path).strip("/").rpartition("/")[2])[:60]
    stem = words.strip("-.").rpartition(".")[0] or words.strip("-.") or "page"
    suffix = ".pdf" if "pdf" in content_type else ".html"
    return f"{stem}-{sha256(url.encode()).hexdigest()[:8]}{suffix}"


def _read_state(folder: Path) -> dict[str, Known]:
    try:
        return msgspec.json.decode((folder / NOTED).read_bytes(), type=dict[str, Known])
    except (OSError, msgspec.MsgspecError):
        return {}


def _write_state(folder: Path, state: dict[str, Known]) -> None:
    draft = folder / f"{NOTED}.part"
    draft.write_bytes(msgspec.json.encode(state))
    draft.replace(folder / NOTED)
