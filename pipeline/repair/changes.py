"""What a repair step hands over: spans of its input and what replaces them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import NamedTuple


class Change(NamedTuple):
    """``after`` replaces ``text[start:end]``; offsets count code points of the step's input."""

    start: int
    end: int
    after: str


#: A step finds changes in a text; they come in order, do not overlap, and change something.
#: A step is idempotent: in its own output it finds nothing.
Step = Callable[[str], list[Change]]


def apply(text: str, changes: Iterable[Change]) -> str:
    """Return ``text`` with the ordered, non-overlapping ``changes`` made."""
    parts: list[str] = []
    at = 0
    for start, end, after in changes:
        parts += (text[at:start], after)
        at = end
    parts.append(text[at:])
    return "".join(parts)


def substitute(
    pattern: re.Pattern[str], replacement: Callable[[re.Match[str]], str], text: str
) -> list[Change]:
    """Changes for every match of ``pattern`` whose ``replacement`` differs from it."""
    changes = []
    for match in pattern.finditer(text):
        after = replacement(match)
        if after != match.group():
            changes.append(Change(match.start(), match.end(), after))
    return changes
