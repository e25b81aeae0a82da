"""Requests as a good guest makes them: robots.txt, one at a time, slowly, within limits."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from urllib.parse import urlsplit
from urllib.robotparser import RobotFileParser

import httpx
import msgspec

from pipeline.fetch.settings import Settings
from pipeline.versions import project_version

AGAIN = frozenset((429, 500, 502, 503, 504))
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


class Guest(AbstractContextManager["Guest"]):
    """Fetches pages for one run; ``sleep`` and ``clock`` are given by tests."""

    def __init__(
        self,
        settings: Settings,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.settings = settings
        self.agent = f"hankepoimuri/{project_version()}"
        contact = f" ({settings.contact})" if settings.contact else ""
        self._client = httpx.Client(
            headers={"User-Agent": f"{self.agent}{contact}"},
            timeout=settings.timeout,
            follow_redirects=True,
            max_redirects=5,
        )
        self._sleep, self._clock = sleep, clock
        self._robots: dict[str, RobotFileParser] = {}
        self._last: dict[str, float] = {}

    def __exit__(self, *_: object) -> None:
        """Close the connections."""
        self._client.close()

    def get(self, url: str, etag: str | None = None, modified: str | None = None) -> Answer:
        """A page, if the site lets us. Raises ``Refused`` saying why there is none."""
        if urlsplit(url).scheme not in ("http", "https"):
            raise Refused("not an http address")
        if not self._may(url):
            raise Refused("robots.txt says no")
        headers = {"If-None-Match": etag, "If-Modified-Since": modified}
        return self._tried(url, {name: value for name, value in headers.items() if value})

    def _may(self, url: str) -> bool:
        host = "{0.scheme}://{0.netloc}".format(urlsplit(url))
        if host not in self._robots:
            rules = RobotFileParser()
            try:
                body = self._tried(f"{host}/robots.txt", {}).body or b""
                rules.parse(body.decode("utf-8", "replace").splitlines())
            except Refused as error:
                # No such file: all is allowed. A server in trouble is left alone.
                lines = [] if "404" in str(error) else ["User-agent: *", "Disallow: /"]
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

    def _tried(self, url: str, headers: dict[str, str]) -> Answer:
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
            if isinstance(answer, Answer):
                return answer
            why = answer
            if again is None:
                raise Refused(why)
            pause = max(pause, again)
            if pause > LONGEST_WAIT:
                break
        raise Refused(why)

    def _once(self, url: str, headers: dict[str, str]) -> tuple[Answer | str, float | None]:
        """One request: the answer, or why there is none and how long to wait (never: ``None``)."""
        most = int(self.settings.megabytes * 1_000_000)
        started = self._clock()
        with self._client.stream("GET", url, headers=headers) as response:
            kind = response.headers.get("Content-Type", "")
            etag, modified = (response.headers.get(name) for name in ("ETag", "Last-Modified"))
            if response.status_code == httpx.codes.NOT_MODIFIED:
                return Answer(url, None, kind, etag, modified), None
            if response.status_code in AGAIN:
                return f"HTTP {response.status_code}", _seconds(response.headers.get("Retry-After"))
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


def _seconds(said: str | None) -> float:
    """What ``Retry-After`` asks for; dates and nonsense are as good as nothing."""
    return float(said) if said and said.isdigit() else 0.0
