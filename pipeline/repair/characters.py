"""Which characters are plausible in an announcement, from ``lexicon/characters.toml``."""

from __future__ import annotations

from functools import cache

from pipeline.lexicon import settings


@cache
def weights() -> dict[str, int]:
    """How well a decoded character speaks for its decoding: a positive weight by character."""
    table: dict[str, int] = {}
    for tier in settings("characters")["tier"]:
        for character in tier["characters"]:
            table.setdefault(character, tier["weight"])
    return table


@cache
def clean_letters() -> frozenset[str]:
    """Non-ASCII letters of clean Finnish, Swedish, Sámi, Estonian, German and French."""
    return frozenset(settings("characters")["clean"]["letters"])


@cache
def clean_marks() -> frozenset[str]:
    """Typographic marks and spaces that may follow a letter in clean text."""
    return frozenset(settings("characters")["clean"]["marks"])


def weight(character: str) -> int:
    """Weight of a character: ASCII and emoji 1, implausible 0."""
    if character < "\x80":
        return 1
    if "\U0001f300" <= character <= "\U0001faff":
        return 1
    return weights().get(character, 0)
