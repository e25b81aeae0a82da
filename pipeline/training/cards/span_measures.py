"""Spans that are told in context: how well they agree with gold's, and the time they take."""

from __future__ import annotations

import time
from pathlib import Path

from pipeline.annotate import load_annotator
from pipeline.annotate.annotator import lines_of
from pipeline.annotate.contextual import load_context_reader
from pipeline.annotate.spans import LABELS
from pipeline.annotate.tokens import pieces
from pipeline.training.cards.measured import Spans
from pipeline.training.context.held_out import read_spans
from pipeline.training.field import read_field
from pipeline.training.field_passages import field_passages
from pipeline.training.folds import digest
from pipeline.training.passages import Passage
from pipeline.training.span_figures import tally


def span_figures(models: Path) -> Spans:
    """Ratios by label of the spans that networks find which did not see the announcement.

    Of the announcements that have such spans; the time is taken on the first hundred.
    """
    passages = list(field_passages(load_annotator(models, context=False), read_field("train")))
    held_out = read_spans(models)
    spans = tally([(p, held_out[digest(p.text)]) for p in passages if digest(p.text) in held_out])
    return Spans(
        held_out={label: spans.scores([label]) for label in LABELS} | {"all": spans.scores(LABELS)},
        milliseconds=milliseconds(models, passages[:100]),
    )


def milliseconds(models: Path, passages: list[Passage]) -> float:
    """Processor time of reading a word in context."""
    reader = load_context_reader(models)
    taken, words = 0.0, 0
    for passage in passages:
        lines = lines_of(passage.text, pieces(passage.text))
        start = time.process_time()
        reader.vectors(passage.text, lines)
        taken += time.process_time() - start
        words += sum(map(len, lines))
    return 1e3 * taken / words
