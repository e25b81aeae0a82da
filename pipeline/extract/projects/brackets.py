"""What brackets beside a project's name say: another name, ``Aitta auki (AITTA)``, or a place."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

import msgspec

from pipeline.extract.finds import EntityFind
from pipeline.extract.spans import Spans
from pipeline.records import Name

_ACRONYM = re.compile(r"[A-ZÅÄÖ0-9][\w-]{1,14}")
_BEHIND = re.compile(r"[”\"]?\s?\((?P<acronym>[\w-]+)\)")
_OPENS = frozenset({" (", "("})
_LAST = re.compile(r"\s?\((?P<inside>[^()\n]+)\)$")
_BETWEEN = re.compile(r"(?:[\s,;/–-]|\b(?:ja|sekä)\b)*")


def with_acronyms(
    text: str, finds: Sequence[EntityFind], others: Sequence[EntityFind]
) -> list[EntityFind]:
    """The finds, each with the acronym in brackets right behind it among its names.

    ``others`` are bodies and people: ``Aitta auki (ESR)`` names who pays.
    """
    spans = Spans([*finds, *others])
    found = []
    for find in finds:
        behind = _BEHIND.match(text, find.end)
        if (
            behind is not None
            and _is_acronym(behind["acronym"])
            and not _is_acronym(find.name)
            and not spans.touches(*behind.span("acronym"))
        ):
            named = Name(behind["acronym"], "acronym")
            find = msgspec.structs.replace(find, names=(*find.names, named))
        found.append(find)
    return found


def without_places(
    text: str, finds: Sequence[EntityFind], areas: Sequence[EntityFind]
) -> list[EntityFind]:
    """The finds, each without a bracket behind its name that only says where it works.

    ``areas`` are those of the text: of ``Rapurutosta vapaaksi (Huittinen, Sastamala)`` the bracket
    holds nothing else. One that is in no register may be another name: ``(Kirkasjärvi)``.
    """
    known = Spans(area for area in areas if area.code is not None)
    found = []
    for find in finds:
        bracket = _LAST.search(text, find.start, find.end)
        if bracket is not None:
            inside, at = bracket.span("inside"), bracket.start("inside")
            for area in sorted(known.touching(*inside), key=lambda area: area.start):
                if _BETWEEN.fullmatch(text, at, area.start):
                    at = area.end
            if at > inside[0] and _BETWEEN.fullmatch(text, at, inside[1]):
                said = text[slice(*inside)]
                names = tuple(name for name in find.names if name.name != said)
                find = msgspec.structs.replace(find, end=bracket.start(), names=names)
        found.append(find)
    return found


def with_bracketed(text: str, finds: Sequence[EntityFind]) -> list[EntityFind]:
    """The finds, those of an acronym in brackets beside a full name under the full name.

    ``finds`` are in text order and do not overlap.
    """
    full_of: dict[str, EntityFind] = {}
    for one, two in pairwise(finds):
        # A head behind the bracket belongs to the find: ``(KOKA) -hanketta``.
        if text[one.end : two.start] in _OPENS and ")" in text[two.start : two.end + 1]:
            for short, full in ((two, one), (one, two)):
                if _is_acronym(short.name) and not _is_acronym(full.name):
                    full_of.setdefault(short.name, full)
                    break
    acronyms = {full.name: name for name, full in full_of.items()}
    found = []
    for find in finds:
        owner = full_of.get(find.name, find)
        acronym = acronyms.get(owner.name)
        names = owner.names
        if acronym is not None and all(name.name != acronym for name in names):
            names = (*names, Name(acronym, "acronym"))
        found.append(
            msgspec.structs.replace(find, name=owner.name, names=names, subtype=owner.subtype)
        )
    return found


def _is_acronym(name: str) -> bool:
    """One word with two capitals or more: ``KOKA``, ``SataVeto``."""
    return bool(_ACRONYM.fullmatch(name)) and sum(letter.isupper() for letter in name) > 1
