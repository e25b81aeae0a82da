"""The announcements that evidence is fitted on: the field corpus's train part and older ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
from spacy.tokens import Doc

from pipeline.annotate import Annotator, load_annotator
from pipeline.prepare import prepared
from pipeline.read import read_folder
from pipeline.records import Announcement
from pipeline.scoring.gold import GoldDocument, load_gold
from pipeline.scoring.outputs import source_name
from pipeline.training.context.held_out import HeldOut
from pipeline.training.field import read_field
from pipeline.training.folds import digest

# Invented announcements that rules were written beside; they keep what the rules are good at.
OLDER = ((Path("tests/unseen/announcements"), Path("tests/unseen/gold")),)


class AnnotatedText(msgspec.Struct, frozen=True, kw_only=True):
    """An announcement with its annotation and its gold.

    ``of_field`` says that it is a twin of a real page: by these thresholds and confidences are
    set.
    """

    announcement: Announcement
    doc: Doc
    gold: GoldDocument
    of_field: bool


def annotated_texts(models: Path, held_out: HeldOut) -> Iterator[AnnotatedText]:
    """The announcements in Finnish with gold, in a fixed order.

    The networks have learnt from the field corpus: of it come those announcements that a network
    was taught without or came after the last teaching, with its answers, those of ``held_out``.
    """
    plain = load_annotator(models, context=False)
    yield from field_texts(plain, held_out.annotated, lambda text: digest(text) in held_out.rows)
    annotator = load_annotator(models)
    for folder, gold_folder in OLDER:
        gold = {source_name(g.source): g for g in load_gold(gold_folder)}
        for post in read_folder(folder):
            announcement = prepared(post)
            if announcement.status == "ok" and source_name(post.source) in gold:
                doc = annotator.annotate(announcement.text)
                document = gold[source_name(post.source)]
                yield AnnotatedText(
                    announcement=announcement, doc=doc, gold=document, of_field=False
                )


def field_texts(
    annotator: Annotator,
    told: Callable[[Doc], Doc],
    wanted: Callable[[str], bool] = lambda text: True,
) -> Iterator[AnnotatedText]:
    """Those of the field corpus's train part; ``told`` adds what networks say of a document."""
    for text in read_field("train"):
        if text.announcement.status == "ok" and wanted(text.announcement.text):
            doc = told(annotator.annotate(text.announcement.text))
            yield AnnotatedText(
                announcement=text.announcement, doc=doc, gold=text.gold, of_field=True
            )
