"""Hyphens that broken lines lost in names: "PohjoisKarjala", "opetus ja kulttuuriministeriö"."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache

from pipeline.lexicon import table
from pipeline.repair.changes import Change, substitute

_STEM = 3  # letters of the second part of a place's name that none of its forms changes
_LAST = 4  # letters at the end of a body's name that a form may change
_SHARED_END = re.compile(r"(?P<first>[^\W\d_]+)- ja (?P<second>[^\W\d_]+)")


def lost_hyphens(text: str) -> list[Change]:
    """Put back the hyphen between the parts of a place's name, or before the "ja" of a body's."""
    return substitute(_before_hyphens(), lambda first: f"{first.group()}-", text)


@cache
def _before_hyphens() -> re.Pattern[str]:
    """First parts of names that go on as they do with a hyphen, but without it."""
    places = rf"(?:{'|'.join(_places())})(?=[^\W\d_]+(?!\w|[.@]\w))"
    return re.compile(rf"(?<![\w-])(?:{places}|{'|'.join(_bodies())})")


def _places() -> list[str]:
    """``Pohjois`` before the capital of ``Karjala``, in any form."""
    seconds: defaultdict[str, set[str]] = defaultdict(set)
    for row in table("places"):
        first, hyphen, second = row["name"].partition("-")
        if hyphen and second[:1].isupper() and " " not in first:
            seconds[first].add(re.escape(second[:_STEM]))
    return [
        rf"{re.escape(first)}(?=(?:{'|'.join(sorted(stems))}))"
        for first, stems in sorted(seconds.items())
    ]


def _bodies() -> list[str]:
    """``opetus`` before ``ja kulttuuriministeriö``, in any form, with a capital or none."""
    names = [row["name"] for row in table("bodies")] + [row["head"] for row in table("org_heads")]
    pairs = {
        (match["first"].lower(), match["second"][:-_LAST])
        for name in names
        for match in _SHARED_END.finditer(name)
        if len(match["second"]) > 2 * _LAST
    }
    return [
        rf"[{first[0].upper()}{first[0]}]{re.escape(first[1:])}(?=\ ja {re.escape(second)})"
        for first, second in sorted(pairs)
    ]
