"""Reads what part an organisation has in a project, from verbs, nouns, participles and labels."""

from __future__ import annotations

from collections.abc import Sequence

from spacy.tokens import Doc

from pipeline.extract.context import Context
from pipeline.extract.finds import EntityFind
from pipeline.extract.participations.cues import PartFind
from pipeline.extract.participations.labels import from_labels
from pipeline.extract.participations.sentences import from_sentences

__all__ = ["PartFind", "find_participations"]

_OUTRIGHT = 0.7  # confidence from which a part counts as said


def find_participations(
    doc: Doc, context: Context, organisations: Sequence[EntityFind]
) -> list[PartFind]:
    """Every stated part, one find per organisation, part and project, the surest reading."""
    found = [*from_labels(context, organisations), *from_sentences(doc, context, organisations)]
    best: dict[tuple[str, str, str | None], PartFind] = {}
    for find in found:
        key = (find.organisation.name, find.part, find.project)
        if key not in best or find.confidence > best[key].confidence:
            best[key] = find
    kept = _without_weaker(list(best.values()))
    return sorted(kept, key=lambda find: (find.start, find.end, find.part))


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
        weak = find.confidence < _OUTRIGHT and bool(parts - {find.part})
        own = find.rule == "subject:implementer" and "lead" in parts
        if not (weak or own):
            kept.append(find)
    return kept
