"""Calibrate how likely a learned name is one, from passages the span model did not learn from."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from spacy.tokens import Doc, SpanGroup

from pipeline import lexicon
from pipeline.annotate import Annotator, load_annotator
from pipeline.extract.finds import EntityFind
from pipeline.extract.layout import Layout, layout
from pipeline.extract.learned import PROJECTS
from pipeline.extract.organisations import find_organisations
from pipeline.extract.projects import find_projects
from pipeline.extract.projects.learned import candidates
from pipeline.learned import LEARNED
from pipeline.training.logistic import fit
from pipeline.training.span_figures import Answer, Found, held_out

PULL = 2.0  # how strongly weights of signs are drawn towards nothing
Sample = tuple[float, frozenset[str], bool]  # the model's score, signs, whether gold agrees


def calibrate(data: Path, models: Path, say: Callable[[str], None]) -> dict[str, float]:
    """Weights for ``lexicon/learned.toml``: those of a logistic model of held-out candidates."""
    annotator = load_annotator(models)
    answers = list(held_out(data, models, say))
    return fitted([sample for answer in answers for sample in samples(annotator, answer)])


def samples(annotator: Annotator, answer: Answer) -> Iterator[Sample]:
    """The candidates of a passage that rules do not find, and whether each is a name in gold."""
    passage, _ = answer
    doc, page, others, rules = read_by_rules(annotator, answer)
    known = [find for find in rules if find.rule != "name-again"]
    gold = [span for span in passage.spans if span[2] in PROJECTS]
    for span, signs in candidates(doc, page, known, others):
        right = any(
            start == span.start
            and (end == span.end or (end < span.end and passage.text[end] in "-–"))
            for start, end, _ in gold
        )
        yield span.confidence, signs, right


class Reading(NamedTuple):
    """A passage read by rules: its document, layout, bodies that rules found, and projects."""

    doc: Doc
    page: Layout
    bodies: list[EntityFind]
    projects: list[EntityFind]


def read_by_rules(annotator: Annotator, answer: Answer) -> Reading:
    """A passage with the span model's answer in it, and what rules find there without it."""
    passage, found = answer
    doc = with_spans(annotator.annotate(passage.text), found)
    page = layout(passage.text)
    bodies = find_organisations(doc)
    stated = [body for body in bodies if not body.rule.startswith("ner")]
    return Reading(doc, page, stated, find_projects(doc, page, bodies, learned=False))


def with_spans(doc: Doc, found: Sequence[Found]) -> Doc:
    """The document with these learned spans in the place of its own."""
    marked = [
        (span, one.score)
        for one in found
        if (span := doc.char_span(one.start, one.end, label=one.label)) is not None
    ]
    doc.spans[LEARNED] = SpanGroup(
        doc,
        name=LEARNED,
        spans=[span for span, _ in marked],
        attrs={"scores": [score for _, score in marked]},
    )
    return doc


def fitted(observed: Sequence[Sample]) -> dict[str, float]:
    """Weights of a logistic model by Newton's method, those of signs drawn towards nothing."""
    names = list(lexicon.settings("learned")["projects"]["weights"])
    inputs = np.array([_inputs(score, signs, names) for score, signs, _ in observed])
    right = np.array([float(is_right) for *_, is_right in observed])
    pull = np.array([1e-6 if name in {"bias", "score"} else PULL for name in names])
    weights = fit(inputs, right, pull)
    return {name: round(float(weight), 2) for name, weight in zip(names, weights, strict=True)}


def _inputs(score: float, signs: frozenset[str], names: Sequence[str]) -> list[float]:
    bounded = min(max(score, 1e-6), 1 - 1e-6)
    known = {"bias": 1.0, "score": math.log(bounded / (1 - bounded))}
    return [known.get(name, float(name in signs)) for name in names]
