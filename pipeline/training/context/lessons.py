"""The announcements that networks learn from, and what is asked of relations in them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from pipeline.annotate import load_annotator
from pipeline.evidence import Evidence
from pipeline.extract.announcement import named
from pipeline.extract.relations import related_candidates
from pipeline.training.context.held_out import read_spans, with_spans
from pipeline.training.context.teach import Lesson
from pipeline.training.evidence import fit_named
from pipeline.training.evidence_labels import pair_labels
from pipeline.training.evidence_texts import AnnotatedText, field_texts
from pipeline.training.field import read_field
from pipeline.training.field_passages import field_passages
from pipeline.training.folds import digest
from pipeline.training.passages import read_passages
from pipeline.training.relation_examples import Relations, relations
from pipeline.training.side_by_side import of_each

REGISTER = "register/structural-fund-projects.csv"  # of names, in the folder of the corpora
PASSAGES = (Path("corpus/training"), Path("corpus/training/context"))


def marked_passages() -> list[Lesson]:
    """The marked passages: nothing is asked of relations in them."""
    return [Lesson(passage) for folder in PASSAGES for passage in read_passages(folder)]


def field_lessons(models: Path, say: Callable[[str], None]) -> Iterator[Lesson]:
    """The announcements of the field corpus's train part, marked, with what is asked of them."""
    marked = [text for text in read_field("train") if text.announcement.status == "ok"]
    passages = dict(
        zip(
            (t.announcement.text for t in marked),
            field_passages(load_annotator(models, context=False), marked),
            strict=True,
        )
    )
    for text, asked in asked_of_field(models, say):
        yield Lesson(passages[text], asked)


def asked_of_field(models: Path, say: Callable[[str], None]) -> list[tuple[str, Relations | None]]:
    """Of each announcement of the train part its text, and what is asked of relations in it."""
    annotator = load_annotator(models, context=False)
    known = read_spans(models)
    texts = list(
        field_texts(annotator, lambda doc: with_spans(doc, known.get(digest(doc.text), ())))
    )

    def asked(of: tuple[AnnotatedText, Evidence]) -> Relations | None:
        text, evidence = of
        here = named(text.announcement, text.doc, evidence=evidence)
        candidates = related_candidates(here)
        return relations(here, candidates, pair_labels(here, candidates, text.gold))

    chosen = fit_named(texts, say).held_out
    found = of_each(asked, list(zip(texts, chosen, strict=True)))
    return [(text.announcement.text, one) for text, one in zip(texts, found, strict=True)]
