"""Tells which lines are the page's and not the announcement's: menus, buttons, other stories."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from pipeline import lexicon

_SEGMENT = re.compile(r"\s{2,}|\s*[|»›>·/]\s*|\t")
_SEPARATOR = re.compile(r"[|»›>·/\t]|\s\s")  # what divides segments
_COUNT = re.compile(r"\s*\(\d+\)")  # "Uutiset (12)"
_SENTENCE_END = re.compile(r"[.!?…][”\"')\]]*$")
_TAIL_FROM = 0.3  # a tail of furniture never starts in the first third of a page


@cache
def _furniture_words() -> tuple[frozenset[str], frozenset[str], tuple[str, ...], frozenset[str]]:
    data = lexicon.settings("furniture")
    return (
        frozenset(data["tails"]),
        frozenset(data["lines"]),
        tuple(data["starts"]),
        frozenset(data["menu_words"]),
    )


@cache
def _tail_pattern() -> re.Pattern[str]:
    return re.compile("|".join(lexicon.settings("furniture")["tail_patterns"]))


def furniture_of(text: str, lines: Sequence[tuple[int, int]]) -> set[int]:
    """Numbers of the lines that are page furniture."""
    tails, alone, starts, _ = _furniture_words()
    found: set[int] = set()
    for number, (start, end) in enumerate(lines):
        line = text[start:end]
        folded = " ".join(line.casefold().split())
        plain = _COUNT.sub("", folded).strip(" :»›>.!?|-–")
        late = start > 0.5 * len(text) and _tail_pattern().fullmatch(plain) is not None
        if late or (plain in tails and start > _TAIL_FROM * len(text)):
            found.update(range(number, len(lines)))
            break
        if plain in tails or plain in alone or folded.startswith(starts) or _is_menu(line):
            found.add(number)
    return found


def _is_menu(line: str) -> bool:
    """Nothing but short segments between separators, half of them words of menus."""
    menu_words = _furniture_words()[3]
    if not _SEPARATOR.search(line):
        return False
    segments = [segment for segment in _SEGMENT.split(line) if segment]
    if len(segments) < 2 or _SENTENCE_END.search(line) or any(len(s.split()) > 4 for s in segments):
        return False
    known = sum(segment.casefold() in menu_words for segment in segments)
    return known * 2 >= len(segments)
