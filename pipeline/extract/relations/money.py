"""Candidates for what an amount or percentage is: each kind, with the signs of its place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipeline.extract.budgets import BudgetFind
from pipeline.extract.finds import Find, MoneyFind, PercentFind
from pipeline.extract.relations.discourse import NOBODY, Discourse
from pipeline.extract.relations.pairs import Pair
from pipeline.extract.surroundings import Signs, Surroundings

KINDS = ("total", "grant", "own", "share")


def candidates(
    around: Surroundings,
    discourse: Discourse,
    money: Sequence[MoneyFind | PercentFind],
    votes: Sequence[BudgetFind],
) -> Iterator[Pair]:
    """Every sum with each kind of a project's money, every percentage as a share.

    ``votes`` are what the reader of money proposes. Which project is meant is another question:
    ``project`` is the vote's.
    """
    ordered = sorted(money, key=lambda m: m.start)
    by_start = {vote.start: vote for vote in votes}
    furniture = [b for b in around.page.blocks if b.kind == "furniture"]
    for number, item in enumerate(ordered):
        if any(b.start <= item.start < b.end for b in furniture):
            continue
        vote = by_start.get(item.start)
        told = dict(around.at(item.start, item.end))
        told.update(_of_item(item, ordered, number, around))
        links = discourse.at(item.start, item.end)
        nobody = links[NOBODY]
        for sign in nobody:
            told[f"p:{sign}"] = nobody[sign]
        spoken = [link for key, link in links.items() if key is not NOBODY]
        told["any_spoken_of"] = float(any(link.get("is_spoken_of") for link in spoken))
        told["named_in_sentence"] = float(
            any(
                link.get("same_sentence_before") or link.get("same_sentence_after")
                for link in spoken
            )
        )
        kinds = ("share",) if isinstance(item, PercentFind) else KINDS[:-1]
        for kind in kinds:
            signs: Signs = {**told, f"kind_{kind}": 1.0}
            if vote is not None:
                signs["vote" if vote.kind == kind else "vote_other"] = vote.confidence
                signs[f"voted_{vote.kind}"] = 1.0
                if vote.kind == kind:
                    signs[f"vote:{vote.rule}"] = 1.0
                signs["payer"] = float(vote.organisation is not None)
                if vote.organisation is not None:
                    signs[f"payer_{vote.organisation.subtype}"] = 1.0
            for sign, value in told.items():
                if sign.startswith(("left_", "right_")):
                    for other in (*KINDS, "other_money", "applied"):
                        if f"_{other}" in sign:
                            what = "mine" if other == kind else "others"
                            signs[sign.replace(other, what)] = value
                elif sign.startswith(("label_", "above_", "row_")):
                    signs[f"{sign}+{kind}"] = value
            yield Pair(
                start=item.start,
                end=item.end,
                item=str(item.start),
                value=kind,
                project=vote.project if vote is not None else None,
                rule=vote.rule if vote is not None else "evidence",
                signs={sign: value for sign, value in signs.items() if value},
            )


def _of_item(
    item: MoneyFind | PercentFind,
    ordered: Sequence[Find],
    number: int,
    around: Surroundings,
) -> Signs:
    text = around.text
    signs: Signs = {f"sums_{min(len(ordered), 8)}": 1.0, f"sum_number_{min(number, 5)}": 1.0}
    if isinstance(item, PercentFind):
        signs["percent"] = 1.0
        signs["whole_percent"] = float(item.percent in {50, 60, 65, 70, 75, 80, 85, 90, 100})
        signs["small_percent"] = float(item.percent < 10)
    else:
        amount = item.amount
        bucket = next(b for b in (1e3, 5e3, 2e4, 1e5, 5e5, 2e6, 1e7, 1e15) if amount < b)
        signs[f"under_{bucket:.0e}"] = 1.0
        largest = max((m.amount for m in ordered if isinstance(m, MoneyFind)), default=0)
        signs["largest"] = float(amount == largest)
        signs["relative_size"] = amount / largest if largest else 0.0
        same = sum(isinstance(m, MoneyFind) and m.amount == amount for m in ordered)
        signs["repeated"] = float(same > 1)
        signs["approximate"] = float(item.approximate)
        signs["range"] = float(item.low != item.high)
        signs["euro_sign"] = float("€" in text[item.start : item.end])
    block = around.block(item.start)
    if block is not None:
        inside = [m for m in ordered if block.start <= m.start < block.end]
        signs[f"sums_in_block_{min(len(inside), 4)}"] = 1.0
        signs["first_in_block"] = float(inside[0].start == item.start)
        words = text[block.start : block.end].split()
        signs[
            f"block_words_{'few' if len(words) < 8 else 'some' if len(words) < 20 else 'many'}"
        ] = 1.0
    before = text[max(0, item.start - 2) : item.start]
    signs["in_bracket"] = float("(" in before)
    return {sign: value for sign, value in signs.items() if value}
