"""Labels that say when a page was published or updated: ``Julkaistu``, ``Viimeksi muokattu``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Literal, NamedTuple, get_args

from pipeline import lexicon
from pipeline.extract.finds import DateFind
from pipeline.extract.single_date import read_date
from pipeline.patterns import lowered

Kind = Literal["published", "updated"]
KINDS: tuple[Kind, ...] = get_args(Kind)


class Line(NamedTuple):
    """A non-empty line: its bounds without outer white space, and its text."""

    start: int
    end: int
    text: str


def labelled_days(
    kind: Kind, text: str, lines: Sequence[Line], finds: Sequence[DateFind]
) -> Iterator[DateFind]:
    """Dates right behind a label of the kind."""
    labels = [label for label in _labels(kind) if label in lowered(text)]
    for index, line in enumerate(lines):
        if not any(label in lowered(line.text) for label in labels):
            continue
        for match in _label(kind).finditer(line.text):
            following = lines[index + 1] if index + 1 < len(lines) else None
            date = _after_label(line, match.end(), following, finds)
            if date is not None:
                yield date


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
