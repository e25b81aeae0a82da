"""Names that the text itself gives a body: ``Long name (ACR)``, ``eli Short``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import msgspec

from pipeline.extract.finds import EntityFind
from pipeline.extract.gazetteer import colon_case
from pipeline.extract.organisations.heads import head_of
from pipeline.extract.organisations.scene import (
    GUARDED,
    Scene,
    is_place_name,
    short_kind,
    with_names,
)
from pipeline.records import Name

_PARENTHESIS = re.compile(r"[ \u00a0]?\(([^()\n]{2,40})\)")


_ELI = re.compile(r",?[ \u00a0]eli[ \u00a0]([^\W\d_][\w-]+)")


_NAME_LIKE = re.compile(r"[A-ZÅÄÖ0-9][\w&+-]*(?: [A-ZÅÄÖa-zåäö][\w&+-]*){0,2}")


_ENDING = re.compile(
    r"(?P<Ine>i?ss[aä])$|(?P<Ela>i?st[aä])$|(?P<Ade>i?ll[aä])$|(?P<Abl>i?lt[aä])$|(?P<All>i?lle)$"
    r"|(?P<Ess>i?n[aä])$|(?P<Tra>i?ksi)$|(?P<Gen>i?n)$|(?P<Par>i?[aä])$"
)


def unbound(word: str, text: str) -> tuple[str, str | None]:
    """Nominative and case of an inflected brand: a form that the text has itself, else a guess.

    ``Rantaedussa`` → ``Rantaedu``, ``Ine``; ``Norrtechistä`` → ``Norrtech``, ``Ela``.
    """
    stem, case = colon_case(word)
    if case is not None:
        return stem, case
    match = _ENDING.search(word)
    if match is None or match.lastgroup is None:
        return word, "Nom"
    ending = match.group()
    short = word[: match.start()]
    candidates = [short, short + "i"] if ending.startswith("i") else [short]
    for candidate in candidates:
        if len(candidate) > 2 and re.search(rf"(?<!\w){re.escape(candidate)}(?!\w)", text):
            return candidate, match.lastgroup
    if match.lastgroup in ("Gen", "Par", "Ess") or len(short) < 3:
        return word, "Nom"
    return candidates[0], match.lastgroup


def defined_names(scene: Scene, find: EntityFind) -> Iterator[tuple[int, int, Name, str | None]]:
    """Names that the text defines right after a find, with their spans and case.

    ``Long name (ACR)``, ``Long name eli Short``.
    """
    match = _PARENTHESIS.match(scene.text, find.end)
    if match:
        inner = re.split(r"[,;]| eli ", match.group(1))[0].strip()
        if _NAME_LIKE.fullmatch(inner) and not inner.isdigit() and not is_place_name(inner):
            stem, case = colon_case(inner)
            if not (inner[0].isdigit() or head_of(inner)) and any(map(str.isupper, inner)):
                start = match.start(1)
                yield start, start + len(inner), Name(stem, short_kind(stem)), case or "Nom"
        return
    match = _ELI.match(scene.text, find.end)
    if match and match.group(1)[0].isupper():
        name, case = unbound(match.group(1), scene.text)
        if find.case not in (None, "Nom") and case == "Nom":
            name, case = _stripped(match.group(1), find.case), find.case
        yield match.start(1), match.end(1), Name(name, short_kind(name)), case


def _stripped(word: str, case: str | None) -> str:
    """The word without the ending of a case that it is known to be in."""
    match = _ENDING.search(word)
    if match is None or match.lastgroup != case:
        return word
    return word[: match.start() + match.group().startswith("i")] if case != "Gen" else word[:-1]


def with_definitions(scene: Scene, finds: Sequence[EntityFind]) -> list[EntityFind]:
    """The finds with the names defined after them, and the definitions as finds of their own."""
    out: list[EntityFind] = []
    spans = {(find.start, find.end) for find in finds}
    firm = [(find.start, find.end, find.name) for find in finds if find.rule != GUARDED]
    for find in finds:
        defined = list(defined_names(scene, find)) if find.rule != GUARDED else []
        for start, end, name, case in defined:
            if any(s < end and start < e and other != find.name for s, e, other in firm):
                continue  # another body: Kainuun liitto (EAKR)
            find = with_names(find, [name])
            if any(s < end and start < e for s, e in spans):
                continue
            out.append(
                msgspec.structs.replace(
                    find, start=start, end=end, case=case, rule="definition", confidence=0.93
                )
            )
        out.append(find)
    return out
