"""Candidates for what an amount or percentage is, and whose: each kind, and each project."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from pipeline.extract.budgets import BudgetFind
from pipeline.extract.finds import MoneyFind, PercentFind
from pipeline.extract.money import MOST
from pipeline.extract.relations.discourse import NOBODY, Discourse
from pipeline.extract.relations.pairs import Pair, relative
from pipeline.extract.surroundings import Signs, Surroundings

KINDS = ("total", "grant", "own", "share")
OWNER = "owner"  # the value of a pair that says whose sum it is


class Sums(NamedTuple):
    """All sums and percentages of a text, and what the reader of money proposes for them."""

    found: Sequence[MoneyFind | PercentFind]
    votes: Sequence[BudgetFind]


def candidates(around: Surroundings, discourse: Discourse, sums: Sums) -> Iterator[Pair]:
    """Every sum with each kind of a project's money, every percentage as a share.

    Which project is meant is another question.
    """
    starts = sorted(item.start for item in sums.found)
    amounts = Counter(item.amount for item in sums.found if isinstance(item, MoneyFind))
    largest = max(amounts, default=0.0)
    for item, vote in _shown(around, sums):
        told = dict(around.at(item.start, item.end))
        told.update(_of_item(item, starts, around))
        if isinstance(item, MoneyFind):
            told.update(_of_amount(item, amounts[item.amount], largest, around.text))
        links = discourse.at(item.start, item.end)
        told.update((f"p:{sign}", value) for sign, value in links[NOBODY].items())
        told.update(_of_projects(links))
        for kind in ("share",) if isinstance(item, PercentFind) else KINDS[:-1]:
            signs: Signs = {**told, f"kind_{kind}": 1.0}
            signs.update(_of_kind(told, kind))
            if vote is not None:
                signs.update(_of_vote(vote, kind))
            yield _pair(item, vote, signs, value=kind, project=None)


def owners(around: Surroundings, discourse: Discourse, sums: Sums) -> Iterator[Pair]:
    """Every sum and percentage with each project that it may belong to, and with none named.

    Where the reader of money names no project it means the one that is spoken of.
    """
    for item, vote in _shown(around, sums):
        told = dict(around.at(item.start, item.end))
        links = discourse.at(item.start, item.end)
        spoken = next((key for key, link in links.items() if link.get("is_spoken_of")), NOBODY)
        meant = (vote.project if vote is not None else None) or spoken
        for project, link in links.items():
            signs: Signs = {**told, **{f"p:{sign}": value for sign, value in link.items()}}
            if vote is not None:
                signs[f"voted_{vote.kind}"] = 1.0
                signs["vote" if meant == project else "vote_elsewhere"] = vote.confidence
            yield _pair(item, vote, signs, value=OWNER, project=project)


def _shown(
    around: Surroundings, sums: Sums
) -> Iterator[tuple[MoneyFind | PercentFind, BudgetFind | None]]:
    """Those that do not stand on the page's furniture, in text order, each with its vote."""
    by_start = {vote.start: vote for vote in sums.votes}
    for item in sorted(sums.found, key=lambda m: m.start):
        if not around.page.on_furniture(item.start):
            yield item, by_start.get(item.start)


def _pair(
    item: MoneyFind | PercentFind,
    vote: BudgetFind | None,
    signs: Signs,
    *,
    value: str,
    project: str | None,
) -> Pair:
    return Pair(
        start=item.start,
        end=item.end,
        item=str(item.start),
        value=value,
        project=project,
        rule=vote.rule if vote is not None else "evidence",
        signs={sign: strength for sign, strength in signs.items() if strength},
    )


def _of_projects(links: Mapping[str | None, Signs]) -> Iterator[tuple[str, float]]:
    """Is any project spoken of at the sum, whichever it is?"""
    spoken = [link for key, link in links.items() if key is not NOBODY]
    yield "any_spoken_of", float(any(link.get("is_spoken_of") for link in spoken))
    named = ("same_sentence_before", "same_sentence_after")
    yield "named_in_sentence", float(any(link.get(n) for link in spoken for n in named))


def _of_kind(told: Signs, kind: str) -> Iterator[tuple[str, float]]:
    """What words, labels and headings around say of this kind, and of others."""
    for sign, value in told.items():
        if sign.startswith(("left_", "right_")):
            for name in relative(sign, kind, (*KINDS, "other_money", "applied")):
                yield name, value
        elif sign.startswith(("label_", "above_")):
            yield f"{sign}+{kind}", value


def _of_vote(vote: BudgetFind, kind: str) -> Iterator[tuple[str, float]]:
    """What the reader of money says of a sum's kind, and who pays it."""
    yield "vote" if vote.kind == kind else "vote_other", vote.confidence
    yield f"voted_{vote.kind}", 1.0
    if vote.kind == kind:
        yield f"vote:{vote.rule}", 1.0
    if vote.organisation is not None:
        yield "payer", 1.0
        yield f"payer_{vote.organisation.subtype}", 1.0


def _of_item(item: MoneyFind | PercentFind, starts: Sequence[int], around: Surroundings) -> Signs:
    """Which of all sums it is, and where it stands; ``starts`` are those of all."""
    number = bisect_left(starts, item.start)
    signs: Signs = {f"sums_{min(len(starts), 8)}": 1.0, f"sum_number_{min(number, 5)}": 1.0}
    if isinstance(item, PercentFind):
        signs["percent"] = 1.0
        signs["whole_percent"] = float(item.percent in {50, 60, 65, 70, 75, 80, 85, 90, 100})
        signs["small_percent"] = float(item.percent < 10)
    block = around.page.block(item.start)
    if block is not None:
        first = bisect_left(starts, block.start)
        inside = bisect_left(starts, block.end) - first
        signs[f"sums_in_block_{min(inside, 4)}"] = 1.0
        signs["first_in_block"] = float(first == number)
        words = len(around.text[block.start : block.end].split())
        length = "few" if words < 8 else "some" if words < 20 else "many"
        signs[f"block_words_{length}"] = 1.0
    signs["in_bracket"] = float("(" in around.text[max(0, item.start - 2) : item.start])
    return {sign: value for sign, value in signs.items() if value}


def _of_amount(
    item: MoneyFind, times: int, largest: float, text: str
) -> Iterator[tuple[str, float]]:
    """How large a sum is, how often it is told (``times``), and how it is written."""
    bucket = next(
        bound for bound in (1e3, 5e3, 2e4, 1e5, 5e5, 2e6, 1e7, MOST) if item.amount < bound
    )
    yield f"under_{bucket:.0e}", 1.0
    yield "largest", float(item.amount == largest)
    yield "relative_size", item.amount / largest if largest else 0.0
    yield "repeated", float(times > 1)
    yield "approximate", float(item.approximate)
    yield "range", float(item.low != item.high)
    yield "euro_sign", float("€" in text[item.start : item.end])
