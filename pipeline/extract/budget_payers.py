"""Reads who pays an amount or a share: a body beside it, or the place that stands for one."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.extract.budget_kinds import STOP, line_from
from pipeline.extract.context import Context
from pipeline.extract.finds import EntityFind, Find, MoneyFind
from pipeline.extract.layout import Field
from pipeline.records import BudgetKind

_SHARED = re.compile(
    r"\bosuu\w*(?!\w)(?!\s(?:budjetista|kustannuksista|hankkeesta))", re.IGNORECASE
)
_NEAR = 40  # characters before an amount in which an "osuus" is its own
GRANTERS = {"fund", "ministry", "agency", "regional_council", "foundation"}
"""Kinds of bodies that grant money to projects."""
PARTIES = {
    "municipality",
    "wellbeing_county",
    "joint_authority",
    "parish",
    "company",
    "uas",
    "school",
}
"""Kinds of bodies that carry projects out: what they pay is the project's own money."""
# "… ja kunnat 20 %", "omarahoitus on 10 %": others than the funder pay
_OTHERS = re.compile(
    r"(?:kunnat|kuntien|kaupungit|yritykset|yritysten|toteuttajat|omarahoitus\w*|oma\w* osuus"
    r"|loput)"
    r"\s(?:\w+\s)?(?:\w+\s)?$"
)
_LOCAL = {"municipality", "parish"}
_OF_PLACE = re.compile(
    r"""
    (?<!\w) (?P<place> [A-ZÅÄÖ][\w-]+n ) \s
    (?: \w*osuu(?:s|deksi|tta) \s | omavastuu \s )?
    (?: (?: on | oli | olisi | jää | tulee | tulisi ) \s )? (?: (?: noin | vain | yhteensä ) \s )? $
    """,
    re.VERBOSE,
)
_PAYS = re.compile(r"(?<!\w)(?:maks|osallistu|kartut|pane|pani|laitta|kokoa|kerä|panosta|jää\b)")
_GRANTS = re.compile(r"avustu|\btu(?:ki|ke)|myön|kuntarah|lahjoit|stipend|apurah", re.IGNORECASE)


def settled(
    context: Context,
    item: MoneyFind,
    read: tuple[BudgetKind, str, float],
    organisations: Sequence[EntityFind],
    sentence: tuple[int, int],
) -> tuple[BudgetKind, str, float, EntityFind | None]:
    """Kind, rule, confidence and payer of an amount whose words were read as ``read``.

    Who pays tells as well: what a municipality pays of its own project is its own share, what a
    ministry pays a grant.
    """
    kind, rule, confidence = read
    low, high = sentence
    words = context.text[low:high]
    share = kind == "own" and _SHARED.search(context.text, max(low, item.start - _NEAR), item.start)
    if kind not in {"own", "grant"} and rule != "no-word":
        return kind, rule, confidence, None
    asked = "share" if share or rule == "no-word" else kind
    payer = payer_of(context, item, organisations, sentence, asked)
    granter = payer is not None and payer.subtype in GRANTERS
    if rule == "no-word":
        if granter and _PAYS.search(words):
            return "grant", "who-pays", 0.75, payer
        return kind, rule, confidence, None
    if _paid_by_a_party(words, kind, rule, payer):
        return "own", rule, 0.75, payer
    return "grant" if share and granter else kind, rule, confidence, payer


def others_pay(text: str, low: int, at: int) -> bool:
    """Whether the words right before a percentage say that others than the funder pay it."""
    return _OTHERS.search(text, low, at) is not None


def _paid_by_a_party(words: str, kind: str, rule: str, payer: EntityFind | None) -> bool:
    """``Raahen kaupunki osallistuu 12 000 eurolla``: those who carry it out pay their own share."""
    return (
        kind == "grant"
        and rule == "nearest-word"
        and payer is not None
        and payer.subtype in PARTIES
        and _PAYS.search(words) is not None
        and _GRANTS.search(words) is None
    )


def payer_of(
    context: Context,
    item: Find,
    organisations: Sequence[EntityFind],
    sentence: tuple[int, int],
    kind: str,
) -> EntityFind | None:
    """The organisation the amount is attached to: right before it, then its clause, then label."""
    text = context.text
    field = context.page.value_at(item.start)
    if field is not None and field.key is not None:
        return _labelled_payer(context, field, organisations)
    low = line_from(context, item.start, sentence[0])
    if kind in {"own", "share"} and (
        owner := _named_by_place(text[low : item.start], organisations)
    ):
        return owner
    inside = [o for o in organisations if low <= o.start < sentence[1]]
    stops = [m.end() for m in STOP.finditer(text, low, item.start)]
    clause = max(stops, default=low)
    stop = STOP.search(text, item.end, sentence[1])
    end = stop.start() if stop else sentence[1]
    cases: tuple[str | None, ...] = ("Nom", "Gen", "Abl", "Ela", "Ade", None)
    near = [o for o in inside if clause <= o.start and o.end <= item.start and o.case in cases]
    if kind == "own":
        owners = [
            o
            for o in inside
            if o.end <= item.start and o.case in {"Gen", "Nom"} and o.subtype not in GRANTERS
        ]
        return owners[-1] if owners else None
    funds = [o for o in near if o.subtype == "fund"]
    if near:
        return funds[-1] if funds else near[-1]
    behind = [o for o in inside if item.end <= o.start < end and o.case in {"Ela", "Abl", "Nom"}]
    if behind:
        return behind[0]
    earlier = [o for o in inside if o.end <= item.start and o.case in {"Nom", "Abl", "Ela"}]
    return earlier[-1] if earlier and kind == "grant" else None


def _named_by_place(before: str, organisations: Sequence[EntityFind]) -> EntityFind | None:
    """``Raahen osuus on 20 %``: the place stands for the one body that bears its name."""
    owner = _OF_PLACE.search(before)
    if owner is None:
        return None
    bodies = {
        o.name: o
        for o in organisations
        if o.subtype in _LOCAL
        and any(n.name.startswith(owner["place"] + " ") and n.name.count(" ") == 1 for n in o.names)
    }
    return next(iter(bodies.values())) if len(bodies) == 1 else None


def _labelled_payer(
    context: Context, field: Field, organisations: Sequence[EntityFind]
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
    if wanted is None:
        return None
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
