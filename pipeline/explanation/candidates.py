"""The candidates of an announcement that was read again: what may be a fact, and how likely."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import msgspec

from pipeline.records import Announcement

NAMES, JOINT = "projects", "projects_joint"
"""The kinds of decision on a project's name: by itself, and beside the page's others."""
PUBLICATION = "publication"
"""The kind of decision that is about when the page was published and updated."""


class Candidate(msgspec.Struct, frozen=True, kw_only=True):
    """What may be a fact: ``value`` (a part, a side, a kind of money …) of ``item`` in ``project``.

    ``item`` and ``project`` are keys of entities in their announcement; ``item`` is a number for
    money, a place and a day for dates, a name's folded form for names. ``spans`` are its places.
    """

    kind: str
    spans: tuple[tuple[int, int], ...]
    item: str
    value: str
    project: str | None
    rule: str
    signs: Mapping[str, float]
    probability: float


class Reading:
    """The candidates of one announcement; ``named`` maps the keys of its entities to names."""

    def __init__(
        self, candidates: Mapping[str, Sequence[Candidate]], named: Mapping[str, str]
    ) -> None:
        self.candidates = candidates
        self.named = named


def announcement_of(row: Mapping[str, str | None]) -> Announcement:
    """The announcement that a row of ``documents`` holds."""
    return Announcement(
        doc_id=row["doc_id"] or "",
        source=row["source"] or "",
        raw_sha256=row["raw_sha256"] or "",
        text=row["text"] or "",
        title=row["title"],
        published=_day(row["published"]),
        updated=_day(row["updated"]),
    )


def _day(iso: str | None) -> date | None:
    return date.fromisoformat(iso) if iso else None
