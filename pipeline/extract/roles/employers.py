"""Reads whose employee somebody is where the role's own phrase doesn't say: by line, by clause."""

from __future__ import annotations

import re
from functools import cache

import msgspec

from pipeline import lexicon
from pipeline.extract.finds import EntityFind
from pipeline.extract.roles.scene import RoleFind, Scene

_PHONE = re.compile(
    r"\s*,?\s*(?:p|puh|puhelin|gsm)?\.?:?\s*[+\d][\d\s()-]{5,18},\s*(?:[\w.-]+(?:@|\(at\))[\w.-]+,\s*)?"
)
_COMMA = re.compile(r"\s*,\s*")
_SHARED = re.compile(r"\s*(?:,|tai|ja|sekä)\s+(?:[\wäöå-]+\s){0,2}")  # "X tai neuvoja Y, yhdistys"
_REACH = 120  # characters in which a clause names whose share somebody leads


def with_employer(place: Scene, role: RoleFind) -> RoleFind:
    """The role with its body, where the role's line, bracket or clause names one."""
    if role.organisation is not None:
        return role
    for reading in (_label, _bracket, _behind, _of_title, _by_clause):
        body = reading(place, role)
        if body is not None:
            return msgspec.structs.replace(role, organisation=body)
    return role


def _label(place: Scene, role: RoleFind) -> EntityFind | None:
    """``Kotkan kaupunki: rehtori X, opettaja Y``: the line begins with the body."""
    line = place.page.block(role.person.start)
    return next(
        (
            o
            for o in place.organisations
            if line is not None and o.start == line.start and place.text.startswith(":", o.end)
        ),
        None,
    )


def _bracket(place: Scene, role: RoleFind) -> EntityFind | None:
    """``asiantuntija X (Novia)``."""
    text, end = place.text, role.person.end
    for body in place.organisations:
        if re.fullmatch(r"\s\(", text[end : body.start]) and text[body.end : body.end + 1] == ")":
            return body
    return None


def _behind(place: Scene, role: RoleFind) -> EntityFind | None:
    """``X, puh. 040 000 0000, kunta`` and ``johtaja X tai neuvoja Y, yhdistys``."""
    text, end = place.text, role.person.end
    line = place.page.block(end - 1)
    stop = line.end if line is not None else 0
    for body in place.organisations:
        if not end < body.start < stop or body.case not in {"Nom", None}:
            continue
        gap = text[end : body.start]
        if _PHONE.fullmatch(gap):
            return body
        other = next((p for p in place.people if end < p.start < body.start), None)
        if (
            other is not None
            and _SHARED.fullmatch(text[end : other.start])
            and _COMMA.fullmatch(text[other.end : body.start])
        ):
            return body
        return None
    return None


def _of_title(place: Scene, role: RoleFind) -> EntityFind | None:
    """``diakoni, Rannan seurakunta`` below a name; ``X on tutkija Ilmatieteen laitoksella``."""
    if role.title is None or role.title.start < role.person.start:
        return None
    for body in place.organisations:
        gap = place.text[role.title.end : body.start] if body.start >= role.title.end else "."
        if _COMMA.fullmatch(gap) and body.case in {"Nom", None} and "\n" not in gap:
            return body
        if gap == " " and body.case in {"Ine", "Ade", "Ela", "Abl"}:
            return body
    return None


@cache
def _share() -> re.Pattern[str]:
    words = "|".join(lexicon.settings("roles")["employers"]["shares"])
    return re.compile(rf"\s(?:\([^()\n]{{2,12}}\)\s)?(?:{words})\w*\s[^,.;:\n]*$")


def _by_clause(place: Scene, role: RoleFind) -> EntityFind | None:
    """``Y:n osuutta johtaa tutkija X``, ``Turun yliopistossa kokeiluja tutkii lehtori X``."""
    text = place.text
    low = max((s for s, _ in place.sentences if s <= role.start), default=0)
    if role.start - low > _REACH:
        low = role.start - _REACH
    for body in reversed(place.organisations):
        if not (low <= body.start and body.end < role.start):
            continue
        gap = text[body.end : role.start]
        if body.case == "Gen":
            return body if _share().fullmatch(gap) else None
        opens = not re.search(r"\w", text[low : body.start]) or body.case == "Ine"
        if body.case in {"Ine", "Ade"} and opens and not re.search(r"[,.;:\n]|\bja\b", gap):
            return body
        return None
    return None
