"""New posts of feeds and sitemaps into a folder: one file a page, never one twice."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path
from urllib.parse import unquote, urlsplit

import msgspec

from pipeline.fetch.client import Guest, Refused
from pipeline.fetch.settings import Settings, Source
from pipeline.logins import without_login

STATE = ".fetched.json"  # hidden: no announcement
DEPTH = 2  # sitemaps within sitemaps
_UNSAFE = re.compile(r"[^\w.-]+")
_LOCATION = "{http://www.sitemaps.org/schemas/sitemap/0.9}loc"


class Known(msgspec.Struct, omit_defaults=True):
    """What is remembered of an address."""

    file: str | None = None
    etag: str | None = None
    modified: str | None = None
    sha256: str | None = None


class Fetched(msgspec.Struct):
    """How a run went: files that came or changed, and what was not fetched, with the reason."""

    new: list[str] = msgspec.field(default_factory=list)
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
            addresses = list(listing(guest, source))
        except Refused as error:
            result.refused.append((without_login(source.url), without_login(str(error))))
            continue
        fresh = [url for url in addresses if url not in state]
        known = [url for url in addresses if url in state]
        for url in [*fresh, *known][: settings.pages]:
            _page(guest, source, url, folder, state, result)
            _write_state(folder, state)
    return result


def _page(
    guest: Guest,
    source: Source,
    url: str,
    folder: Path,
    state: dict[str, Known],
    result: Fetched,
) -> None:
    known = state.get(url, Known())
    try:
        answer = guest.get(url, known.etag, known.modified)
    except Refused as error:
        result.refused.append((without_login(url), without_login(str(error))))
        return
    digest = sha256(answer.body).hexdigest() if answer.body is not None else known.sha256
    if answer.body is None or digest == known.sha256:
        result.unchanged += 1
        state[url] = known
        return
    file = known.file or f"{source.name}/{_file_name(url, answer.content_type)}"
    place = folder / file
    place.parent.mkdir(parents=True, exist_ok=True)
    draft = place.with_name(f".{place.name}.part")
    draft.write_bytes(answer.body)
    draft.replace(place)
    (result.changed if known.file else result.new).append(file)
    state[url] = Known(file=file, etag=answer.etag, modified=answer.modified, sha256=digest)


def _feed(guest: Guest, source: Source) -> Iterator[str]:
    """Addresses of a feed's entries."""
    import feedparser

    body = guest.get(source.url).body or b""
    parsed = feedparser.parse(io.BytesIO(body))
    if not parsed.version:
        raise Refused("neither RSS nor Atom")
    links = (entry.get("link") for entry in parsed.entries)
    yield from dict.fromkeys(link for link in links if link)


def _sitemap(guest: Guest, source: Source) -> Iterator[str]:
    """Addresses of a sitemap, and of those it points to, that hold ``source.match``."""
    found = _locations(guest, source.url, DEPTH)
    yield from dict.fromkeys(url for url in found if source.match in url)


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
        return msgspec.json.decode((folder / STATE).read_bytes(), type=dict[str, Known])
    except (OSError, msgspec.MsgspecError):
        return {}


def _write_state(folder: Path, state: dict[str, Known]) -> None:
    draft = folder / f"{STATE}.part"
    draft.write_bytes(msgspec.json.encode(state))
    draft.replace(folder / STATE)
