"""All that people decided, at work in one resolution: which decisions found what they mean."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.records import Record
from pipeline.resolve import fact_corrections
from pipeline.resolve.correction_files import Decided
from pipeline.resolve.corrections import Correction
from pipeline.resolve.fact_corrections import FactCorrection, corrected
from pipeline.resolve.register import RegisterRow

Given = Decided | RegisterRow


class Decisions:
    """Decisions about entities, which SQL follows, and about facts, done to records here.

    ``register`` are the rows of a register that was given beside them.
    """

    def __init__(self, decided: Sequence[Given]) -> None:
        self.register = [one for one in decided if isinstance(one, RegisterRow)]
        self._entities = [one for one in decided if isinstance(one, Correction)]
        self.about_facts = [one for one in decided if isinstance(one, FactCorrection)]
        self._used: set[FactCorrection] = set()

    def concerns(self, doc_id: str, source: str) -> bool:
        """Whether some decision is about a fact of that announcement."""
        return any(fact_corrections.concerns(one, doc_id, source) for one in self.about_facts)

    def applied(self, record: Record) -> Record:
        """The record as it was decided to be."""
        if not self.about_facts:
            return record
        result = corrected(record, self.about_facts)
        self._used |= result.used
        source = record.announcement.source
        # What a decision names is the entity of that name wherever else it is known.
        self._entities += [
            Correction("same", kind, source, name, None, name) for kind, name in result.same
        ]
        return result.record

    def about_entities(self) -> list[Correction]:
        """Decisions about entities, those that follow from facts among them, sorted."""
        return sorted(set(self._entities), key=repr)

    def without_effect(self) -> list[str]:
        """Decisions about facts that nothing answers to, in words."""
        return [
            f"correction without effect: no fact of {one.table} is "
            + (f"{one.id} " if one.id else "")
            + (f"read from {one.text!r} in {one.document}" if one.document else "")
            for one in self.about_facts
            if one not in self._used
        ]
