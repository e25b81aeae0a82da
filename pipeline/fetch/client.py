"""Requests as a good guest makes them: robots.txt, one at a time, slowly, within limits."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import NamedTuple
from urllib.parse import urldefrag, urljoin, urlsplit
from urllib.robotparser import RobotFileParser

import httpx
import msgspec

from pipeline.fetch.settings import Settings
from pipeline.versions import project_version

AGAIN = frozenset((429, 500, 502, 503, 504))
MOVED = frozenset((301, 302, 303, 307, 308))
MOVES = 5  # how often an address may point to another one
LONGEST_WAIT = 60.0  # seconds; a server that asks for more is left for another day


class Refused(Exception):
    """A page that was not fetched, and why."""


class Answer(msgspec.Struct, frozen=True):
    """What came back: ``body`` is ``None`` where nothing changed since the last time."""

    url: str
    body: bytes | None
    content_type: str
    etag: str | None = None
    modified: str | None = None


class Moved(NamedTuple):
    """Where a page is now, as its server says."""

    url: str


class Guest(AbstractContextManager["Guest"]):
    """Fetches pages for one run; ``sleep``, ``clock`` and ``today`` are given by tests."""

    def __init__(
        self,
        settings: Settings,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
        today: Callable[[], float] = time.time,
    ) -> None:
        self.settings = settings
        self.agent = f"hankepoimuri/{project_version()}"
        contact = f" ({settings.contact})" if settings.contact else ""
        self._client = httpx.Client(
            headers={"User-Agent": f"{self.agent}{contact}"},
            timeout=settings.timeout,
            follow_redirects=False,  # each address that one points to is asked for as any other
        )
        self._sleep, self._clock, self._today = sleep, clock, today
        self._robots: dict[str, RobotFileParser] = {}
        self._last: dict[str, float] = {}

    def __exit__(self, *_: object) -> None:
        """Close the connections."""
        self._client.close()

    def get(self, url: str, etag: str | None = None, modified: str | None = None) -> Answer:
        """A page, if the site lets us. Raises ``Refused`` saying why there is none.

        Where the page has moved, the site that it is at now is asked for its rules, too.
        """
        headers = {"If-None-Match": etag, "If-Modified-Since": modified}
        wanted = {name: value for name, value in headers.items() if value}
        return self._followed(url, wanted, self._may)

    def _followed(
        self, url: str, headers: dict[str, str], may: Callable[[str], bool] = lambda _: True
    ) -> Answer:
        """What an address gives, or the one it points to; ``may`` says of each if it is asked."""
        at, moved = url, ""
        for _ in range(MOVES + 1):
            if not _is_web(at):
                raise Refused(f"{moved}not an http address")
            if not may(at):
                raise Refused(f"{moved}robots.txt says no")
            found = self._tried(at, headers)
            if isinstance(found, Answer):
                return found
            at, moved = found.url, f"moved to {found.url}: "
        raise Refused(f"moved more than {MOVES} times")

    def _may(self, url: str) -> bool:
        host = "{0.scheme}://{0.netloc}".format(urlsplit(url))
        if host not in self._robots:
            rules = RobotFileParser()
            try:
                body = self._followed(f"{host}/robots.txt", {}).body or b""
                rules.parse(body.decode("utf-8", "replace").splitlines())
            except Refused as error:
                # No such file: all is allowed. A server in trouble is left alone.
                lines = [] if str(error) == "HTTP 404" else ["User-agent: *", "Disallow: /"]
                rules.parse(lines)
            self._robots[host] = rules
        return self._robots[host].can_fetch(self.agent, url)

    def _wait(self, url: str) -> None:
        """Wait until the host has had its rest."""
        host = urlsplit(url).netloc
        rules = self._robots.get("{0.scheme}://{0.netloc}".format(urlsplit(url)))
        asked = rules.crawl_delay(self.agent) if rules else None
        rest = max(self.settings.delay, min(float(asked or 0), LONGEST_WAIT))
        if host in self._last:
            self._sleep(max(0.0, self._last[host] + rest - self._clock()))
        self._last[host] = self._clock()

    def _tried(self, url: str, headers: dict[str, str]) -> Answer | Moved:
        pause = self.settings.delay
        why = ""
        for attempt in range(self.settings.tries):
            if attempt:
                self._sleep(min(pause, LONGEST_WAIT))
                pause *= 2
            self._wait(url)
            try:
                answer, again = self._once(url, headers)
            except httpx.HTTPError as error:
                why = f"{type(error).__name__}: {error}"
                continue
            if not isinstance(answer, str):
                return answer
            why = answer
            if again is None:
                raise Refused(why)
            pause = max(pause, again)
            if pause > LONGEST_WAIT:
                break
        raise Refused(why)

    def _once(self, url: str, headers: dict[str, str]) -> tuple[Answer | Moved | str, float | None]:
        """One request: the answer, or why there is none and how long to wait (never: ``None``)."""
        most = int(self.settings.megabytes * 1_000_000)
        started = self._clock()
        with self._client.stream("GET", url, headers=headers) as response:
            kind = response.headers.get("Content-Type", "")
            etag, modified = (response.headers.get(name) for name in ("ETag", "Last-Modified"))
            if response.status_code == httpx.codes.NOT_MODIFIED:
                return Answer(url, None, kind, etag, modified), None
            if response.status_code in MOVED and (place := response.headers.get("Location")):
                return Moved(_place(url, place)), None
            if response.status_code in AGAIN:
                asked = _seconds(response.headers.get("Retry-After"), self._today())
                return f"HTTP {response.status_code}", asked
            if response.status_code != httpx.codes.OK:
                return f"HTTP {response.status_code}", None
            body = bytearray()
            for part in response.iter_bytes():
                body += part
                if len(body) > most:
                    return f"more than {self.settings.megabytes:g} MB", None
                if self._clock() - started > 3 * self.settings.timeout:
                    return f"slower than {3 * self.settings.timeout:g} s", None
            return Answer(str(response.url), bytes(body), kind, etag, modified), None


def _is_web(url: str) -> bool:
    """Whether an address is one of the web that can be asked for."""
    try:
        address = httpx.URL(url)
    except (httpx.InvalidURL, ValueError):
        return False
    return address.scheme in ("http", "https") and bool(address.host)


def _place(url: str, said: str) -> str:
    """The address that ``Location`` says, seen from ``url``; a login goes to its own host only."""
    try:
        place = urldefrag(urljoin(url, said)).url
        here, there = urlsplit(url), urlsplit(place)
    except ValueError:
        return said
    bare = here.netloc.rpartition("@")[2]
    if (there.scheme, there.netloc) == (here.scheme, bare):
        return there._replace(netloc=here.netloc).geturl()
    return place


def _seconds(said: str | None, now: float) -> float:
    """What ``Retry-After`` asks for, seconds or a date; nonsense is as good as nothing."""
    if said is None:
        return 0.0
    if said.strip().isdecimal():
        return float(said)
    try:
        when = parsedate_to_datetime(said)
    except ValueError:
        return 0.0
    # A date without a zone is meant as all dates of HTTP are: in Greenwich.
    aware = when if when.tzinfo else when.replace(tzinfo=UTC)
    return max(0.0, (aware - datetime.fromtimestamp(now, UTC)).total_seconds())
