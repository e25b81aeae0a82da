"""What a register's row may be called in an announcement, and its lead: in whole and in short."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.resolve import normal

SHORTEST = 3  # letters of a short name or acronym
_BRACKET = re.compile(r"\s*\(([^()]*)\)")
_PART = re.compile(r"\s*/\s*")


def project_names(name: str) -> dict[str, bool]:
    """The folded names that a register's name licenses, and whether each is the whole name.

    ``Pisara – arki (PISKI)`` is also ``Pisara – arki``, ``Pisara`` and ``PISKI``.
    """
    found: dict[str, bool] = {}
    for said, is_whole in _called(name):
        key = normal.key_of("project", said)
        if key and (is_whole or len(key) >= SHORTEST):
            found.setdefault(key, is_whole)
    return {key: whole for key, whole in found.items() if not normal.is_generic("project", key)}


def _called(name: str) -> Iterator[tuple[str, bool]]:
    yield name, True
    plain = _BRACKET.sub("", name).strip()
    yield plain, True
    yield normal.short_part(plain), False
    for inside in _BRACKET.findall(name):
        if normal.is_acronym_like(inside):
            yield inside, False


def lead_names(name: str) -> set[str]:
    """The folded names, without legal forms, of a lead: whole, without brackets, its first part."""
    plain = _BRACKET.sub("", name).strip()
    folded = {normal.key_of("organisation", one) for one in (name, plain, _PART.split(plain)[0])}
    return {normal.without_legal_form(one) or one for one in folded if one}
