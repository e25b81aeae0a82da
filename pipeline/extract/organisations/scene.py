"""What the rules for organisations look at, and the finds that they make."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import msgspec

from pipeline.extract.finds import EntityFind
from pipeline.extract.gazetteer import Word
from pipeline.extract.gazetteer import word as make_word
from pipeline.extract.organisations.bodies import Body, by_name
from pipeline.extract.organisations.heads import HeadHit, legal_forms
from pipeline.extract.places import gazetteer
from pipeline.records import Name, NameKind

# hyvinvointialueen alueella: the county as an area, no body
AREA_AFTER = re.compile(r"[ \u00a0]+alue(?:en|ella|elle|elta|ena|eseen|tta)?\b")
KNOWN, GUARDED, HEAD, LEGAL = "known_body", "known_body_guarded", "head", "legal_form"


class Scene(NamedTuple):
    """A text with its words; ``blocked`` words are parts of persons' names."""

    text: str
    words: Sequence[Word]
    blocked: Sequence[bool]


def organisation(
    start: int,
    end: int,
    name: str,
    *,
    rule: str,
    confidence: float,
    subtype: str | None,
    case: str | None = None,
    plural: bool = False,
    others: Iterable[Name] = (),
    label: str = "ORG",
) -> EntityFind:
    """An organisation's find whose canonical name stands first among its names."""
    return EntityFind(
        start=start,
        end=end,
        rule=rule,
        confidence=confidence,
        type="organisation",
        name=name,
        names=_once((Name(name, "full"), *others)),
        label=label,
        case=case,
        plural=plural,
        subtype=subtype,
    )


def of_body(
    body: Body, start: int, end: int, *, rule: str, confidence: float, case: str | None
) -> EntityFind:
    """A find of a known body."""
    return organisation(
        start,
        end,
        body.name,
        rule=rule,
        confidence=confidence,
        subtype=body.type,
        case=case,
        others=body.names,
    )


def named(
    start: int,
    end: int,
    name: str,
    hit: HeadHit,
    *,
    subtype: str,
    rule: str,
    confidence: float,
) -> EntityFind | None:
    """A find of a composed name: a known body of that name, or a new one if its head is open."""
    body = by_name().get(name.casefold())
    if body is not None:
        return of_body(body, start, end, rule=rule, confidence=0.95, case=hit.case)
    if "closed" in hit.head.flags:
        return None
    return organisation(
        start, end, name, rule=rule, confidence=confidence, subtype=subtype, case=hit.case
    )


def with_names(find: EntityFind, names: Iterable[Name]) -> EntityFind:
    """The find with further names, none twice."""
    return msgspec.structs.replace(find, names=_once((*find.names, *names)))


def _once(names: Iterable[Name]) -> tuple[Name, ...]:
    """The names, of those that differ in case alone the first."""
    first: dict[str, Name] = {}
    for name in names:
        first.setdefault(name.name.casefold(), name)
    return tuple(first.values())


def bare_name(name: str) -> str:
    """The name without its legal form (``Koivumäki ry`` → ``Koivumäki``)."""
    words = name.split()
    return " ".join(words[:-1]) if len(words) > 1 and words[-1] in legal_forms() else name


def short_kind(name: str) -> NameKind:
    """``acronym`` for a name of capitals, ``short`` for others."""
    return "acronym" if sum(map(str.isupper, name)) >= 2 and " " not in name else "short"


def is_place_name(word: str) -> bool:
    """Whether a word is the name of a place, in any case."""
    return bool(gazetteer().at([make_word(0, len(word), word)], 0))
