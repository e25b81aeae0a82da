"""HTML entities left in plain text: "hyv&auml;" is "hyvä", also when escaped twice."""

from __future__ import annotations

import html
import re

from pipeline.repair.changes import Change, substitute

# Only entities with their semicolon: "R&D" and "?id=1&copy=2" are what they are.
_ENTITY = re.compile(
    r"&(?:(?:amp|\#38|\#x26);)*(?:\#[0-9]{1,7}|\#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});"
)


def html_entities(text: str) -> list[Change]:
    """Unescape named and numeric entities; ``&#150;`` is read as browsers do, as cp1252."""
    if "&" not in text:
        return []
    return substitute(_ENTITY, _unescaped, text)


def _unescaped(match: re.Match[str]) -> str:
    before = match.group()
    after = html.unescape(before)
    while after != before:
        before, after = after, html.unescape(after)
    return after
