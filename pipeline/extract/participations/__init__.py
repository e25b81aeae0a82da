"""Reads what part an organisation has in a project, from verbs, nouns, participles and labels."""

from __future__ import annotations

from collections.abc import Sequence

from spacy.tokens import Doc

from pipeline.extract.context import Context
from pipeline.extract.finds import EntityFind
from pipeline.extract.participations.cues import PartFind
from pipeline.extract.participations.labels import from_labels
from pipeline.extract.participations.sentences import from_sentences

__all__ = ["PartFind", "readings", "surest"]

_OUTRIGHT = 0.7  # confidence from which a part counts as said
_DOING = "subject:implementer"  # the reading of what one does


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
    return [
        *from_labels(context, organisations),
        *from_sentences(doc, context, organisations),
    ]


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
        others = parts - {find.part}
        weak = find.confidence < _OUTRIGHT and bool(others)
        own = find.rule == _DOING and bool({"lead", "coordinator"} & parts)
        if not (weak or own):
            kept.append(find)
    return kept
