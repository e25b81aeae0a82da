"""The YAML front matter of a Markdown file: its title, days and address are no text.

What else stands there stays in the text, and all of it where it is no YAML: nothing is lost.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import NamedTuple

import yaml

from pipeline.read.container_dates import container_date

MOST = 10_000  # characters of a front matter
_WHOLE = re.compile(r"---[ \t]*\n(?P<head>.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.M | re.S)
_KEYS = {
    "title": ("title", "otsikko"),
    "url": ("url", "canonical_url"),
    "published": ("date", "published", "publishdate", "julkaistu"),
    "updated": ("updated", "modified", "lastmod", "last_modified_at", "muokattu", "päivitetty"),
}
_NAMES = {key: name for name, keys in _KEYS.items() for key in keys}
_READABLE: dict[str, Callable[[str], object]] = {
    "title": bool,
    "url": re.compile(r"https?://\S+").fullmatch,
    "published": container_date,
    "updated": container_date,
}


class FrontMatter(NamedTuple):
    """What a file says of itself, and the text that is left."""

    text: str
    title: str | None = None
    url: str | None = None
    published: date | None = None
    updated: date | None = None


def read_front_matter(text: str) -> FrontMatter:
    """What the front matter of a text says; the text as it is where nothing of that can be read.

    The title stays in front of a text that doesn't hold it: a site shows it there.
    """
    found = _WHOLE.match(text.replace("\r\n", "\n"))
    if found is None or len(found["head"]) > MOST:
        return FrontMatter(text)
    try:
        whole = yaml.compose(found["head"], Loader=yaml.SafeLoader)
    except (yaml.YAMLError, RecursionError):
        return FrontMatter(text)
    lines = found["head"].splitlines()
    said: dict[str, str] = {}
    for key, value in whole.value if isinstance(whole, yaml.MappingNode) else ():
        if not isinstance(key, yaml.ScalarNode) or not isinstance(value, yaml.ScalarNode):
            continue
        name, meant = _NAMES.get(key.value.lower()), value.value.strip()
        if name is not None and name not in said and _READABLE[name](meant):
            said[name] = meant
            after = value.end_mark.line + bool(value.end_mark.column)
            lines[key.start_mark.line : after] = [""] * (after - key.start_mark.line)
    if not said:
        return FrontMatter(text)
    body = found.string[found.end() :].lstrip("\n")
    title = said.get("title", "")
    left = "\n".join(line.rstrip() for line in lines if line.strip())
    return FrontMatter(
        text="\n\n".join(filter(None, ("" if title in body else title, left, body))),
        title=title or None,
        url=said.get("url"),
        published=container_date(said.get("published")),
        updated=container_date(said.get("updated")),
    )
