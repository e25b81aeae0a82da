"""Find when a page says it was published and updated.

Labels come first (``Julkaistu 3.5.2024``, ``Luotu`` with the date on the next line), anywhere on
the page; else a line near the top that holds a date and nothing that makes it something else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any, Literal, NamedTuple

import msgspec

from pipeline import lexicon
from pipeline.extract.dates import find_dates
from pipeline.extract.finds import DateFind
from pipeline.extract.single_date import read_date
from pipeline.patterns import lowered

_HEAD_LINES = 12  # non-empty lines that may hold an unlabelled date
_FOOT_LINES = 10  # … or a place and a date as a letter ends
_MOST_DATE_LINES = 2  # more of them make the page a list of stories

Kind = Literal["published", "updated"]


class Publication(msgspec.Struct, frozen=True, kw_only=True):
    """The two dates of a page itself, each as found."""

    published: DateFind | None = None
    updated: DateFind | None = None


class Line(NamedTuple):
    """A non-empty line: its bounds without outer white space, and its text."""

    start: int
    end: int
    text: str


def find_publication(text: str) -> Publication:
    """Publication and update of the page that ``text`` is, ``None`` where it doesn't say.

    Dates of comments, of other stories and in prose are never taken.
    """
    lines = [Line(match.start(), match.end(), match.group()) for match in _LINE.finditer(text)]
    own, foreign = _own_lines(lines)
    finds = [
        find
        for find in find_dates(text, None)
        if find.rule == "day" and find.first is not None and not find.relative
    ]
    published = _labelled("published", text, own, finds)
    updated = _labelled("updated", text, own, finds) or _labelled("updated", text, foreign, finds)
    if published is None:
        published = _date_line(own[:_HEAD_LINES], finds, updated) or _signed(own, finds)
    return Publication(published=published, updated=updated)


_MARKS = re.compile(r"[\d():.…»>]+")
_LINE = re.compile(r"[^\s][^\n]*[^\s]|[^\s]")


def _own_lines(lines: Sequence[Line]) -> tuple[list[Line], list[Line]]:
    """The page's own lines, and those behind a heading of comments or other stories."""
    headings = lexicon.settings("publication")["foreign"]["headings"]
    for index, line in enumerate(lines):
        words = _MARKS.sub("", line.text.lower()).strip()
        if index and words in headings:
            return list(lines[:index]), list(lines[index:])
    return list(lines), []


@cache
def _labels(kind: Kind) -> tuple[str, ...]:
    labels: list[str] = lexicon.settings("publication")[kind]["labels"]
    return tuple(label.lower() for label in labels)


@cache
def _label(kind: Kind) -> re.Pattern[str]:
    data = lexicon.settings("publication")
    labels = sorted(data[kind]["labels"], key=len, reverse=True)
    subjects = "|".join(data["pages"]["subjects"])
    return re.compile(
        rf"(?:^|(?<=[|·•,;(/–-])|(?<=[|·•,;(/–-]\s)|(?<=\d\s)|(?<=\d\s\s)|(?<=[.:]\s))"
        rf"(?:(?:{subjects})\w*\s(?:on\s)?(?:viimeksi\s)?)?"
        rf"(?:{'|'.join(re.escape(label) for label in labels)})(?![\w-])(?:\sviimeksi)?\s*[:.]?\s*",
        re.IGNORECASE,
    )


def _labelled(
    kind: Kind, text: str, lines: Sequence[Line], finds: Sequence[DateFind]
) -> DateFind | None:
    labels = [label for label in _labels(kind) if label in lowered(text)]
    for index, line in enumerate(lines):
        if not any(label in lowered(line.text) for label in labels):
            continue
        for match in _label(kind).finditer(line.text):
            following = lines[index + 1] if index + 1 < len(lines) else None
            date = _after_label(line, match.end(), following, finds)
            if date is not None:
                return msgspec.structs.replace(date, rule=f"{kind}-label", confidence=0.97)
    return None


_CONNECTIVE = re.compile(r"(?:\W|(?:on|klo|[a-zåäö]{2,12}na)\b)*$", re.IGNORECASE)


def _after_label(
    line: Line, offset: int, following: Line | None, finds: Sequence[DateFind]
) -> DateFind | None:
    """The date right behind a label, or alone at the start of the next line."""
    position = line.start + offset
    rest = line.text[offset:]
    for find in finds:
        if position <= find.start < line.end:
            between = rest[: find.start - position]
            return find if len(between) <= 16 and _CONNECTIVE.match(between) else None
    if rest.strip(" .:|·•"):
        return _otherwise_written(rest, position)
    if following is None:
        return None
    for find in finds:
        if find.start == following.start:
            return find if len(following.text) - (find.end - find.start) <= 30 else None
    return _otherwise_written(following.text, following.start)


def _otherwise_written(raw: str, start: int) -> DateFind | None:
    """A label's value in a foreign notation: ``May 3, 2024``."""
    day = read_date(raw)
    if day is None:
        return None
    return DateFind(
        start=start,
        end=start + len(raw.rstrip()),
        rule="day",
        confidence=0.9,
        first=day,
        last=day,
        precision="day",
        first_precision="day",
        last_precision="day",
    )


def _date_line(
    lines: Sequence[Line], finds: Sequence[DateFind], updated: DateFind | None
) -> DateFind | None:
    """The one line near the top that is a date with at most a category or an author."""
    found = []
    for index, line in enumerate(lines):
        inside = [find for find in finds if line.start <= find.start < line.end]
        if len(inside) != 1 or (updated and updated.start == inside[0].start):
            continue
        if index and _announces(lines[index - 1].text):
            continue
        below = lines[index + 1].text if index + 1 < len(lines) else ""
        if _of_event(line, inside[0], below):
            continue
        if _is_date_line(line, inside[0]) or _is_dateline(line, inside[0]):
            found.append(inside[0])
    if not found or len(found) > _MOST_DATE_LINES:
        return None
    return msgspec.structs.replace(found[0], rule="date-line", confidence=0.85)


def _announces(line: str) -> bool:
    """Does the line above say what the date is: ``Toimiaika``, ``Kokouspäivä:``?"""
    words = _words(line)
    if line.endswith(":") or not 0 < len(words) <= 3:
        return line.endswith(":")
    verbs: list[str] = lexicon.settings("publication")["other"]["verbs"]
    last = words[-1].lower()
    if last in verbs or last == "päivä":  # labels as lone words only: "Uusi talo alkaa" is a title
        return len(words) == 1
    return _other([last])


def _of_event(line: Line, find: DateFind, below: str) -> bool:
    """A span of hours behind the date, or the place under it: an event's day."""
    words = _words(below)
    heads: list[str] = lexicon.settings("publication")["other"]["below"]
    return bool(_HOURS.match(line.text[find.end - line.start :])) or (
        bool(words) and words[0].lower() in heads
    )


def _is_date_line(line: Line, find: DateFind) -> bool:
    """A date with a time, a kind of text, an author, a publisher, and nothing else."""
    before = line.text[: find.start - line.start]
    after = _TIME.sub("", line.text[find.end - line.start :], count=1)
    data = lexicon.settings("publication")["categories"]
    known = {*data["words"], *data["clock"]}
    ahead = [word for word in _words(before) if word.lower() not in known]
    behind = [word for word in _words(after) if word.lower() not in known]
    left = ahead + behind
    if not left:
        return len(_words(line.text)) <= 6
    if _other(left) or len(left) > 6:
        return False
    if _STRONG_SEPARATOR.search(before) or _STRONG_SEPARATOR.search(after):
        return not re.search(r"[.!?]\s", before + after)
    return all(word[0].isupper() for word in left) and not (ahead and behind)


def _is_dateline(line: Line, find: DateFind) -> bool:
    """``Kuusela 3.5.2024 – Uusi hanke käynnistyy.``: place and date before the first sentence."""
    place = _words(line.text[: find.start - line.start])
    behind = line.text[find.end - line.start :]
    return len(place) == 1 and place[0][0].isupper() and bool(_LEAD.match(behind))


def _signed(lines: Sequence[Line], finds: Sequence[DateFind]) -> DateFind | None:
    """``Kuuselassa 3.5.2024`` near the end, as letters are dated."""
    for line in reversed(lines[-_FOOT_LINES:]):
        for find in finds:
            if find.end == line.end and _PLACE.fullmatch(line.text[: find.start - line.start]):
                return msgspec.structs.replace(find, rule="date-signed", confidence=0.75)
    return None


_TIME = re.compile(
    r"^[\s,|·•–-]*(?:klo|kello|kl)?\.?\s*(?:\d{1,2}[.:]\d{2}(?::\d{2})?|(?<=klo )\d{1,2})(?!\d)",
    re.I,
)
_HOURS = re.compile(
    r"^[\s,]*(?:klo|kello|kl)?\.?\s*\d{1,2}(?:[.:]\d{2})?\s*[–-]\s*\d{1,2}(?:[.:]\d{2})?", re.I
)
_STRONG_SEPARATOR = re.compile(r"[|·•,/]|\s[–-]\s|\s{3,}|\t")
_LEAD = re.compile(r"\s*(?:[–-]\s|[.:]\s)\s*[A-ZÅÄÖ”\"].{20,}", re.DOTALL)
_PLACE = re.compile(r"[A-ZÅÄÖ][\w-]+(?:ssa|ssä|lla|llä|\b,)\s*(?:\w+na\s)?")


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W\d_][\w’'-]*", text)


def _other(words: Iterable[str]) -> bool:
    endings: Any = tuple(lexicon.settings("publication")["other"]["endings"])
    return any(word.lower().endswith(endings) for word in words)
