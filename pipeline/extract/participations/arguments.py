"""Which organisations of a clause a word that says a part speaks of: frames, lists, groups."""

from __future__ import annotations

import re
from collections.abc import Sequence

from spacy.tokens import Token

from pipeline.extract.finds import EntityFind
from pipeline.extract.participations.cues import Cue, units

_LINKERS = re.compile(
    r"[\s,]*(?:\b(?:ja|sekä|että|eli|&|myös)\b[\s,]*)*(?:\([^()\n]{1,40}\)[\s,]*)?(?:\b(?:ja|sekä)\b\s*)?"
)
_AND_OTHERS = re.compile(
    r"\s(?:ja|sekä)\s(?:(?:Suomen|alueen)\s)?(?:valtion|kuntien|kunnan|EU:n|yritysten)\b"
)
_MODIFIERS = 8  # words that may stand between two listed organisations


def argument(
    text: str, token: Token, cue: Cue, clause: tuple[int, int], organisations: Sequence[EntityFind]
) -> list[EntityFind]:
    """The organisations that stand where the cue's frame wants them."""
    start, end = token.idx, token.idx + len(token)
    groups = _groups(text, organisations)
    if cue.frame in {"agent", "possessor", "comitative"}:
        for group in groups:
            gap = text[group[-1].end : start] if group[-1].end <= start else None
            if (
                gap is not None
                and _close(gap, 1 if cue.frame == "possessor" else 5)
                and _genitive(group)
            ):
                return group
        return []
    if cue.frame == "attribute":
        return next(
            (g for g in groups if re.fullmatch(r"\s(?:\w+\s)?", text[end : g[0].start])), []
        )
    if cue.frame == "source":
        return [
            o for group in groups for o in group if any(x.case in {"Ela", "Abl"} for x in group)
        ]
    if cue.frame == "subject":
        return subjects(text, token, organisations)
    nominative = _nominative(text, groups, {"Nom", None, *cue.cases})
    after = [g for g in nominative if g[0].start >= end]
    before = [g for g in nominative if g[-1].end <= start]
    if after and not _own_verb_before(text, before, start):
        return [o for g in after for o in g] + [o for g in before if _besides(text, g) for o in g]
    return [o for g in before for o in g] if before else [o for g in after for o in g]


def subjects(text: str, verb: Token, organisations: Sequence[EntityFind]) -> list[EntityFind]:
    """The organisations that are the subject of a verb."""
    return _subject(text, verb, _nominative(text, _groups(text, organisations), {"Nom", None}))


def _nominative(
    text: str, groups: Sequence[list[EntityFind]], cases: set[str | None]
) -> list[list[EntityFind]]:
    """Groups with a member in one of the cases, and those that count as if they were."""
    return [
        g
        for g in groups
        if any(o.case in cases for o in g) or _besides(text, g) or _by_unit(text, g)
    ]


def _own_verb_before(text: str, before: Sequence[Sequence[EntityFind]], start: int) -> bool:
    """``X on hankkeen osatoteuttaja …``: the subject stands before the copula."""
    return (
        bool(before)
        and re.fullmatch(
            r"\s(?:on|ovat|oli|olivat|toimii|toimivat|lähtee)\b.*",
            text[before[-1][-1].end : start],
            re.DOTALL,
        )
        is not None
    )


def _subject(text: str, token: Token, groups: Sequence[list[EntityFind]]) -> list[EntityFind]:
    """The group nearest to the verb; a list that goes on after it belongs to it as well."""
    start, end = token.idx, token.idx + len(token)
    before = [g for g in groups if g[-1].end <= start]
    after = [g for g in groups if g[0].start >= end]
    if before:
        nearest = before[-1]
        gapped = [g for g in after if _gapped(text, g)]
        chosen = [g for g in before if g is nearest or _joined(text, g, nearest)]
        return [o for g in (*chosen, *gapped) for o in g]
    if len(after) > 1 and _besides(text, after[0]):
        return [*after[0], *after[1]]
    return after[0] if after else []


def _gapped(text: str, group: Sequence[EntityFind]) -> bool:
    """``X maksaa 55 prosenttia ja Y 15 prosenttia``: the verb is left out the second time."""
    before = text[: group[0].start].rstrip().endswith((" ja", " sekä", ",", " ja loput"))
    return before and re.match(r"\s(?:loput\b|puolet\b|\d)", text[group[-1].end :]) is not None


def _joined(text: str, one: Sequence[EntityFind], two: Sequence[EntityFind]) -> bool:
    return bool(re.search(r"(?:\bja|\bsekä)\s*$", text[one[-1].end : two[0].start]))


def _besides(text: str, group: Sequence[EntityFind]) -> bool:
    """``A:n lisäksi B ja C``: A belongs to the same list."""
    return re.match(r"\s+(?:lisäksi|ohella|rinnalla|tavoin)\b", text[group[-1].end :]) is not None


def _by_unit(text: str, group: Sequence[EntityFind]) -> bool:
    """``kaupungin työllisyyspalvelut``: a body acts by a unit or staff of its own."""
    return group[-1].case == "Gen" and units().match(text, group[-1].end) is not None


def _genitive(group: Sequence[EntityFind]) -> bool:
    return any(o.case in {"Gen", None} for o in group)


def _close(gap: str, words: int) -> bool:
    """At most a few lower-case words and no punctuation between organisation and cue."""
    gap = re.sub(r"^\s*\([^()\n]{1,40}\)", "", gap)
    gap = _AND_OTHERS.sub("", gap)
    gap = re.sub(r"\b\d[\d\s.,]*\s?(?:(?:miljoona\w*|milj\.?)\s)?(?:euron|€|e)\s", "", gap)
    if re.search(r"[.,;:()\n]", gap):
        return False
    between = gap.split()
    return len(between) <= words and all(word[0].islower() or word[0].isdigit() for word in between)


def _groups(text: str, organisations: Sequence[EntityFind]) -> list[list[EntityFind]]:
    """Organisations listed together: only linkers, or linkers and modifiers, between them."""
    groups: list[list[EntityFind]] = []
    for organisation in sorted(organisations, key=lambda o: (o.start, o.end)):
        if groups:
            gap = text[groups[-1][-1].end : organisation.start]
            if organisation.start <= groups[-1][-1].end or _LINKERS.fullmatch(gap) or _listing(gap):
                groups[-1].append(organisation)
                continue
        groups.append([organisation])
    return groups


def _listing(gap: str) -> bool:
    """``, laitteet toimittava yritys``: a comma or "ja" and then lower-case modifiers only."""
    match = re.match(r"\s*(?:\([^()\n]*\))?\s*(?:,|ja\b|sekä\b)", gap)
    if match is None or re.search(r"[.;:\n]", gap):
        return False
    words = gap[match.end() :].split()
    return len(words) <= _MODIFIERS and not any(
        w.strip(",") in {"joka", "jotka", "jonka", "jota", "on", "ovat"} for w in words
    )
