"""Reads what an amount of money is: total, grant, own share, percentage, or no budget; who pays."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

import msgspec

from pipeline import lexicon
from pipeline.extract.context import Context
from pipeline.extract.finds import EntityFind, Find, MoneyFind, PercentFind
from pipeline.extract.layout import Field
from pipeline.extract.participations import PartFind
from pipeline.patterns import Pattern
from pipeline.records import BudgetKind


class BudgetFind(Find, frozen=True, kw_only=True):
    """An amount or a percentage, what it is, who pays it and the project's key."""

    kind: BudgetKind
    amount: float | None
    currency: str | None
    share_pct: float | None
    organisation: EntityFind | None
    project: str | None


_LABELS: dict[str, BudgetKind] = {
    "total": "total",
    "grant": "grant",
    "own": "own",
    "other_money": "other",
    "share": "share",
}
_STOP = re.compile(
    r"[.;:!?\n](?!\d)|,\s+(?=ja\b)|,\s(?=jo(?:sta|hon|ka|sta|lle)\b)|\bja\b(?=\s+(?:sen|loput|kunnat|koko|\w+n\s+oma))"
)
_INLINE = re.compile(
    r"(?P<word>[\w-]*(?:avustus|tuki|rahoitus|kustannusarvio|budjetti|osuus))\s*:?\s*$",
    re.IGNORECASE,
)


_SIZED = re.compile(r"\s(?:[a-zåäö]+\s)?(?:hanke|projekti|hankekokonaisuu|budjet)")  # "euron hanke"
_SECOND = re.compile(r"[,;]\s*[^\W\d_][\w-]+\s*:?\s*$")  # "298 000 €, AKKE-tuki 238 400 €"


@cache
def _words() -> dict[str, Pattern]:
    kinds = lexicon.settings("budget_words")["kinds"]
    return {
        kind: Pattern(rf"(?<!\w)(?:{'|'.join(words)})", re.IGNORECASE)
        for kind, words in kinds.items()
    }


@cache
def _several() -> Pattern:
    return Pattern("|".join(lexicon.settings("budget_words")["several"]["words"]), re.IGNORECASE)


def find_budgets(
    context: Context,
    money: Sequence[MoneyFind | PercentFind],
    organisations: Sequence[EntityFind],
    parts: Sequence[PartFind],
) -> list[BudgetFind]:
    """Every amount in euros (or another currency) and every percentage of a project's money.

    ``parts`` tell who pays where the amount's own words don't: a project's only funder.
    """
    furniture = [b for b in context.page.blocks if b.kind == "furniture"]
    finds = [
        m
        for m in sorted(money, key=lambda m: m.start)
        if not any(b.start <= m.start < b.end for b in furniture)
    ]
    found: list[BudgetFind] = []
    for number, item in enumerate(finds):
        found += _read(context, item, finds[:number], organisations, found)
    return [_with_payer(find, parts) for find in found]


def _with_payer(find: BudgetFind, parts: Sequence[PartFind]) -> BudgetFind:
    """A grant or share whose payer is unsaid is its project's only fund's, or only funder's."""
    if find.organisation is not None or find.kind not in {"grant", "share"} or find.project is None:
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
    earlier: Sequence[MoneyFind | PercentFind],
    organisations: Sequence[EntityFind],
    found: Sequence[BudgetFind],
) -> Iterator[BudgetFind]:
    field = next((f for f in context.page.fields if f.start <= item.start < f.end), None)
    low, high = context.sentence(item.start)
    if isinstance(item, PercentFind):
        previous = found[-1] if found and found[-1].end <= item.start else None
        beside = previous is not None and re.fullmatch(
            r"\s*(?:euroa)?\s*\(\s*", context.text[previous.end : item.start]
        )
        payer = (
            previous.organisation
            if beside and previous
            else _payer(context, item, organisations, (low, high), "share")
        )
        if not _is_share(context, item, field, bool(beside), (low, high), payer):
            return
        if beside and previous and previous.kind == "other":
            return
        project = (
            previous.project if beside and previous else context.project_at(item.start, item.end)
        )
        yield _find(
            item, "share", payer, project, "share", 0.85 if payer else 0.7, percent=item.percent
        )
        return
    kind, rule, confidence = _kind(context, item, field, (low, high), earlier)
    project = context.project_at(item.start, item.end) if kind != "other" else None
    if kind != "other" and project is None:
        project = context.main
    payer = (
        None
        if kind in {"total", "other"}
        else _payer(context, item, organisations, (low, high), kind)
    )
    yield _find(
        item, kind, payer, project, rule, confidence, amount=item.amount, currency=item.currency
    )


def _find(
    item: MoneyFind | PercentFind,
    kind: BudgetKind,
    payer: EntityFind | None,
    project: str | None,
    rule: str,
    confidence: float,
    *,
    amount: float | None = None,
    currency: str | None = None,
    percent: float | None = None,
) -> BudgetFind:
    return BudgetFind(
        start=item.start,
        end=item.end,
        rule=f"money:{rule}",
        confidence=confidence,
        kind=kind,
        amount=amount,
        currency=currency,
        share_pct=percent,
        organisation=payer,
        project=project,
    )


def _kind(
    context: Context,
    item: MoneyFind,
    field: Field | None,
    sentence: tuple[int, int],
    earlier: Sequence[Find],
) -> tuple[BudgetKind, str, float]:
    """What an amount is: by its label, else by the nearest word of its clause."""
    text = context.text
    if item.amount < lexicon.settings("budget_words")["small"]["euros"]:
        return "other", "small", 0.9
    own_words = field is not None and _SECOND.search(text[field.start : item.start])
    if field is not None and field.key in _LABELS and field.key != "share" and not own_words:
        return _LABELS[field.key], f"label:{field.key}", 0.95
    line = context.block(item.start)
    low = max(sentence[0], line.start if line else 0)
    if _several().search(text, low, sentence[1]):
        return "other", "several-projects", 0.8
    last = max((e.end for e in earlier if low <= e.start < item.start), default=low)
    low = max(low, last)
    before, after = text[low : item.start], text[item.end : sentence[1]]
    stops = list(_STOP.finditer(before))
    clause = before[stops[-1].end() :] if stops else before
    stop = _STOP.search(after)
    behind = after[: stop.start()] if stop else after
    nearest: list[tuple[float, BudgetKind]] = []
    if text[item.start : item.end].endswith("euron") and _SIZED.match(after):
        nearest.append((0, "total"))
    for kind, pattern in _words().items():
        for match in pattern.finditer(clause):
            nearest.append((len(clause) - match.end(), kind))  # type: ignore[arg-type]
        for match in pattern.finditer(behind):
            nearest.append((match.start() + (0 if match.start() <= 2 else 25), kind))  # type: ignore[arg-type]
    if not nearest and stops:
        for kind, pattern in _words().items():
            for match in pattern.finditer(before):
                nearest.append((len(before) - match.end() + 60, kind))  # type: ignore[arg-type]
    joined = re.fullmatch(r"[^.;:!?]{0,60}\b(?:ja|sekä|eli|niin)\b[^.;:!?]{0,40}", before)
    if not nearest and joined and last > sentence[0]:
        words = text[max(sentence[0], line.start if line else 0) : last]
        for kind, pattern in _words().items():
            for match in pattern.finditer(words):
                nearest.append((len(words) - match.end() + 60, kind))  # type: ignore[arg-type]
    if not nearest:
        return "other", "no-word", 0.5
    distance, kind = min(nearest)
    kinds = {k for _, k in nearest}
    if (
        kind == "grant"
        and "own" in kinds
        and min(d for d, k in nearest if k == "own") - distance < 30
    ):
        return "own", "nearest-word", 0.8
    if (
        kind == "grant"
        and "total" in kinds
        and re.search(r"rahoit\w*$", clause.strip()[-14:]) is None
        and min(d for d, k in nearest if k == "total") < 30
    ):
        return "total", "nearest-word", 0.8
    return kind, "nearest-word", 0.85 if distance < 40 else 0.75


def _is_share(
    context: Context,
    item: PercentFind,
    field: Field | None,
    beside: bool,
    sentence: tuple[int, int],
    payer: EntityFind | None,
) -> bool:
    """A percentage is a share when it stands with money words, a payer or a label of its own."""
    if not 0 < item.percent <= 100:
        return False
    if field is not None and field.key in {"share", "grant", "own", "total", "funder"}:
        return True
    if beside:
        return True
    words = context.text[sentence[0] : sentence[1]]
    about_money = re.search(
        r"rahoit|kustannu|budjet|avustu|tuk(?:i|ea|en)\b|osuus|euro|€|rahasto", words, re.IGNORECASE
    )
    other = re.search(
        r"veroprosent|työaik|työttömy|vähen|kasva|nous|lask|asukkai|vastaaj|osallistuj|opiskelij|väestö|työpanos",
        words,
        re.IGNORECASE,
    )
    if about_money is None:
        return False
    return other is None or (payer is not None and "kustannu" in words)


def _payer(
    context: Context,
    item: Find,
    organisations: Sequence[EntityFind],
    sentence: tuple[int, int],
    kind: str,
) -> EntityFind | None:
    """The organisation the amount is attached to: right before it, then its clause, then label."""
    text = context.text
    field = next((f for f in context.page.fields if f.start <= item.start < f.end), None)
    if field is not None and field.key is not None:
        return _labelled_payer(context, field, item, organisations)
    line = context.block(item.start)
    low = max(sentence[0], line.start if line else 0)
    inside = [o for o in organisations if low <= o.start < sentence[1]]
    stops = [m.end() for m in _STOP.finditer(text, low, item.start)]
    clause = max(stops, default=low)
    stop = _STOP.search(text, item.end, sentence[1])
    end = stop.start() if stop else sentence[1]
    cases: tuple[str | None, ...] = ("Nom", "Gen", "Abl", "Ela", "Ade", None)
    near = [o for o in inside if clause <= o.start and o.end <= item.start and o.case in cases]
    if kind == "own":
        owners = [o for o in inside if o.end <= item.start and o.case in {"Gen", "Nom"}]
        return owners[-1] if owners else None
    funds = [o for o in near if o.subtype == "fund"]
    if near:
        return funds[-1] if funds else near[-1]
    behind = [o for o in inside if item.end <= o.start < end and o.case in {"Ela", "Abl", "Nom"}]
    if behind:
        return behind[0]
    earlier = [o for o in inside if o.end <= item.start and o.case in {"Nom", "Abl", "Ela"}]
    return earlier[-1] if earlier and kind == "grant" else None


def _labelled_payer(
    context: Context, field: Field, item: Find, organisations: Sequence[EntityFind]
) -> EntityFind | None:
    """``Myönnetty ESR-tuki``: the fund in the label; else the only funder's label of the form."""
    label = context.text[field.label_start : field.label_end]
    for organisation in organisations:
        if any(
            n.kind == "acronym" and re.search(rf"(?<!\w){re.escape(n.name)}(?![\w+])", label)
            for n in organisation.names
        ):
            return organisation
    in_value = [o for o in organisations if field.start <= o.start < field.end]
    if in_value:
        return in_value[0]
    wanted = {"grant": "funder", "own": "lead"}.get(field.key or "")
    owners = [
        o
        for f in context.page.fields
        if f.key == wanted
        for o in organisations
        if f.start <= o.start < f.end
    ]
    names = {o.name for o in owners}
    if field.key == "own" and "haki" not in label.casefold():
        return None
    return owners[0] if len(names) == 1 else None
