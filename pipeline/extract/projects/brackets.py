"""One project under two names side by side: ``Koodia karsinaan (KOKA)``, ``KOKA (Koodia …)``."""

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
