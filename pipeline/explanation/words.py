"""Signs of evidence in words: ``p:is_main`` is "the project is the page's main one"."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from importlib.resources import files
from string import Formatter
from typing import get_args

from pipeline import records

Words = Mapping[str, Mapping[str, str]]

# What a sign may be joined with by +: the part, kind, side or relation that is asked for.
ASKED = frozenset(
    (
        *get_args(records.Part),
        *get_args(records.BudgetKind),
        *get_args(records.Relation),
        *("start", "end", "published", "updated"),
    )
)


def in_words(sign: str, strength: float) -> str:
    """What a sign means; where it isn't there (``strength`` 0), that it is not so."""
    told = told_of(sign) or sign
    return told if strength else f"not: {told}"


@lru_cache(maxsize=4096)
def told_of(sign: str) -> str | None:
    """The words for a sign, ``None`` where nobody wrote any."""
    words = _words()
    whole: str | None = words["whole"].get(sign)
    if whole is not None:
        return whole
    first, _, second = sign.rpartition("+")
    if first and second in ASKED:
        told = told_of(first)
        return told and f"{told}; {_told_of_second(second)}"
    return _begun(sign, words["beginning"])


def _told_of_second(second: str) -> str:
    return f"asked: {second.replace('_', ' ')}"


def _begun(sign: str, beginnings: Mapping[str, str]) -> str | None:
    """The words for the longest beginning of a sign, filled with what follows it."""
    for beginning in sorted(beginnings, key=len, reverse=True):
        rest = sign.removeprefix(beginning)
        if rest == sign or not rest:
            continue
        pattern = beginnings[beginning]
        field = next(name for _, name, _, _ in Formatter().parse(pattern) if name is not None)
        filled = _FILLED[field](rest) if field else rest.replace("_", " ")
        if filled is not None:
            return pattern.replace("{" + field + "}", filled)
    return None


def _near(rest: str) -> str | None:
    """``funder_1``: a word of funding right beside; ``funder_Gen``: … in the genitive."""
    words = _words()
    kind, _, where = rest.rpartition("_")
    if rest in words["kinds"] or not kind:
        return words["kinds"].get(rest)
    told = words["kinds"].get(kind)
    if told is None:
        return None
    if where in words["near"]:
        return f"{told} {words['near'][where]}"
    if where in words["cases"]:
        return f"{told} in {words['cases'][where]}"
    return f"{told} ({words['words'].get(where, where)})"


def _place(rest: str) -> str | None:
    """A sign of one place of a name; two joined by + are both."""
    told = [_one_place(part) for part in rest.split("+")]
    return None if None in told else ", ".join(filter(None, told))


def _one_place(sign: str) -> str | None:
    words = _words()
    return words["places"].get(sign) or _begun(sign, words["place_beginnings"])


def _gap(rest: str) -> str | None:
    """What stands between a body and who may be with it: ``lines``, ``gap_,``, ``next_Gen``."""
    words = _words()
    case = words["cases"].get(rest)
    return (
        words["gaps"].get(rest) or (case and f"in {case}") or _begun(rest, words["gap_beginnings"])
    )


def _counted(rest: str) -> str:
    """``0`` is the first; ``3+`` is the fourth or a later one."""
    number = rest.removesuffix("+")
    if not number.isdigit():
        return rest
    return f"{int(number) + 1}{' or later' if rest != number else ''}"


@cache
def _words() -> Words:
    text = files(__package__).joinpath("words.toml").read_text("utf-8")
    words: Words = tomllib.loads(text)
    return words


_FILLED: Mapping[str, Callable[[str], str | None]] = {
    "project": lambda rest: _words()["project"].get(rest) or told_of(rest),
    "sign": lambda rest: told_of(rest) or _words()["project"].get(rest) or rest.replace("_", " "),
    "kind": lambda rest: _words()["kinds"].get(rest, rest.replace("_", " ")),
    "near": _near,
    "place": _place,
    "case": lambda rest: _words()["cases"].get(rest, rest),
    "word": lambda rest: _words()["words"].get(rest, rest),
    "gap": _gap,
    "how": lambda rest: _words()["how"].get(rest),
    "count": lambda rest: _counted(rest),
    "euros": lambda rest: f"{float(rest):,.0f}".replace(",", " "),
}
