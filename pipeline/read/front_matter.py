"""The YAML front matter of a Markdown file: its title, days and address are no text.

Read are keys whose value is one line, plain or quoted, as sites write them. All else (other keys,
lists, folded lines, what is no YAML) stays in the text: nothing is lost.
"""

from __future__ import annotations

import json
import re
from datetime import date
from typing import NamedTuple

from pipeline.read.container_dates import container_date

MOST = 100  # lines of a front matter
_WHOLE = re.compile(r"---[ \t]*\n(?P<head>.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.M | re.S)
_KEY = re.compile(r"(?P<key>[^\W\d][\w-]*):(?:[ \t]+(?P<value>.*))?")
_WITHIN = re.compile(r"[ \t]|-(?:[ \t]|$)")  # how a line begins that goes on with the key above
_SINGLE_QUOTED = re.compile(r"'((?:[^']|'')*)'")
# What a plain value neither begins with nor holds: marks of YAML, a comment, a key.
_NOT_PLAIN = re.compile(r"[\[\]{},#&*!|>@%`\"']|[-?:](?:[ \t]|$)|.*(?:[ \t]#|:(?:[ \t]|$))")
_TITLE = ("title", "otsikko")
_PUBLISHED = ("date", "published", "publishdate", "julkaistu")
_UPDATED = ("updated", "modified", "lastmod", "last_modified_at", "muokattu", "päivitetty")
_URL = ("url", "canonical_url")
_ADDRESS = re.compile(r"https?://\S+")


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
    if found is None or (entries := _entries(found["head"])) is None:
        return FrontMatter(text)
    stated: dict[str, str] = {}
    days: dict[str, date] = {}
    left = []
    for entry in entries:
        match _read(entry):
            case ("title" | "url" as name, str(value)) if name not in stated:
                stated[name] = value
            case ("published" | "updated" as name, date() as day) if name not in days:
                days[name] = day
            case _:
                left.append(entry)
    if not stated and not days:
        return FrontMatter(text)
    body = found.string[found.end() :].lstrip("\n")
    title = stated.get("title")
    shown = title if title and title not in body else ""
    return FrontMatter(
        text="\n\n".join(filter(None, (shown, "\n".join(left), body))),
        title=title,
        url=stated.get("url"),
        published=days.get("published"),
        updated=days.get("updated"),
    )


def _entries(head: str) -> list[str] | None:
    """Each key with the lines that belong to it, each comment; ``None`` where it is not YAML."""
    lines = [line.rstrip() for line in head.split("\n") if line.strip()]
    if len(lines) > MOST:
        return None
    entries: list[str] = []
    for line in lines:
        if line.startswith("#") or _KEY.fullmatch(line):
            entries.append(line)
        elif entries and _WITHIN.match(line):
            entries[-1] += f"\n{line}"
        else:
            return None
    return entries


def _read(entry: str) -> tuple[str, str | date | None]:
    """What an entry says, under our name; ``None`` where it says nothing that we know."""
    found = _KEY.fullmatch(entry)
    if found is None or (value := _scalar(found["value"] or "")) is None:
        return "", None
    key = found["key"].lower()
    if key in _TITLE:
        return "title", value
    if key in _URL:
        return "url", value if _ADDRESS.fullmatch(value) else None
    if key in _PUBLISHED:
        return "published", container_date(value)
    if key in _UPDATED:
        return "updated", container_date(value)
    return "", None


def _scalar(said: str) -> str | None:
    """A value on one line; ``None`` where it is none, or needs more of YAML than this."""
    if said.startswith('"'):
        try:
            value = json.loads(said)  # as YAML quotes, but for escapes that nobody writes
        except ValueError:
            return None
    elif quoted := _SINGLE_QUOTED.fullmatch(said):
        value = quoted[1].replace("''", "'")
    else:
        value = None if _NOT_PLAIN.match(said) else said
    return value.strip() or None if value else None
