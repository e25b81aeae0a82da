"""The span model on passages it did not learn from: its spans, and the projects that follow."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from spacy.tokens import Doc

from pipeline.annotate import Annotator, load_annotator
from pipeline.annotate.annotator import lines_of, load_networks
from pipeline.annotate.ner import Line
from pipeline.annotate.spans import LABELS, load_span_finder
from pipeline.annotate.tagger import Tagger
from pipeline.annotate.tokens import pieces
from pipeline.evidence import SHIPPED
from pipeline.extract.layout import layout
from pipeline.extract.learned import PROJECTS
from pipeline.training.ablation import VARIANTS
from pipeline.training.cards.measured import Ratios, Spans
from pipeline.training.field_spans import with_spans
from pipeline.training.passages import Passage, read_passages
from pipeline.training.scores import Span, Tally
from pipeline.training.span_figures import Answer, held_out, tally

MENTION = "project"


def span_figures(data: Path, models: Path, passages: Path, say: Callable[[str], None]) -> Spans:
    """Ratios by label and by variant on held-out passages, and the time of a word."""
    answers = list(held_out(data, models, say))
    spans = tally(answers)
    by_label = {label: spans.scores([label]) for label in LABELS}
    return Spans(
        held_out=by_label | {"all": spans.scores(LABELS)},
        projects=project_figures(load_annotator(models), answers),
        microseconds=microseconds(models, list(read_passages(passages))),
    )


def project_figures(annotator: Annotator, answers: Iterable[Answer]) -> dict[str, Ratios]:
    """Ratios of the mentions of projects that rules, the model and both find in passages."""
    tallies = {variant: Tally() for variant in VARIANTS}
    for passage, found in answers:
        doc = with_spans(annotator.annotate(passage.text), found)
        wanted = {(start, end, MENTION) for start, end, label in passage.spans if label in PROJECTS}
        for variant, finds in mentions(doc).items():
            tallies[variant].add(fitted(finds, wanted), wanted)
    return {variant: counted.scores() for variant, counted in tallies.items()}


def mentions(doc: Doc) -> dict[str, set[Span]]:
    """Where each variant of the extraction finds a project, in characters."""
    page = layout(doc.text)
    return {
        variant: {
            (find.start, find.end, MENTION)
            for find in sources.projects(
                doc, page, sources.organisations(doc, page, SHIPPED), (), None, SHIPPED
            )
        }
        for variant, sources in VARIANTS.items()
    }


def fitted(finds: Iterable[Span], wanted: Iterable[Span]) -> set[Span]:
    """The finds, each as the wanted mention that it covers from the same beginning, if any."""
    starts = {span[0]: span for span in wanted}
    return {
        starts[find[0]] if find[0] in starts and find[1] >= starts[find[0]][1] else find
        for find in finds
    }


def microseconds(models: Path, passages: Sequence[Passage]) -> float:
    """Processor time of a word that the tagger has read already."""
    tagger = Tagger(load_networks(models, ["tok2vec", "morphologizer"]))
    finder = load_span_finder(models, tagger)
    taken, words = 0.0, 0
    for passage in passages:
        lines = [
            Line([passage.text[p.start : p.end] for p in row], [p.opens_sentence for p in row])
            for row in lines_of(passage.text, pieces(passage.text))
        ]
        read = list(tagger.tag(line.words for line in lines))
        start = time.process_time()
        finder.find(lines, read)
        taken += time.process_time() - start
        words += sum(len(line.words) for line in lines)
    return 1e6 * taken / words
