"""``feeds.toml``: which feeds and sitemaps to read, and how gently."""

from __future__ import annotations

import tomllib
from pathlib import Path

import msgspec

from pipeline.errors import PipelineError

SECONDS, TRIES, MEGABYTES, PAGES = 1.0, 3, 5.0, 200


class FeedsUnusable(PipelineError):
    """The file of feeds is not there, or has a mistake."""

    exit_code = 2


class Source(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A feed or sitemap; ``name`` is the folder its posts are written to.

    ``match`` is a part that addresses of a sitemap must hold to be fetched.
    """

    name: str
    url: str
    match: str = ""


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What to read and how gently.

    ``delay`` are seconds between requests to one host, ``timeout`` those a request may take,
    ``tries`` how often one is tried, ``megabytes`` the most that a page may hold, ``pages`` the
    most fetched of one source at a time; ``contact`` goes into the user agent.
    """

    feeds: tuple[Source, ...] = ()
    sitemaps: tuple[Source, ...] = ()
    contact: str = ""
    delay: float = SECONDS
    timeout: float = 20.0
    tries: int = TRIES
    megabytes: float = MEGABYTES
    pages: int = PAGES


def read_settings(path: Path) -> Settings:
    """The settings of a file. Raises ``FeedsUnusable`` saying what is wrong with it."""
    try:
        read = tomllib.loads(path.read_text("utf-8"))
        settings = msgspec.convert(read, Settings)
    except OSError as error:
        raise FeedsUnusable(f"{path} cannot be opened: {error.strerror or error}.") from error
    except (tomllib.TOMLDecodeError, msgspec.ValidationError, UnicodeDecodeError) as error:
        raise FeedsUnusable(f"{path}: {error}.") from error
    names = [source.name for source in (*settings.feeds, *settings.sitemaps)]
    for name in names:
        if not name or name.startswith(".") or "/" in name or "\\" in name:
            raise FeedsUnusable(f"{path}: name {name!r} is no name of a folder.")
    if len(set(names)) < len(names):
        raise FeedsUnusable(f"{path}: two sources have one name.")
    if not names:
        raise FeedsUnusable(f"{path} names no feed: [[feeds]] name = …, url = ….")
    return settings
