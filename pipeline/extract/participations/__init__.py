"""Reads what part an organisation has in a project, from verbs, nouns, participles and labels."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

import msgspec
from spacy.tokens import Doc

from pipeline import lexicon
from pipeline.extract.context import Context
from pipeline.extract.finds import EntityFind
from pipeline.extract.participations.cues import PartFind
from pipeline.extract.participations.labels import from_labels
from pipeline.extract.participations.listed import from_lists
from pipeline.extract.participations.ours import from_ours
from pipeline.extract.participations.sentences import from_sentences
from pipeline.patterns import Pattern

__all__ = ["PartFind", "readings", "surest"]

_OUTRIGHT = 0.7  # confidence from which a part counts as said
_DOING = {"together:implementer", "subject:implementer"}  # readings of what one does


def surest(found: Sequence[PartFind]) -> list[PartFind]:
    """One find per organisation, part and project: of the ``readings`` the surest."""
    best: dict[tuple[str, str, str | None], PartFind] = {}
    for find in found:
        key = (find.organisation.name, find.part, find.project)
        if key not in best or find.confidence > best[key].confidence:
            best[key] = find
    kept = _without_weaker(list(best.values()))
    return sorted(kept, key=lambda find: (find.start, find.end, find.part))


def readings(doc: Doc, context: Context, organisations: Sequence[EntityFind]) -> list[PartFind]:
    """All that the readers propose, several readings of one body and part among them."""
    said = [
        *from_labels(context, organisations),
        *from_sentences(doc, context, organisations),
        *from_ours(context, organisations),
        *from_lists(context, organisations),
    ]
    return [*said, *(share for find in said for share in _copaying(context, find))]


@cache
def _share() -> Pattern:
    words = lexicon.settings("parts")["copaying"]["words"]
    return Pattern(rf"(?<!\w)(?:{'|'.join(words)})", re.IGNORECASE)


def _copaying(context: Context, find: PartFind) -> list[PartFind]:
    """A municipality that pays its share of a joint project is a partner in it as well."""
    if find.part != "funder" or find.organisation.subtype != "municipality":
        return []
    if find.rule not in {"subject:funder", "source:funder"}:
        return []
    if _share().search(context.text, *context.sentence(find.start)) is None:
        return []
    return [msgspec.structs.replace(find, part="partner", rule="share:partner", confidence=0.65)]


def _without_weaker(finds: Sequence[PartFind]) -> list[PartFind]:
    """What merely acting in a project suggests yields to a part that is said outright.

    A lead is no implementer for carrying its own project out.
    """
    said: dict[tuple[str, str | None], set[str]] = {}
    for find in finds:
        if find.confidence >= _OUTRIGHT:
            said.setdefault((find.organisation.name, find.project), set()).add(find.part)
    kept = []
    for find in finds:
        parts = said.get((find.organisation.name, find.project), set())
        others = parts - {find.part} - ({"funder"} if find.rule == "share:partner" else set())
        weak = find.confidence < _OUTRIGHT and bool(others)
        own = find.rule in _DOING and bool({"lead", "coordinator"} & parts)
        if not (weak or own):
            kept.append(find)
    return kept
