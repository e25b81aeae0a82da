"""Reads what kind of money an amount is: by its label, else by the nearest word of its clause."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import takewhile

from pipeline import lexicon
from pipeline.extract.context import Context
from pipeline.extract.finds import EntityFind, Find, MoneyFind, PercentFind
from pipeline.extract.layout import Field
from pipeline.patterns import Pattern
from pipeline.records import BudgetKind

_LABELS: dict[str, BudgetKind] = {
    "total": "total",
    "grant": "grant",
    "own": "own",
    "other_money": "other",
    "share": "share",
}
STOP = re.compile(
    r"[.;!?\n](?!\d)|:(?![\da-zåäö])|,\s+(?=(?:ja|mikä|siis|eli)\b)|,\s(?=jo(?:sta|hon|ka|sta|lle)\b)|\bja\b(?=\s+(?:sen|loput|kunnat|koko|\w+n\s+oma))"
)
"""Where one clause's words of money end and the next one's begin."""
_JOINT = re.compile(r"[,;]|\s(?:ja|sekä|joten|jolloin|kun)\s")
# "… rahoittaa 60 000 euroa", but not "rahoituspäätöksessä 60 000 euroa"
_FUNDS = re.compile(r"rahoit\w{0,8}\s*$")
_HALF = re.compile(r"\b(?:puolet|prosent|kolmanne|neljänne)|%")
_SIZED = re.compile(r"\s(?:[a-zåäö]+\s)?(?:hanke|projekti|hankekokonaisuu|budjet)")  # "euron hanke"
_SECOND = re.compile(r"[,;]\s*[^\W\d_][\w-]+\s*:?\s*$")  # "298 000 €, AKKE-tuki 238 400 €"

# How far words of money stand from an amount, in characters.
_BESIDE = 2  # "60 000 euron avustus", "60 000 euroa, avustus": as near as words before it
_BEHIND = 25  # others behind it count as so much further away than words before it
_NEARLY = 30  # of a grant with an own share so little further away the own share is meant
_NEAR = 30  # a total so near is meant where a grant's word is nearer: "budjetti, jota EU tukee, on"
_SURE = 40  # a nearer word of the same clause hardly belongs to another amount


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


def kind_of(
    context: Context,
    item: MoneyFind,
    field: Field | None,
    sentence: tuple[int, int],
    earlier: Sequence[Find],
    following: int,
) -> tuple[BudgetKind, str, float]:
    """What an amount is: by its label, else by the nearest word of its clause."""
    text = context.text
    if item.amount < lexicon.settings("budget_words")["small"]["euros"]:
        return "other", "small", 0.9
    own_words = field is not None and _has_own_words(text, field, item, earlier)
    if field is not None and field.key in _LABELS and field.key != "share" and not own_words:
        if field.key == "other_money" and not any(f.key == "own" for f in context.page.fields):
            return "own", "label:other_money", 0.75  # what others than the funder pay
        return _LABELS[field.key], f"label:{field.key}", 0.95
    low = start = line_from(context, item.start, sentence[0])
    if _several().search(text, low, sentence[1]):
        return "other", "several-projects", 0.8
    last = max((e.end for e in _since(low, earlier)), default=low)
    low = max(low, last)
    before, after = text[low : item.start], text[item.end : sentence[1]]
    stops = list(STOP.finditer(before))
    clause = before[stops[-1].end() :] if stops else before
    stop = STOP.search(after)
    behind = _before_next(after, stop.start() if stop else len(after), following - item.end)
    if text[item.start : item.end].endswith("euron") and _SIZED.match(after):
        return "total", "nearest-word", 0.85
    nearest = _met(clause, lambda m: len(clause) - m.end())
    nearest += _met(behind, lambda m: m.start() if m.start() <= _BESIDE else m.start() + _BEHIND)
    own_clause = bool(nearest)
    if not nearest and stops:
        nearest = _met(before, lambda m: len(before) - m.end())
    joined = re.fullmatch(r"[^.;:!?]{0,60}\b(?:ja|sekä|eli|niin)\b[^.;:!?]{0,40}", before)
    bracket = before.endswith("(")
    if not nearest and (joined or bracket):
        words = text[start : last if joined else item.start]
        nearest = _met(words, lambda m: len(words) - m.end())
    if not nearest:
        return "other", "no-word", 0.5
    distance, _, kind = min(nearest)
    near = {k: min(d for d, _, other in nearest if other == k) for _, _, k in nearest}
    if kind == "grant" and "own" in near and near["own"] - distance < _NEARLY:
        return "own", "nearest-word", 0.8
    if (
        kind == "grant"
        and own_clause
        and "total" in near
        and near["total"] < _NEAR
        and _FUNDS.search(clause) is None
        and not _HALF.search(behind)
    ):
        return "total", "nearest-word", 0.8
    return kind, "nearest-word", 0.85 if own_clause and distance < _SURE else 0.75


def line_from(context: Context, at: int, low: int) -> int:
    """Where the line of a place begins, but for what lies before ``low``."""
    line = context.page.block(at)
    return low if line is None else max(low, line.start)


def _met(words: str, distance: Callable[[re.Match[str]], int]) -> list[tuple[int, int, BudgetKind]]:
    """Words of money with how far they stand from the amount; of two at once the longer first."""
    return [
        (distance(match), match.start() - match.end(), kind)  # type: ignore[misc]
        for kind, pattern in _words().items()
        for match in pattern.finditer(words)
    ]


def _before_next(after: str, stop: int, following: int) -> str:
    """What stands behind an amount, without the words that lead on to the next amount."""
    label = after[stop : stop + 1] == ":"  # "… € (90 %) yksityinen rahoitus: … €"
    if following >= stop and not label:
        return after[:stop]
    joints = list(_JOINT.finditer(after[: min(stop, following)]))
    if joints:
        return after[: joints[-1].start()]
    return "" if label else after[: min(stop, following)]


def _since(low: int, earlier: Sequence[Find]) -> Iterator[Find]:
    """Those of the finds, which stand in text order, that begin at ``low`` or later."""
    return takewhile(lambda find: find.start >= low, reversed(earlier))


def _has_own_words(text: str, field: Field, item: Find, earlier: Sequence[Find]) -> bool:
    """``298 000 €, AKKE-tuki 238 400 €``, ``… € josta julkinen tuki: … €``: a label inside."""
    if _SECOND.search(text[field.start : item.start]):
        return True
    since = _since(field.start, earlier)
    last = max((e.end for e in since), default=None)
    return last is not None and any(p.search(text, last, item.start) for p in _words().values())


def is_share(
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
