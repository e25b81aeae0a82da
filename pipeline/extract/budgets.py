"""Reads what an amount of money is: total, grant, own share, percentage, or no budget; who pays."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import msgspec

from pipeline.extract.budget_kinds import is_share, kind_of
from pipeline.extract.budget_payers import PARTIES, others_pay, payer_of, settled
from pipeline.extract.context import Context
from pipeline.extract.finds import EntityFind, Find, MoneyFind, PercentFind
from pipeline.extract.participations import PartFind
from pipeline.extract.payer_lists import PayerLine, is_many, payer_lines
from pipeline.records import BudgetKind

_OF_SUM = re.compile(r"\s*(?:euroa)?\s*\(\s*")
_FAR = 2_000  # characters on either side of an amount, of an endless sentence, that are looked at


class BudgetFind(Find, frozen=True, kw_only=True):
    """An amount or a percentage, what it is, who pays it and the project's key."""

    kind: BudgetKind
    amount: float | None
    currency: str | None
    share_pct: float | None
    organisation: EntityFind | None
    project: str | None


def find_budgets(
    context: Context,
    money: Sequence[MoneyFind | PercentFind],
    organisations: Sequence[EntityFind],
    parts: Sequence[PartFind],
) -> list[BudgetFind]:
    """Every amount in euros (or another currency) and every percentage of a project's money.

    ``parts`` tell who pays where the amount's own words don't: a project's only funder.
    """
    finds = [
        m for m in sorted(money, key=lambda m: m.start) if not context.page.on_furniture(m.start)
    ]
    found: list[BudgetFind] = []
    for number, item in enumerate(finds):
        found += _read(context, item, finds, number, organisations, found)
    return [_with_payer(context.text, find, parts) for find in found]


def _with_payer(text: str, find: BudgetFind, parts: Sequence[PartFind]) -> BudgetFind:
    """A grant or share whose payer is unsaid is its project's only fund's, or only funder's."""
    if find.organisation is not None or find.kind not in {"grant", "share"} or find.project is None:
        return find
    if find.kind == "share" and others_pay(text, find.start - _FAR, find.start):
        return find
    funders = [p.organisation for p in parts if p.project == find.project and p.part == "funder"]
    funds = [body for body in funders if body.subtype == "fund"]
    for bodies in (funds, funders):
        if len({body.name for body in bodies}) == 1:
            return msgspec.structs.replace(find, organisation=bodies[0])
    return find


def _read(
    context: Context,
    item: MoneyFind | PercentFind,
    finds: Sequence[MoneyFind | PercentFind],
    number: int,
    organisations: Sequence[EntityFind],
    found: Sequence[BudgetFind],
) -> Iterator[BudgetFind]:
    field = context.page.value_at(item.start)
    low, high = context.sentence(item.start)
    low, high = max(low, item.start - _FAR), min(high, item.end + _FAR)
    if isinstance(item, PercentFind):
        before = found[-1] if found else None  # the sum of which it is the share, in brackets
        if before is None or not _OF_SUM.fullmatch(context.text, before.end, item.start):
            before = None
        payer = (
            before.organisation
            if before
            else payer_of(context, item, organisations, (low, high), "share")
        )
        if not is_share(context, item, field, before is not None, (low, high), payer):
            return
        if before and before.kind in {"other", "applied"}:
            return
        project = before.project if before else context.project_at(item.start, item.end)
        yield budget_find(item, "share", payer, project, "money:share", 0.85 if payer else 0.7)
        return
    following = next((f for f in finds[number + 1 :] if isinstance(f, MoneyFind)), None)
    after = following.start if following else high
    read = kind_of(context, item, field, (low, high), finds[:number], after)
    kind, rule, confidence, payer = settled(context, item, read, organisations, (low, high))
    if rule == "no-word" and any(line.start <= item.start < line.end for line in context.items):
        kind, rule, confidence = "grant", "listed", 0.75
    if rule == "no-word" and (line := _payer_line(context.text, item)):
        payer = next((o for o in organisations if line.start <= o.start < line.named), None)
        kind, rule, confidence = _in_list(context.text, line, payer), "payer-list", 0.8
    project = context.project_at(item.start, item.end) if kind != "other" else None
    if kind != "other" and project is None and not context.rows:
        project = context.main
    yield budget_find(item, kind, payer, project, f"money:{rule}", confidence)


def _payer_line(text: str, item: Find) -> PayerLine | None:
    return next((line for line in payer_lines(text) if line.named <= item.start < line.end), None)


def _in_list(text: str, line: PayerLine, payer: EntityFind | None) -> BudgetKind:
    """What the amount of a line in a list of payers is, by who pays."""
    if line.total:
        return "total"
    if is_many(text, line) or (payer is not None and payer.subtype in PARTIES):
        return "own"
    return "grant"


def budget_find(
    item: MoneyFind | PercentFind,
    kind: BudgetKind,
    payer: EntityFind | None,
    project: str | None,
    rule: str,
    confidence: float,
) -> BudgetFind:
    """A sum or percentage with what it is said to be."""
    return BudgetFind(
        start=item.start,
        end=item.end,
        rule=rule,
        confidence=confidence,
        kind=kind,
        amount=item.amount if isinstance(item, MoneyFind) else None,
        currency=item.currency if isinstance(item, MoneyFind) else None,
        share_pct=item.percent if isinstance(item, PercentFind) else None,
        organisation=payer,
        project=project,
    )
