"""Candidates for a project's start and end: each day a date can mean, each side, each project."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from pipeline.extract.finds import DateFind
from pipeline.extract.project_dates import ProjectDateFind
from pipeline.extract.relations.discourse import NOBODY, Discourse
from pipeline.extract.relations.pairs import Pair
from pipeline.extract.surroundings import Signs, Surroundings

SIDES = ("start", "end")
KINDS = {"project_start": ("start",), "project_end": ("end",), "project_period": SIDES}


# How far a day is from the publication: up to so many days behind it.
_WHEN = (("far_past", -400), ("past", -7), ("now", 8), ("future", 400))


Base = tuple[int, str, date]
"""A start or an end that a length is laid on: where it stands, which of both, and its day."""


class Day(NamedTuple):
    """One end of a date: the day it means, and of which find; ``base`` of one that is reckoned."""

    find: DateFind | ProjectDateFind
    side: str
    day: date
    base: Base | None = None


def candidates(
    around: Surroundings,
    discourse: Discourse,
    dates: Sequence[DateFind],
    votes: Sequence[ProjectDateFind],
    published: date | None,
) -> Iterator[tuple[Pair, Day]]:
    """Each day with each side and project; ``votes`` are what the reader of dates proposes."""
    at_place: dict[int, list[ProjectDateFind]] = {}
    known: dict[tuple[int, str, date], list[ProjectDateFind]] = {}
    for vote in votes:
        at_place.setdefault(vote.start, []).append(vote)
        for side in KINDS.get(vote.kind, ()):
            voted_day = vote.first if side == "start" else vote.last
            if voted_day is not None:
                known.setdefault((vote.start, side, voted_day), []).append(vote)
    days: dict[tuple[int, str, date], Day] = {}
    finds: list[DateFind | ProjectDateFind] = [*dates, *votes]
    for find in finds:
        if around.page.on_furniture(find.start):
            continue
        for side, meant in (("start", find.first), ("end", find.last)):
            if meant is not None:
                days.setdefault((find.start, side, meant), Day(find, side, meant))
    order = {start: number for number, start in enumerate(sorted({d.start for d in dates}))}
    for key, day in days.items():
        told = dict(around.at(day.find.start, day.find.end))
        told.update(_of_day(day, order, published, around))
        links = discourse.at(day.find.start, day.find.end)
        for project, link in links.items():
            if project is NOBODY:
                continue
            signs: Signs = {**told, **{f"p:{sign}": value for sign, value in link.items()}}
            mine = known.get(key, [])
            best = max(mine, key=lambda v: (v.project == project, v.confidence), default=None)
            for vote in mine:
                if vote.project == project:
                    signs["vote"] = max(signs.get("vote", 0.0), vote.confidence)
                    signs[f"vote:{vote.rule}"] = 1.0
                else:
                    signs["vote_elsewhere"] = vote.confidence
            voted = [v for v in at_place.get(day.find.start, ()) if v not in mine]
            if any(v.kind in KINDS for v in voted):
                signs["vote_other_side"] = 1.0
            yield (
                Pair(
                    start=day.find.start,
                    end=day.find.end,
                    item=f"{day.find.start}:{day.day}",
                    value=day.side,
                    project=project,
                    rule=best.rule if best else "evidence",
                    signs=signs,
                ),
                day,
            )


def _of_day(
    day: Day, order: Mapping[int, int], published: date | None, around: Surroundings
) -> Signs:
    """``order`` numbers the places of all dates."""
    find = day.find
    signs: Signs = {f"side_{day.side}": 1.0, f"precision_{find.precision}": 1.0}
    is_range = find.first != find.last and find.first is not None and find.last is not None
    ranged = isinstance(find, DateFind) and find.is_range
    signs["is_range"] = float(ranged)
    signs["is_single"] = float(not ranged)
    signs["open"] = float(find.first is None or find.last is None)
    if isinstance(find, DateFind):
        signs["relative"] = float(find.relative)
        signs[f"rule_{find.rule}"] = 1.0
    if is_range and find.first and find.last:
        length = (find.last - find.first).days
        signs[f"length_{'days' if length < 31 else 'months' if length < 300 else 'years'}"] = 1.0
    signs.update(from_published(day.day, published))
    signs[f"date_number_{min(order.get(find.start, 0), 4)}"] = 1.0
    signs[f"dates_{min(len(order), 6)}"] = 1.0
    before = around.text[max(0, find.start - 2) : find.start]
    signs["in_bracket"] = float("(" in before)
    for sign in [s for s in signs if s.startswith(("precision_", "is_", "length_"))]:
        if signs[sign]:
            signs[f"{sign}+{day.side}"] = 1.0
    told = around.at(find.start, find.end)
    for sign in told:
        if sign.startswith(("label_", "left_start", "left_end", "right_start", "right_end")):
            signs[f"{sign}+{day.side}"] = 1.0
    return {sign: value for sign, value in signs.items() if value}


def from_published(day: date, published: date | None) -> Signs:
    """How far a day is from that of publication."""
    if published is None:
        return {}
    gap = (day - published).days
    when = next((name for name, before in _WHEN if gap < before), "far_future")
    return {f"from_published_{when}": 1.0, "is_published": float(day == published)}
