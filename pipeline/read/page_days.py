"""Days that a page shows of itself: in ``<time>``, beside a word, stamped by its system."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import cache

from pipeline.lexicon import settings
from pipeline.read.container_dates import container_date
from pipeline.read.page_tree import SILENT_TEXT, HtmlElement, is_within, text_of, words_of

_FURNITURE = ("aside", "nav", "footer")
_OTHERS = ("aside", "nav")
_STATES = ("published", "updated")
_SHORT_LINE = 60  # characters; a longer line before is another story's
_STAMP = 160  # characters of an element that may say when the page was published
_DAY_ALONE = 32  # characters of one that says nothing else
_DAY = r"\d{1,2}[./]\s?\d{1,2}[./]\s?\d{4}"
_ALONE = re.compile(
    rf"(?:(?:ma|ti|ke|to|pe|la|su)\w{{0,10}}\.?,?\s)?{_DAY}[\s,]*(?:klo\s)?[\d.:]*", re.I
)


@cache
def _words(key: str) -> re.Pattern[str]:
    words = "|".join(map(re.escape, settings("page_furniture")[key]))
    return re.compile(rf"\b(?:{words})\b", re.IGNORECASE)


def days_beside_words(page: HtmlElement) -> dict[str, str]:
    """Dates by the word before them ("Julkaistu", "Päivitetty"), in ``<time>`` or plain.

    A plain one may stand in the page's foot; several are those of other stories.
    """
    plain: dict[str, set[str]] = {key: set() for key in _STATES}
    for element in page.iter():
        if not isinstance(element.tag, str) or element.tag in SILENT_TEXT or len(element):
            continue
        text = text_of(element)
        for key in _STATES if len(text) <= _STAMP else ():
            match = _stated(key).search(text)
            if match is not None and not is_within(element, _OTHERS):
                plain[key].add(match["day"])
    one = {key: days.pop() for key, days in plain.items() if len(days) == 1}
    return one | _times_beside_words(page)


def stamped(page: HtmlElement) -> Iterator[str]:
    """The day of an element that a content system made for it: ``<span class="created">``."""
    days = {
        text
        for element in page.iter()
        if isinstance(element.tag, str)
        and words_of(element) & {*settings("page_furniture")["stamps"]}
        and len(text := text_of(element)) <= _DAY_ALONE
        and _ALONE.fullmatch(text)
        and not is_within(element, _FURNITURE)
    }
    if len(days) == 1:  # more are those of other stories
        yield from days


@cache
def _stated(key: str) -> re.Pattern[str]:
    """A word for such a date, and right behind it the day: "Julkaistu: 28.2.2025"."""
    return re.compile(rf"{_words(key).pattern}[\s:.]{{1,3}}(?P<day>{_DAY})", re.IGNORECASE)


def _times_beside_words(page: HtmlElement) -> dict[str, str]:
    found: dict[str, str] = {}
    surroundings: dict[HtmlElement, _Surroundings] = {}
    for element in page.iter("time"):
        parent = element.getparent()
        if parent is None or is_within(element, _FURNITURE):
            continue
        if parent not in surroundings:
            surroundings[parent] = _Surroundings(parent)
        if key := surroundings[parent].nearest(element):
            found.setdefault(key, element.get("datetime") or text_of(element))
    return found


class _Surroundings:
    """Where words for dates stand in an element's text, or in what is before it."""

    def __init__(self, parent: HtmlElement) -> None:
        parts = [parent.text or ""]
        length = len(parts[0])
        self._times: dict[HtmlElement, int] = {}
        for child in parent:
            if child.tag == "time":
                self._times[child] = length
            parts.append(f" {text_of(child)} {child.tail or ''}")
            length += len(parts[-1])
        text = "".join(parts)
        self._begins = len(text) - len(text.lstrip())
        self._own = _ends(text)
        previous = parent.getprevious()
        before = text_of(previous) if previous is not None else ""
        self._before = _ends(before if len(before) <= _SHORT_LINE else "")

    def nearest(self, time: HtmlElement) -> str | None:
        """Which of the words is the last before a ``<time>`` of the element."""
        last = {key: self._last(key, time) for key in _STATES}
        nearest = max(_STATES, key=lambda key: last[key])
        return nearest if last[nearest] > min(last.values()) else None

    def follows(self, key: str, time: HtmlElement) -> bool:
        """Whether such a word stands before a ``<time>`` of the element."""
        return self._last(key, time) >= 0

    def _last(self, key: str, time: HtmlElement) -> int:
        """Where the last such word before a ``<time>`` ends, or -1."""
        at = self._times[time]
        ends, limit = (self._own, at) if at > self._begins else (self._before, _SHORT_LINE)
        count = bisect_right(ends[key], limit)
        return ends[key][count - 1] if count else -1


def _ends(text: str) -> dict[str, list[int]]:
    return {key: [match.end() for match in _words(key).finditer(text)] for key in _STATES}


def only_time(page: HtmlElement) -> str | None:
    """The date of the main text's only ``<time>``, where nothing else says what it is."""
    times = [
        element
        for element in page.xpath(".//main//time | .//article//time")
        if not is_within(element, _FURNITURE)
    ]
    days = {container_date(element.get("datetime") or text_of(element)) for element in times}
    if len(days) != 1 or not times:
        return None
    parent = times[0].getparent()
    if parent is not None and _Surroundings(parent).follows("updated", times[0]):
        return None
    return times[0].get("datetime") or text_of(times[0])
