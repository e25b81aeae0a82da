"""Regular expressions that are compiled when they are first used, not when they are imported.

Compiling all wordings of the lexicon takes longer than reading a few announcements, and most of
them concern what few announcements say.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cached_property, lru_cache
from typing import Any

# Letters that IGNORECASE takes for another letter, but ``str.lower`` does not.
_ODD_LETTERS = str.maketrans("İıſ", "iis")


class Pattern:
    """A pattern with the methods of ``re.Pattern`` that rules use, and their results.

    A mistake in it raises ``re.error`` at its first use.
    """

    def __init__(self, pattern: str, flags: int = 0) -> None:
        self._written = pattern, flags

    @cached_property
    def regex(self) -> re.Pattern[str]:
        """The pattern compiled."""
        return re.compile(*self._written)

    @cached_property
    def search(self) -> Callable[..., re.Match[str] | None]:
        """As ``re.Pattern.search``."""
        return self.regex.search

    @cached_property
    def finditer(self) -> Callable[..., Iterator[re.Match[str]]]:
        """As ``re.Pattern.finditer``."""
        return self.regex.finditer

    @cached_property
    def match(self) -> Callable[..., re.Match[str] | None]:
        """As ``re.Pattern.match``."""
        return self.regex.match

    @cached_property
    def fullmatch(self) -> Callable[..., re.Match[str] | None]:
        """As ``re.Pattern.fullmatch``."""
        return self.regex.fullmatch

    @cached_property
    def findall(self) -> Callable[..., list[Any]]:
        """As ``re.Pattern.findall``."""
        return self.regex.findall

    @cached_property
    def sub(self) -> Callable[..., str]:
        """As ``re.Pattern.sub``."""
        return self.regex.sub


@lru_cache(maxsize=64)
def lowered(text: str) -> str:
    """The text as IGNORECASE compares it, letter by letter, for the letters of our patterns."""
    return text.translate(_ODD_LETTERS).lower()
