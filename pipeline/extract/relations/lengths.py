"""Candidates for the end that a length tells: ``alkaa 1.1.2024 … kolmivuotinen hanke``.

Each length of time is laid on the likeliest starts of each project, and before its likeliest ends.
"""

from __future__ import annotations

from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from pipeline.extract.finds import DurationFind
from pipeline.extract.project_dates import ProjectDateFind
from pipeline.extract.relations.chances import NET
from pipeline.extract.relations.dates import Base, Day, from_published
from pipeline.extract.relations.discourse import NOBODY, Discourse
from pipeline.extract.relations.pairs import Pair
from pipeline.extract.surroundings import Signs, Surroundings

SHORTEST = 2  # months
MOST = 8  # lengths of an announcement that are laid
LIKELIEST = 2  # starts, and ends, of a project that they are laid on
LEAST = 0.02  # how likely a start or an end is for that
VOTE = 0.8
RULE = "date:start-plus-length"

_LENGTHS = (("half", 7), ("one", 13), ("two", 25), ("three", 37), ("four", 49))


def candidates(
    around: Surroundings,
    discourse: Discourse,
    durations: Sequence[DurationFind],
    dated: Sequence[tuple[Pair, Day]],
    published: date | None,
) -> Iterator[tuple[Pair, Day]]:
    """The days that lengths lead to; ``dated`` are the candidates that dates give, with chances."""
    bases = _bases(dated)
    lengths = [
        find
        for find in durations
        if find.months >= SHORTEST and not around.page.on_furniture(find.start)
    ][:MOST]
    for find in lengths:
        told = dict(around.at(find.start, find.end))
        for project, link in discourse.at(find.start, find.end).items():
            if project is NOBODY:
                continue
            for base, day in bases.get(project, ()):
                meant = _laid(day.day, find.months, base.value)
                side = "end" if base.value == "start" else "start"
                voted = base.value == "start" and base.signs.get("vote") and "is_spoken_of" in link
                signs: Signs = {
                    **told,
                    **{f"p:{sign}": value for sign, value in link.items()},
                    **_of_base(around, find, base, day),
                    **from_published(meant, published),
                    f"side_{side}": 1.0,
                    "reckoned": 1.0,
                    "vote": VOTE if voted else 0.0,
                    "lengths": float(len(lengths)),
                    f"rule_{find.rule}": 1.0,
                }
                yield (
                    Pair(
                        start=find.start,
                        end=find.end,
                        item=f"{find.start}:{meant}",
                        value=side,
                        project=project,
                        rule=RULE,
                        signs={sign: value for sign, value in signs.items() if value},
                    ),
                    Day(_find(find, day, meant, side, project), side, meant, _key(base, day)),
                )


def _bases(dated: Sequence[tuple[Pair, Day]]) -> dict[str, list[tuple[Pair, Day]]]:
    """Of each project its likeliest starts and ends; what gives both needs no length."""
    found: defaultdict[tuple[str, str], dict[date, tuple[Pair, Day]]] = defaultdict(dict)
    for pair, day in dated:
        likely = _likely(pair)
        if pair.project is None or likely < LEAST or _is_period(day):
            continue
        known = found[pair.project, pair.value].get(day.day)
        if known is None or likely > _likely(known[0]):
            found[pair.project, pair.value][day.day] = (pair, day)
    bases: defaultdict[str, list[tuple[Pair, Day]]] = defaultdict(list)
    for (project, _), by_day in found.items():
        bases[project] += sorted(by_day.values(), key=lambda one: -_likely(one[0]))[:LIKELIEST]
    return bases


def _is_period(day: Day) -> bool:
    """Does what gives the day give its other end, too: ``1.8.2023–31.12.2025``?"""
    find = day.find
    return find.first is not None and find.last is not None and getattr(find, "is_range", False)


def _likely(pair: Pair) -> float:
    return max(pair.signs.get(NET, 0.0), pair.signs.get("vote", 0.0))


def _of_base(around: Surroundings, find: DurationFind, base: Pair, day: Day) -> Signs:
    """What speaks for laying a length on that start or end."""
    length = next((name for name, below in _LENGTHS if find.months < below), "more")
    block = around.page.block(find.start)
    signs: Signs = {
        "base_net": base.signs.get(NET, 0.0),
        "base_vote": base.signs.get("vote", 0.0),
        f"base_{day.find.precision}": 1.0,
        f"base_{base.value}": 1.0,
        f"months_{length}": 1.0,
        "base_before": float(base.start < find.start),
        "base_distance": min(abs(base.start - find.start) / 300, 3.0),
        "base_in_sentence": float(around.sentence(base.start) == around.sentence(find.start)),
        "base_in_block": float(block is not None and block.start <= base.start < block.end),
        "length_sure": find.confidence,
    }
    return signs


def _key(base: Pair, day: Day) -> Base:
    return base.start, base.value, day.day


def _find(find: DurationFind, base: Day, meant: date, side: str, project: str) -> ProjectDateFind:
    precision = base.find.precision
    return ProjectDateFind(
        start=find.start,
        end=find.end,
        rule=RULE,
        confidence=VOTE,
        kind="project_end" if side == "end" else "project_start",
        first=meant,
        last=meant,
        precision="month" if precision in {"day", "month"} else precision,
        project=project,
    )


def _laid(day: date, months: float, value: str) -> date:
    """The last day of so many months from a start, the first of so many up to an end."""
    if value == "start":
        return _plus_months(day, round(months)) - timedelta(days=1)
    return _plus_months(day + timedelta(days=1), -round(months))


def _plus_months(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
