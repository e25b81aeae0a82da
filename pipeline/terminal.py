"""What announcements say, shown on a terminal: nothing in it can move the cursor or turn a line.

Names of files, titles and sentences come from elsewhere. Control characters, escape sequences and
marks of direction in them are written as escapes, and so is what a terminal's encoding lacks.
"""

from __future__ import annotations

import re
import sys
from contextlib import suppress
from io import TextIOWrapper

_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"  # controls but for tab and line feed
    "\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)


def visible(text: str) -> str:
    """The text with escapes (``\\x1b``, ``\\u202e``) for what a terminal would obey."""
    return _UNSEEN.sub(lambda match: match.group().encode("unicode_escape").decode(), text)


def visible_line(text: str) -> str:
    """The same on one line."""
    return visible(text).replace("\n", "\\n").replace("\t", "\\t")


def escape_what_cannot_be_shown() -> None:
    """Let no character end the program whose terminal is set to Latin-1 or ASCII."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            with suppress(ValueError, OSError):
                stream.reconfigure(errors="backslashreplace")
