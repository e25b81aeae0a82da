"""Fits the weights of ``lexicon/project_evidence.toml`` on passages the span model did not see."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np

from pipeline import lexicon
from pipeline.annotate import Annotator, load_annotator
from pipeline.extract.learned import PROJECTS
from pipeline.extract.projects.phrases import phrases
from pipeline.extract.projects.scene import scene
from pipeline.extract.projects.signs import signs
from pipeline.training.logistic import fit
from pipeline.training.span_calibration import read_by_rules
from pipeline.training.span_figures import Answer, held_out

PULL = 3.0  # how strongly weights are drawn towards nothing
RAREST = 15  # candidates that a sign must stand at to be weighed
LEAST = 0.05  # smaller weights are left out
Sample = tuple[frozenset[str], bool]  # signs of a candidate, whether gold names it so


def calibrate_evidence(data: Path, models: Path, say: Callable[[str], None]) -> dict[str, float]:
    """Weights of signs, those of ``given`` left as they are; some ten minutes on one core."""
    annotator = load_annotator(models)
    answers = list(held_out(data, models, say))
    return fitted([sample for answer in answers for sample in samples(annotator, answer)])


def samples(annotator: Annotator, answer: Answer) -> Iterator[Sample]:
    """The candidates of a passage that rules leave, each with whether it is a name in gold."""
    passage, _ = answer
    doc, page, stated, rules = read_by_rules(annotator, answer)
    blocks = [block for block in page.blocks if block.kind not in {"furniture", "label"}]
    taken = [(find.start, find.end) for find in (*rules, *stated)]
    taken += [(field.start, field.end) for field in page.fields if field.key is not None]
    here = scene(doc, blocks, rules)
    gold = {(start, end) for start, end, label in passage.spans if label in PROJECTS}
    for phrase in phrases(doc, blocks, taken):
        yield signs(here, phrase), (phrase.start, phrase.end) in gold


def fitted(observed: Sequence[Sample]) -> dict[str, float]:
    """Weights of a logistic model by Newton's method, drawn towards nothing, by name."""
    given: dict[str, float] = lexicon.settings("project_evidence")["given"]
    counts = Counter(sign for found, _ in observed for sign in found)
    names = sorted(s for s, count in counts.items() if count >= RAREST and s not in given)
    place = {name: number for number, name in enumerate(names, 1)}
    inputs = np.zeros((len(observed), len(names) + 1))
    inputs[:, 0] = 1
    for row, (found, _) in enumerate(observed):
        inputs[row, [place[sign] for sign in found if sign in place]] = 1
    fixed = np.array([sum(given.get(sign, 0.0) for sign in found) for found, _ in observed])
    right = np.array([float(is_right) for _, is_right in observed])
    pull = np.full(len(names) + 1, PULL)
    pull[0] = 1e-3
    weights = fit(inputs, right, pull, fixed)
    told = zip(["bias", *names], weights, strict=True)
    return {n: round(float(w), 2) for n, w in told if abs(w) >= LEAST or n == "bias"}
