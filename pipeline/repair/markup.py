"""Markup and escapes of other formats left in plain text: tags, "\\u00e4", "=C3=A4"."""

from __future__ import annotations

import re

from pipeline.repair.changes import Change, substitute

_ATTRIBUTES = r"""(?:\s+[\w:-]+\s*=\s*(?:"[^"<>]*"|'[^'<>]*'|[^\s"'<>]+))*\s*/?"""
_TAG = re.compile(
    rf"""
    [ \t]*\n?[ \t]*  <(?:br|hr){_ATTRIBUTES}>  [ \t]*\n?
  | </?(?P<block>p|div|h[1-6]|ul|ol|li|table|tbody|tr|section|article|blockquote){_ATTRIBUTES}>
  | </?(?:b|i|u|em|strong|small|sup|sub|span|font|a|q|abbr|mark|td|th){_ATTRIBUTES}>
    """,
    re.VERBOSE | re.IGNORECASE,
)
# Only of characters beyond ASCII, and of no half of a pair.
_UNICODE_ESCAPE = re.compile(r"(?:\\u(?!00[0-7]|[dD][89a-fA-F])[0-9a-fA-F]{4})+")
_QUOTED = re.compile(r"(?:=[0-9A-F]{2})+|=[ \t]*\n")
_QUOTED_LETTER = re.compile(r"(?<=[A-Za-z])=(?:C3=[89AB][0-9A-F]|[EF][0-9A-F]|C[45])")
_ENOUGH = 3  # letters in quoted-printable


def html_tags(text: str) -> list[Change]:
    """Remove HTML tags; a line break or block of its own begins a new line."""
    if "<" not in text:
        return []

    def removed(match: re.Match[str]) -> str:
        if match["block"] is None:
            return "\n" if re.search(r"<[bh]r", match.group(), re.IGNORECASE) else ""
        beside = text[match.start() - 1 : match.start()], text[match.end() : match.end() + 1]
        return "" if "\n" in beside or "" in beside else "\n"

    return substitute(_TAG, removed, text)


def escapes(text: str) -> list[Change]:
    """Decode JSON's ``\\u00e4`` and, where a text is full of it, quoted-printable ``=C3=A4``."""
    changes = []
    if "\\u" in text:
        changes = substitute(_UNICODE_ESCAPE, _unescaped, text)
    if not changes and "=" in text and len(_QUOTED_LETTER.findall(text)) >= _ENOUGH:
        changes = substitute(_QUOTED, _unquoted, text)
    return changes


def _unescaped(match: re.Match[str]) -> str:
    return "".join(chr(int(code, 16)) for code in match.group()[2:].split("\\u"))


def _unquoted(match: re.Match[str]) -> str:
    if match.group().endswith("\n"):
        return ""
    raw = bytes.fromhex(match.group().replace("=", ""))
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("sloppy-windows-1252")
