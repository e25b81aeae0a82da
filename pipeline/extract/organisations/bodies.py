"""Known bodies: ministries, counties, universities, funds and the like, from ``bodies.csv``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache

import msgspec

from pipeline import lexicon
from pipeline.extract.gazetteer import Hit, Trie, Word
from pipeline.extract.listed_names import Listed, trie_of
from pipeline.extract.organisations.heads import head_of
from pipeline.records import Name, NameKind

_KINDS: tuple[NameKind, ...] = ("acronym", "short", "alias")


class Body(msgspec.Struct, frozen=True, kw_only=True):
    """A body with all its names; ``domain`` is its address on the web."""

    name: str
    names: tuple[Name, ...]
    type: str
    domain: str = ""


class Alias(msgspec.Struct, frozen=True):
    """One name of a body; a ``guarded`` one counts only where the announcement supports it."""

    body: Body
    name: str
    guarded: bool


def sentence_name(name: str) -> str:
    """The name as a heading writes it: a capital first letter, no agreement marks."""
    plain = name.replace("~", "")
    return plain[:1].upper() + plain[1:]


@cache
def bodies() -> tuple[tuple[Body, tuple[tuple[str, NameKind, bool], ...], dict[str, str]], ...]:
    """Every body, its names as the data writes them (name, kind, guarded), odd genitives."""
    found = []
    for row in lexicon.table("bodies"):
        written: list[tuple[str, NameKind, bool]] = [(row["name"], "full", False)]
        for kind in _KINDS:
            for name in filter(None, (row[kind] or "").split("|")):
                written.append((name.lstrip("?"), kind, name.startswith("?")))
        unguarded = [(sentence_name(name), kind) for name, kind, guarded in written if not guarded]
        guarded_names = [(sentence_name(name), kind) for name, kind, guard in written if guard]
        names = tuple(dict.fromkeys(Name(name, kind) for name, kind in unguarded + guarded_names))
        genitives = [pair.split(":") for pair in filter(None, (row["genitives"] or "").split("|"))]
        body = Body(name=names[0].name, names=names, type=row["type"], domain=row["domain"] or "")
        found.append((body, tuple(written), dict(genitives)))
    return tuple(found)


@cache
def known_bodies() -> Trie[Alias]:
    """All names of all bodies in all their forms."""
    aliases = [
        Alias(body, name, guarded) for body, written, _ in bodies() for name, _, guarded in written
    ]
    return trie_of("bodies", aliases, _written)


def _written() -> Iterator[Listed]:
    """Every name as it stands in running text, by the number of its alias."""
    every = [(name, genitives) for _, written, genitives in bodies() for name, _, _ in written]
    for number, (name, genitives) in enumerate(every):
        first = name.partition(" ")[0]
        if head_of(first) is not None or first.endswith("-"):
            name = name[:1].lower() + name[1:] if " " in name else name
        yield name, number, genitives.get(name.split()[-1]), ()


@cache
def by_name() -> dict[str, Body]:
    """Bodies by every unguarded name, folded."""
    found: dict[str, Body] = {}
    for body, written, _ in bodies():
        for name, _, guarded in written:
            if not guarded:
                found.setdefault(sentence_name(name).casefold(), body)
    return found


@cache
def domain_endings() -> frozenset[str]:
    """What the bodies' domains end in: ``.fi``, ``.eu``."""
    return frozenset("." + body.domain.rpartition(".")[2] for body, _, _ in bodies() if body.domain)


def find_known(words: Sequence[Word]) -> list[Hit[Alias]]:
    """Known bodies in the words, left to right, the longest name first, none overlapping."""
    found: list[Hit[Alias]] = []
    trie = known_bodies()
    at = 0
    while at < len(words):
        hits = trie.at(words, at)
        if hits:
            found.append(hits[0])
            at = hits[0].last
        else:
            at += 1
    return found
