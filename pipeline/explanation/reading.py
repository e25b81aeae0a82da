"""Reads an announcement again for the candidates that evidence weighed, with their signs.

The only module of this room that knows the readers: all that it hands on are ``Candidate``s.
"""

from __future__ import annotations

from functools import cached_property

from pipeline.annotate import Annotator, load_annotator
from pipeline.evidence import SHIPPED, Evidence, Model
from pipeline.explanation.candidates import JOINT, NAMES, PUBLICATION, Candidate, Reading
from pipeline.extract.announcement import named, weighable_jointly, weighable_names
from pipeline.extract.projects.candidates import Candidate as Name
from pipeline.extract.publication import weighable_days
from pipeline.extract.relations import related_candidates
from pipeline.extract.relations.candidates import KINDS
from pipeline.records import Announcement


def _votes(name: Name) -> dict[str, float]:
    """The readers that propose a name: beside others, too, it is they who do."""
    return {f"vote:{rule}": confidence for rule, confidence in name.votes.items()}


class Reader:
    """Reads announcements with the models of a folder, by default the project's own."""

    def __init__(self, annotator: Annotator | None = None, evidence: Evidence = SHIPPED) -> None:
        self._given = annotator
        self._evidence = evidence

    @cached_property
    def _annotator(self) -> Annotator:
        return self._given or load_annotator()

    def model(self, kind: str) -> Model:
        """The model that decides candidates of a kind."""
        return self._evidence.model(kind)

    def read(self, announcement: Announcement) -> Reading:
        """The candidates of an announcement as a run reads it."""
        doc = self._annotator.annotate(announcement.text)
        entities = named(announcement, doc, evidence=self._evidence)
        pairs = related_candidates(entities).pairs
        found: dict[str, list[Candidate]] = {}
        for kind, weighable in ((NAMES, weighable_names), (JOINT, weighable_jointly)):
            told = weighable(announcement, doc, evidence=self._evidence)
            chances = self.model(kind).probabilities([signs for _, signs in told])
            found[kind] = [
                Candidate(
                    kind=kind,
                    spans=name.spans,
                    item=name.key,
                    value=name.finds[0].name,
                    project=None,
                    rule=name.finds[0].rule,
                    signs={**_votes(name), **signs},
                    probability=chance,
                )
                for (name, signs), chance in zip(told, chances, strict=True)
            ]
        days = weighable_days(announcement.text)
        chances = self.model(PUBLICATION).probabilities([day.signs for day in days])
        found[PUBLICATION] = [
            Candidate(
                kind=PUBLICATION,
                spans=((day.find.start, day.find.end),),
                item=str(day.find.first),
                value=day.kind,
                project=None,
                rule=day.find.rule,
                signs=day.signs,
                probability=chance,
            )
            for day, chance in zip(days, chances, strict=True)
        ]
        for kind in KINDS:
            chances = self.model(kind).probabilities([pair.signs for pair in pairs[kind]])
            found[kind] = [
                Candidate(
                    kind=kind,
                    spans=((pair.start, pair.end),),
                    item=pair.item,
                    value=pair.value,
                    project=pair.project,
                    rule=pair.rule,
                    signs=pair.signs,
                    probability=chance,
                )
                for pair, chance in zip(pairs[kind], chances, strict=True)
            ]
        names = {key: entity.name for key, entity in entities.entities.by_key.items()}
        return Reading(found, names)
