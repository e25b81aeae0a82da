"""User names and passwords in addresses are for their servers alone: never written, never shown."""

from __future__ import annotations

import re

# What stands before an @ in front of the host; a password that holds a slash, too, where there is
# no port that it could be taken for.
_LOGIN = re.compile(r"(?<=://)(?:[^/\s?#]*@|[^/\s:@\[]*:(?!\d*(?:[/?#\s]|$))[^\s@]*@)")


def without_login(text: str) -> str:
    """An address, or a text with addresses, without ``user:password@``."""
    return _LOGIN.sub("", text)
