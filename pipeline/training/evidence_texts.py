"""The announcements that evidence is fitted on: the field corpus's train part and older ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path

from spacy.tokens import Doc

from pipeline.annotate import Annotator
from pipeline.evidence.model import Signs
from pipeline.extract.announcement import weighable_names
from pipeline.extract.entities import fold
from pipeline.extract.projects.candidates import Candidate
from pipeline.extract.projects.decision import decide
from pipeline.prepare import prepared
from pipeline.read import read_folder
from pipeline.records import Announcement
from pipeline.scoring.gold import GoldDocument, load_gold
from pipeline.scoring.outputs import source_name
from pipeline.training.field import read_field
from pipeline.training.field_spans import HeldOut, with_held_out

# Invented announcements that rules were written beside; they keep what the rules are good at.
OLDER = ((Path("tests/unseen/announcements"), Path("tests/unseen/gold")),)


class AnnotatedText:
    """An announcement with its annotation, its gold and the candidates for its names.

    ``of_field`` says that it is a twin of a real page: by these thresholds and confidences are
    set.
    """

    def __init__(
        self, announcement: Announcement, doc: Doc, gold: GoldDocument, *, of_field: bool
    ) -> None:
        self.of_field = of_field
        self.announcement = announcement
        self.doc = doc
        self.gold = gold

    @cached_property
    def candidates(self) -> list[tuple[Candidate, Signs]]:
        """The candidates for names of projects with their signs."""
        return weighable_names(self.announcement, self.doc)

    def decide(self, chances: Sequence[float], least: float) -> list[int]:
        """Numbers of the candidates that are chosen as names."""
        weighed = [(c, sure) for (c, _), sure in zip(self.candidates, chances, strict=True)]
        names = {fold(find.name) for find in decide(weighed, least)}
        return [n for n, (candidate, _) in enumerate(self.candidates) if candidate.key in names]


def annotated_texts(annotator: Annotator, held_out: HeldOut) -> Iterator[AnnotatedText]:
    """The announcements in Finnish with gold, in a fixed order.

    The span model has learnt from the field corpus: there its spans are those of ``held_out``.
    """
    for text in read_field("train"):
        if text.announcement.status == "ok":
            doc = annotator.annotate(text.announcement.text)
            yield AnnotatedText(
                text.announcement, with_held_out(doc, held_out), text.gold, of_field=True
            )
    for folder, gold_folder in OLDER:
        gold = {source_name(g.source): g for g in load_gold(gold_folder)}
        for post in read_folder(folder):
            announcement = prepared(post)
            if announcement.status == "ok" and source_name(post.source) in gold:
                doc = annotator.annotate(announcement.text)
                document = gold[source_name(post.source)]
                yield AnnotatedText(announcement, doc, document, of_field=False)
