"""Spans of the field corpus's train part by networks that did not learn from them.

What later decisions are fitted on must be as unsure as in use: of each fold of announcements the
spans are those of a network taught on the others (and on ``corpus/training``).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from spacy.tokens import Doc, SpanGroup
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from pipeline.annotate import load_annotator
from pipeline.annotate.annotator import load_networks
from pipeline.annotate.spans import SpanFinder
from pipeline.annotate.tagger import Tagger
from pipeline.learned import LEARNED
from pipeline.training.field import read_field
from pipeline.training.field_passages import field_passages
from pipeline.training.folds import FOLDS, digest, fold_of
from pipeline.training.passages import read_passages
from pipeline.training.span_examples import Reader, register_names
from pipeline.training.span_figures import Found, found_in
from pipeline.training.spans import FIELD_TIMES, NEWS, PASSAGES, RECIPE, REGISTER, learnt

HELD_OUT = "spans_held_out.json"

HeldOut = Mapping[str, Sequence[Found]]
"""Spans of a text, by the SHA-256 of the text."""


def make_held_out(data: Path, models: Path, say: Callable[[str], None]) -> None:
    """Teach a network for each fold and write ``models/spans_held_out.json``; half an hour."""
    annotator = load_annotator(models)
    texts = [t for t in read_field("train") if t.announcement.status == "ok"]
    folds = [fold_of(text.stem) for text in texts]
    passages = list(field_passages(annotator, texts))
    other = list(read_passages(PASSAGES))
    found: dict[str, list[Found]] = {}
    with threadpool_limits(limits=1, user_api="blas"):
        tagger = Tagger(load_networks(models, ["tok2vec", "morphologizer"]))
        reader = Reader(tagger)
        news = reader.news(data / NEWS, RECIPE.news, RECIPE.seed)
        names = register_names(data / REGISTER)
        for fold in range(FOLDS):
            mine = [p for p, of in zip(passages, folds, strict=True) if of == fold]
            rest = [p for p, of in zip(passages, folds, strict=True) if of != fold]
            taught = [*other, *(rest * FIELD_TIMES)]
            weights = learnt(reader, taught, news, RECIPE, lambda _: None, names)
            finder = SpanFinder(weights, tagger)
            for passage in mine:
                found[digest(passage.text)] = found_in(passage.text, tagger, finder)
            say(f"fold {fold + 1} of {FOLDS}: {len(mine)} announcements held out")
    rows = {key: [list(span) for span in spans] for key, spans in sorted(found.items())}
    text = json.dumps(rows, ensure_ascii=False, separators=(",", ":")).replace("]],", "]],\n")
    (models / HELD_OUT).write_text(text + "\n", encoding="utf-8")


def read_held_out(models: Path) -> HeldOut:
    """The held-out spans that ``make_held_out`` wrote. Raises ``FileNotFoundError``."""
    rows = json.loads((models / HELD_OUT).read_text(encoding="utf-8"))
    return {key: [Found(*span) for span in spans] for key, spans in rows.items()}


def with_held_out(doc: Doc, held_out: HeldOut) -> Doc:
    """The document with the held-out spans of its text, where there are any, for its own."""
    spans = held_out.get(digest(doc.text))
    return doc if spans is None else with_spans(doc, spans)


def with_spans(doc: Doc, spans: Sequence[Found]) -> Doc:
    """The document with these learned spans in the place of its own."""
    marked = [
        (span, found.score)
        for found in spans
        if (span := doc.char_span(found.start, found.end, label=found.label)) is not None
    ]
    doc.spans[LEARNED] = SpanGroup(
        doc,
        name=LEARNED,
        spans=[span for span, _ in marked],
        attrs={"scores": [score for _, score in marked]},
    )
    return doc
