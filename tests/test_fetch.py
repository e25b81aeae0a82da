"""Fetching from a server on this machine: politely, within limits, never one page twice."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from runs import rows, run_on

from pipeline.cli import main
from pipeline.fetch.client import Guest, Refused, _place
from pipeline.fetch.fetch import Fetched, fetch
from pipeline.fetch.settings import SECONDS, FeedsUnusable, Settings, Source, read_settings
from pipeline.prepare import prepared
from pipeline.read import list_inputs, read_folder

Answer = tuple[int, dict[str, str], bytes]
PAGE = "<html><body><p>Kuusamäen kaupunki rakentaa sillan {0}.</p></body></html>"


class Site:
    """A site as a dictionary: paths to (status, headers, body), or a list of such in turn."""

    def __init__(self) -> None:
        self.pages: dict[str, Answer | list[Answer]] = {}
        self.asked: list[str] = []
        self.agents: set[str] = set()
        self.url = ""

    def put(self, path: str, body: str | bytes, **headers: str) -> None:
        raw = body.encode() if isinstance(body, str) else body
        self.pages[path] = (200, {key.replace("_", "-"): v for key, v in headers.items()}, raw)

    def feed(self, *paths: str) -> None:
        items = "".join(
            f"<item><title>x</title><link>{self.url}{path}</link></item>" for path in paths
        )
        self.put("/feed", f'<rss version="2.0"><channel><title>u</title>{items}</channel></rss>')

    def answer(self, path: str, headers: dict[str, str]) -> Answer:
        self.asked.append(path)
        self.agents.add(headers.get("User-Agent", ""))
        found = self.pages.get(path, (404, {}, b""))
        if isinstance(found, list):
            found = found.pop(0) if len(found) > 1 else found[0]
        if found[1].get("ETag") and found[1]["ETag"] == headers.get("If-None-Match"):
            return 304, found[1], b""
        return found

    def move(self, path: str, place: str, status: int = 302) -> None:
        self.pages[path] = (status, {"Location": place}, b"")


@pytest.fixture
def site() -> Iterator[Site]:
    with served() as made:
        yield made


@pytest.fixture
def other() -> Iterator[Site]:
    """A second site, whose host has another port."""
    with served() as made:
        yield made


@contextmanager
def served() -> Iterator[Site]:
    """A site and a server for it on this machine."""
    made = Site()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, headers, body = made.answer(self.path, dict(self.headers))
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Print nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield made
    server.shutdown()
    server.server_close()


@contextmanager
def visiting(settings: Settings) -> Iterator[tuple[Guest, list[float]]]:
    """A guest that notes its pauses in place of making them."""
    pauses: list[float] = []
    with Guest(settings, sleep=pauses.append, clock=lambda: 0.0) as guest:
        yield guest, pauses


def settings(site: Site, **more: object) -> Settings:
    feeds = (Source(name="kuusamaki", url=f"{site.url}/feed"),)
    return Settings(feeds=feeds, **more)  # type: ignore[arg-type]


def fetched(found: Settings, folder: Path) -> Fetched:
    with visiting(found) as (guest, _):
        return fetch(found, folder, guest)


def test_new_pages_become_files_and_are_not_fetched_again(site: Site, tmp_path: Path) -> None:
    site.feed("/silta", "/tie")
    site.put("/silta", PAGE.format(1), ETag='"1"')
    site.put("/tie", PAGE.format(2))
    first = fetched(settings(site), tmp_path)
    assert len(first.new) == 2
    assert all(name.startswith("kuusamaki/") and name.endswith(".html") for name in first.new)
    assert [file.source for file in list_inputs(tmp_path)] == sorted(first.new)
    again = fetched(settings(site), tmp_path)
    assert (again.new, again.changed, again.unchanged) == ([], [], 2)
    site.put("/silta", PAGE.format(3), ETag='"2"')
    site.feed("/uusi", "/silta", "/tie")
    site.put("/uusi", PAGE.format(4))
    later = fetched(settings(site), tmp_path)
    assert (len(later.new), len(later.changed), later.unchanged) == (1, 1, 1)
    assert "sillan 3" in (tmp_path / later.changed[0]).read_text()


def test_a_fetched_post_knows_its_address(site: Site, tmp_path: Path) -> None:
    site.feed("/silta", "/tie")
    site.put("/silta", PAGE.format(1))
    own = '<html><head><link rel="canonical" href="https://kuusamaki.example/tie"></head>'
    site.put("/tie", own + PAGE.format(2).removeprefix("<html>"))
    fetched(settings(site), tmp_path / "posts")
    (tmp_path / "posts" / "own.txt").write_text("Kuusamäen kaupunki rakentaa sillan 3.")
    said = {f"{site.url}/silta", "https://kuusamaki.example/tie", None}
    assert {post.url for post in read_folder(tmp_path / "posts")} == said
    assert {post.url for post in read_folder(tmp_path)} == said  # from above
    # A run writes them into documents, also where it had read the same bytes without an address.
    notes = tmp_path / "posts" / ".fetched.json"
    noted = notes.read_bytes()
    for notes_now, urls in ((b"{", {"https://kuusamaki.example/tie", None}), (noted, said)):
        notes.write_bytes(notes_now)
        run_on(tmp_path / "posts", tmp_path / "out", report=False)
        assert {row["url"] for row in rows(tmp_path / "out").values()} == urls


def test_robots_and_their_delay_are_obeyed(site: Site, tmp_path: Path) -> None:
    site.put("/robots.txt", "User-agent: *\nDisallow: /salainen\nCrawl-delay: 7\n")
    site.feed("/salainen/silta", "/silta")
    site.put("/silta", PAGE.format(1))
    found = settings(site, delay=0.5, contact="aineisto@esimerkki.fi")
    with visiting(found) as (guest, pauses):
        result = fetch(found, tmp_path, guest)
    assert [why for _, why in result.refused] == ["robots.txt says no"]
    assert "/salainen/silta" not in site.asked
    assert 7.0 in pauses
    (agent,) = site.agents
    assert agent.startswith("hankepoimuri/")
    assert "aineisto@esimerkki.fi" in agent


def test_a_site_whose_rules_cannot_be_read_is_left_alone(site: Site, tmp_path: Path) -> None:
    site.pages["/robots.txt"] = (403, {}, b"")
    site.feed("/silta")
    result = fetched(settings(site), tmp_path)
    assert [why for _, why in result.refused] == ["robots.txt says no"]
    assert site.asked == ["/robots.txt"]


def test_a_busy_server_is_given_time(site: Site, tmp_path: Path) -> None:
    site.feed("/silta")
    busy: Answer = (503, {"Retry-After": "9"}, b"")
    site.pages["/silta"] = [busy, (200, {}, PAGE.format(1).encode())]
    found = settings(site)
    with visiting(found) as (guest, pauses):
        result = fetch(found, tmp_path, guest)
    assert len(result.new) == 1
    assert 9.0 in pauses
    site.pages["/silta"] = (503, {"Retry-After": "4000"}, b"")
    site.asked.clear()
    assert fetched(found, tmp_path / "other").refused[0][1] == "HTTP 503"
    assert site.asked.count("/silta") == 1


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("9", 9),
        ("Tue, 03 Mar 2026 08:00:25 GMT", 25),
        ("Tue, 03 Mar 2026 08:00:25", 25),  # without a zone
        ("Tue, 03 Mar 2026 10:00:25 +0200", 25),
        ("Tue, 03 Mar 2026 07:00:00 GMT", 0),  # has passed
        ("huomenna", 0),
    ],
)
def test_a_server_may_say_when_it_has_time_again(site: Site, said: str, seconds: float) -> None:
    site.pages["/silta"] = [(503, {"Retry-After": said}, b""), (200, {}, b"silta")]
    pauses: list[float] = []
    eight = datetime(2026, 3, 3, 8, tzinfo=UTC).timestamp()
    with Guest(Settings(), pauses.append, lambda: 0.0, today=lambda: eight) as guest:
        assert guest.get(f"{site.url}/silta").body == b"silta"
    assert max(pauses) == max(seconds, SECONDS)


def test_a_day_is_too_long_to_wait(site: Site) -> None:
    site.pages["/silta"] = (503, {"Retry-After": "Wed, 04 Mar 2099 08:00:00 GMT"}, b"")
    with visiting(Settings()) as (guest, _), pytest.raises(Refused, match="HTTP 503"):
        guest.get(f"{site.url}/silta")
    assert site.asked.count("/silta") == 1


def test_a_page_that_moved_is_fetched_as_its_new_site_allows(site: Site, other: Site) -> None:
    other.put("/robots.txt", "User-agent: *\nDisallow: /salainen\nCrawl-delay: 7\n")
    other.put("/salainen/silta", PAGE.format(1))
    other.put("/tie", PAGE.format(2))
    site.move("/silta", f"{other.url}/salainen/silta")
    site.move("/tie", f"{other.url}/tie#alku", 301)
    site.move("/polku", "/silta")
    with visiting(Settings(delay=0.5)) as (guest, pauses):
        for path in ("/silta", "/polku"):
            with pytest.raises(Refused, match=r"moved to .*/salainen/silta: robots.txt says no"):
                guest.get(f"{site.url}{path}")
        assert guest.get(f"{site.url}/tie").url == f"{other.url}/tie"
    assert other.asked == ["/robots.txt", "/tie"]
    assert 7.0 in pauses


def test_rules_that_moved_hold_and_a_page_that_is_always_elsewhere_is_left(
    site: Site, other: Site
) -> None:
    site.move("/robots.txt", f"{other.url}/rules", 301)
    other.put("/rules", "User-agent: *\nDisallow: /salainen\n")
    site.move("/silta", "/silta")
    site.move("/tie", "file:///etc/hostname")
    site.move("/polku", "http://[::")
    with visiting(Settings()) as (guest, _):
        with pytest.raises(Refused, match=r"robots.txt says no"):
            guest.get(f"{site.url}/salainen/silta")
        with pytest.raises(Refused, match="moved more than 5 times"):
            guest.get(f"{site.url}/silta")
        with pytest.raises(Refused, match="not an http address"):
            guest.get(f"{site.url}/tie")
        with pytest.raises(Refused, match="Invalid URL"):
            guest.get(f"{site.url}/polku")
    assert site.asked.count("/silta") == 6


def test_a_login_goes_along_on_its_own_host_only() -> None:
    assert _place("http://me:pw@a.fi/x", "/y") == "http://me:pw@a.fi/y"
    assert _place("http://me:pw@a.fi/x", "http://a.fi/y") == "http://me:pw@a.fi/y"
    assert _place("http://me:pw@a.fi/x", "http://b.fi/y") == "http://b.fi/y"


def test_what_is_too_large_or_gone_is_told(site: Site, tmp_path: Path) -> None:
    site.feed("/suuri", "/poissa")
    site.put("/suuri", b"x" * 200_000)
    result = fetched(settings(site, megabytes=0.1), tmp_path)
    assert dict(result.refused) == {
        f"{site.url}/suuri": "more than 0.1 MB",
        f"{site.url}/poissa": "HTTP 404",
    }
    assert list_inputs(tmp_path) == []


def test_what_a_feed_tells_stands_in_for_a_page_that_is_gone(site: Site, tmp_path: Path) -> None:
    entry = (
        f"<item><title>Silta &amp; tie</title><link>{site.url}/silta</link>"
        "<pubDate>Tue, 03 Mar 2026 08:00:00 +0200</pubDate>"
        "<description>&lt;p&gt;Kuusamäen kaupunki rakentaa sillan.&lt;/p&gt;</description></item>"
    )
    site.put("/feed", f'<rss version="2.0"><channel><title>u</title>{entry}</channel></rss>')
    first = fetched(settings(site), tmp_path)
    assert (first.new, first.refused) == ([], [(f"{site.url}/silta", "HTTP 404")])
    (name,) = first.told
    (post,) = read_folder(tmp_path)
    assert post.source == name
    announcement = prepared(post)
    assert (announcement.title, announcement.url) == ("Silta & tie", f"{site.url}/silta")
    assert str(announcement.published) == "2026-03-03"
    assert "Kuusamäen kaupunki rakentaa sillan." in announcement.text
    assert fetched(settings(site), tmp_path).told == []  # nothing new is told
    site.put("/silta", PAGE.format(7))
    assert fetched(settings(site), tmp_path).new == [name]  # the page takes its place
    assert "sillan 7" in (tmp_path / name).read_text()


def test_sitemaps_within_sitemaps(site: Site, tmp_path: Path) -> None:
    name = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    site.put(
        "/sitemap.xml",
        f"<sitemapindex {name}><sitemap><loc>{site.url}/a.xml</loc></sitemap></sitemapindex>",
    )
    pages = "".join(f"<url><loc>{site.url}{path}</loc></url>" for path in ("/hanke/1", "/muu/2"))
    site.put("/a.xml", f"<urlset {name}>{pages}</urlset>")
    site.put("/hanke/1", PAGE.format(1))
    source = Source(name="kartta", url=f"{site.url}/sitemap.xml", match="/hanke/")
    result = fetched(Settings(sitemaps=(source,)), tmp_path)
    assert len(result.new) == 1
    assert "/muu/2" not in site.asked


def test_other_schemes_are_refused() -> None:
    with visiting(Settings()) as (guest, _), pytest.raises(Refused, match="not an http"):
        guest.get("file:///etc/hostname")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("feeds = 1", "Expected `array`"),
        ('[[feeds]]\nname = "a"', "missing required field `url`"),
        ('[[feeds]]\nname = "../a"\nurl = "x"', "no name of a folder"),
        ("delay = 2", "names no feed"),
        ('[[feeds]]\nname = "a"\nurl = "x"\ncolour = "red"', "unknown field `colour`"),
    ],
)
def test_mistakes_in_the_file_are_told(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "feeds.toml"
    path.write_text(text)
    with pytest.raises(FeedsUnusable, match=said):
        read_settings(path)


def test_the_command(site: Site, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    site.feed("/silta")
    site.put("/silta", PAGE.format(1))
    path = tmp_path / "feeds.toml"
    path.write_text(f'delay = 0\n[[feeds]]\nname = "u"\nurl = "{site.url}/feed"\n')
    assert main(["fetch", str(path), "--to", str(tmp_path / "corpus")]) == 0
    assert "1 new, 0 changed" in capsys.readouterr().out
    assert main(["fetch", str(tmp_path / "none.toml")]) == 2
