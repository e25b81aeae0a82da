"""Characters nobody sees: soft hyphens, zero-width marks, unusual spaces, control characters."""

from __future__ import annotations

import re

from ftfy.fixes import fix_c1_controls

from pipeline.repair.changes import Change, substitute

_LINE_END = re.compile("\r\n?|[\x0b\x0c\u2028\u2029]")
_C1 = re.compile("[\x80-\x9f]")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ufff9-\ufffc]")
_SPACE = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_HYPHEN = re.compile("[\u2010\u2011]")
# Joiners (U+200C, U+200D) hold emoji and some scripts together: only beside Latin letters and
# white space they are debris.
_ANY = re.compile("[\u00ad\u034f\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]")
_NOTHING = re.compile(
    "\u00ad[ \t]*\n[ \t]*(?=[a-zäöå])"  # a word divided at the end of a line
    "|[\u00ad\u034f\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]"
    "|(?<=[\\s\x21-\u024f])[\u200c\u200d]|^[\u200c\u200d]|[\u200c\u200d](?=[\\s\x21-\u024f]|$)"
)


def line_endings(text: str) -> list[Change]:
    """End every line with a line feed, whatever system wrote it."""
    return substitute(_LINE_END, lambda match: "\n", text)


def c1_controls(text: str) -> list[Change]:
    """Read C1 controls as the cp1252 characters they were: "\\x96" is a dash."""
    return substitute(_C1, lambda match: str(fix_c1_controls(match.group())), text)


def control_characters(text: str) -> list[Change]:
    """Remove control characters that are no white space."""
    return substitute(_CONTROL, lambda match: "", text)


def invisible(text: str) -> list[Change]:
    """Remove soft hyphens, zero-width and direction marks, byte order marks inside the text."""
    if not _ANY.search(text):
        return []
    return substitute(_NOTHING, lambda match: "", text)


def unusual_spaces(text: str) -> list[Change]:
    """Make no-break, thin and other wide or narrow spaces plain ones; no-break hyphens too."""
    spaces = substitute(_SPACE, lambda match: " ", text)
    hyphens = substitute(_HYPHEN, lambda match: "-", text)
    return sorted(spaces + hyphens)
