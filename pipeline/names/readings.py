"""Readings of one inflected word: which nominatives, in which case, might stand behind it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

import msgspec

from pipeline.names.choice import odds
from pipeline.names.entries import irregular_forms, nouns
from pipeline.names.paradigms import (
    Case,
    Declension,
    Number,
    Paradigm,
    grading_site,
    paradigms,
)
from pipeline.names.sounds import harmonise, strengthen, weaken


class Reading(msgspec.Struct, frozen=True):
    """One way to read a word: ``declension.nominative`` in a case and number.

    ``graded`` is ``None`` where the form would be the same with gradation and without.
    ``back`` is the harmony of its ending, ``None`` where the ending has neither.
    """

    declension: Declension
    case: Case
    number: Number
    graded: bool | None
    back: bool | None


class _Tail(msgspec.Struct, frozen=True):
    paradigm: Paradigm
    number: Number
    case: Case
    closed: bool
    back: bool | None


@cache
def _tails() -> dict[str, tuple[_Tail, ...]]:
    """Everything a form may end in after its root, with what that says."""
    found: dict[str, list[_Tail]] = {}
    for paradigm in paradigms():
        for number, case, template, closed in paradigm.forms:
            for back in (True, False):
                ending = harmonise(template, back)
                both = ending == harmonise(template, not back)
                if both and not back:
                    continue
                tail = _Tail(paradigm, number, case, closed, None if both else back)
                found.setdefault(ending, []).append(tail)
    return {ending: tuple(tails) for ending, tails in found.items()}


@cache
def _longest_tail() -> int:
    return max(map(len, _tails()))


def readings(word: str) -> Iterator[Reading]:
    """All readings of ``word`` as an oblique or plural form (not as the nominative that it is)."""
    low = word.lower().replace("’", "'")
    table = _tails()
    for size in range(1, min(_longest_tail(), len(low)) + 1):
        for tail in table.get(low[len(low) - size :], ()):
            yield from _unfold(tail, word[: len(word) - size])


def _unfold(tail: _Tail, seen: str) -> Iterator[Reading]:
    """Readings of a form whose root in the text is ``seen``."""
    paradigm = tail.paradigm

    def reading(declension: Declension, graded: bool | None) -> Iterator[Reading]:
        if paradigm.fits(declension.root) and len(declension.nominative) > 1:
            yield Reading(declension, tail.case, tail.number, graded, tail.back)

    if paradigm.grade == "none":
        yield from reading(Declension(paradigm, seen, seen, seen), None)
        return
    head, rest = grading_site(paradigm, seen)
    following = rest or paradigm.forms[0][2]
    if paradigm.grade == "weak":
        weak = weaken(head, following)
        if not tail.closed:
            closed = weak + rest if weak is not None else seen
            yield from reading(Declension(paradigm, seen, seen, closed), None)
            return
        yield from reading(Declension(paradigm, seen, seen, seen), False)
        for strong in strengthen(head, following):
            root = strong + rest
            yield from reading(Declension(paradigm, root, root, seen), True)
        return
    if (tail.number, tail.case) == ("Sing", "Par"):
        yield from reading(Declension(paradigm, seen, seen, seen), None)
        return
    yield from reading(Declension(paradigm, seen, seen, seen), False)
    weak = weaken(head, paradigm.ends[:1] or rest)
    if weak is not None:
        yield from reading(Declension(paradigm, weak + rest, seen, seen), True)


_COLON = re.compile(r"(?P<stem>.*[\w.)]):(?P<ending>[a-zäö]{1,6})$")
_APOSTROPHE = re.compile(
    r"(?P<stem>\w.*[^\Waeiouyäö])['’](?P<ending>n|ss[aä]|st[aä]|ll[aä]|lt[aä]|lle|ksi)$"
)
_CAPITALS = re.compile(
    r"(?P<stem>(?:[\w-]*[A-ZÅÄÖ0-9])[A-ZÅÄÖ0-9])(?P<ending>i?(?:n|[aä]|t[aä]|ss[aä]|st[aä]|ll[aä]|lt[aä]"
    r"|lle|n[aä]|ksi|[aeiouyäö]n|h[aeiouyäö]n|seen))$"
)
_COLON_CASES: tuple[tuple[str, Case], ...] = (
    (r"i?ss[aä]", "Ine"), (r"i?st[aä]", "Ela"), (r"i?ll[aä]", "Ade"), (r"i?lt[aä]", "Abl"),
    (r"i?lle", "All"), (r"i?ksi", "Tra"), (r"i?n[aä]", "Ess"), (r"[ie]?n|den|ien|jen", "Gen"),
    (r"t?[aä]|i[aä]|t[aä]", "Par"), (r"h[aeiouyäö]n|seen|[aeiouyäö]{2}n|[aäo]n|[uy]n", "Ill"),
)  # fmt: skip


def split_colon(word: str) -> tuple[str, Case] | None:
    """Cut the ending off an acronym: ``STM:ltä`` -> (STM, Abl), ``SAMKissa`` -> (SAMK, Ine)."""
    match = _COLON.fullmatch(word) or _CAPITALS.fullmatch(word) or _APOSTROPHE.fullmatch(word)
    if match is None:
        return None
    for pattern, case in _COLON_CASES:
        if re.fullmatch(pattern, match["ending"]):
            return match["stem"], case
    return None


@cache
def agreeing_forms() -> dict[str, tuple[tuple[str, Case], ...]]:
    """Forms of the adjectives that agree inside a name: ``uudella`` -> ((uusi, Ade),)."""
    found: dict[str, list[tuple[str, Case]]] = {}
    for adjective in odds()["agreeing"]["first_parts"]:
        noun = nouns()[adjective]
        for (number, case), form in noun.declension.forms(noun.back).items():
            if number == "Sing" and case != "Nom":
                found.setdefault(form, []).append((adjective, case))
    return {form: tuple(items) for form, items in found.items()}


def listed_readings(word: str) -> tuple[tuple[str, Case], ...]:
    """Nominatives of a listed place whose forms the lexicon gives one by one."""
    return irregular_forms().get(word.lower(), ())
