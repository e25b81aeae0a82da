"""Markup and escapes of other formats left in plain text: tags, "\\u00e4", "=C3=A4"."""

from __future__ import annotations

import re

from pipeline.repair.changes import Change, substitute

_ATTRIBUTES = r"""(?:\s+[\w:-]+\s*=\s*(?:"[^"<>]*"|'[^'<>]*'|[^\s"'<>]+))*\s*/?"""
_TAG = re.compile(
    rf"""
    (?P<line><(?:br|hr){_ATTRIBUTES}>) [ \t]*\n?
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

    changes = []
    done = 0
    for match in _TAG.finditer(text):
        start, after = match.start(), ""
        if match["line"] is not None:
            start, after = _line_end(text, done, start), "\n"
        elif match["block"] is not None:
            beside = text[start - 1 : start], text[match.end() : match.end() + 1]
            after = "" if "\n" in beside or "" in beside else "\n"
        done = match.end()
        changes.append(Change(start, done, after))
    return changes


def _line_end(text: str, start: int, end: int) -> int:
    """Where the white space before ``end`` begins that one line break stands for."""
    # Found backwards from the tag: a pattern would try every space of a text without one.
    at = _blanks_before(text, start, end)
    if at > start and text[at - 1] == "\n":
        at = _blanks_before(text, start, at - 1)
    return at


def _blanks_before(text: str, start: int, end: int) -> int:
    while end > start and text[end - 1] in " \t":
        end -= 1
    return end


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
