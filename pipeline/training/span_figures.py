"""Measure the span model on passages it did not learn from: folds of files, each held out once."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from rich.console import Console
from rich.table import Table
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from pipeline.annotate.annotator import lines_in, load_networks
from pipeline.annotate.spans import LABELS, SpanFinder
from pipeline.annotate.tagger import Tagger
from pipeline.annotate.tokens import pieces
from pipeline.training.passages import Passage, Span, read_file
from pipeline.training.scores import Tally
from pipeline.training.span_examples import Reader
from pipeline.training.spans import NEWS, PASSAGES, RECIPE, learnt

FOLDS = 4


class Found(NamedTuple):
    """A span found in a passage, in characters, and how sure the network is."""

    start: int
    end: int
    label: str
    score: float


Answer = tuple[Passage, list[Found]]


def figures(data: Path, models: Path, say: Callable[[str], None]) -> Tally:
    """Right, found and wanted spans of all passages, each read by a network that never saw it."""
    return tally(list(held_out(data, models, say)))


def folds(folder: Path, count: int = FOLDS) -> list[list[Passage]]:
    """The passages of a folder's files dealt out; a file, mostly of one region, stays whole."""
    paths = sorted(folder.glob("*.marked"))
    random.Random(7).shuffle(paths)
    return [
        [passage for path in paths[first::count] for passage in read_file(path)]
        for first in range(count)
    ]


def held_out(data: Path, models: Path, say: Callable[[str], None]) -> Iterator[Answer]:
    """Each passage with what a network finds in it that learnt from the other folds."""
    tagger = Tagger(load_networks(models, ["tok2vec", "morphologizer"]))
    reader = Reader(tagger)
    parts = folds(PASSAGES)
    with threadpool_limits(limits=1, user_api="blas"):
        news = reader.news(data / NEWS, RECIPE.news, RECIPE.seed)
        for number, part in enumerate(parts):
            rest = [passage for other in parts if other is not part for passage in other]
            weights = learnt(reader, rest, news, RECIPE._replace(seed=RECIPE.seed + number), say)
            finder = SpanFinder(weights, tagger)
            for passage in part:
                yield passage, found_in(passage.text, tagger, finder)


def found_in(text: str, tagger: Tagger, finder: SpanFinder) -> list[Found]:
    """The spans that a finder finds in a text."""
    rows, lines = lines_in(text, pieces(text))
    read = tagger.tag(line.words for line in lines)
    return [
        Found(row[span.first].start, row[span.after - 1].end, span.label, span.score)
        for row, spans in zip(rows, finder.find(lines, read), strict=True)
        for span in spans
    ]


def tally(answers: Sequence[Answer]) -> Tally:
    """How well the spans agree; of a compound (``X-hanke``) the part that gold marks counts."""
    score = Tally()
    for passage, found in answers:
        wanted = [span for span in passage.spans if span[2] in LABELS]
        score.add([_fitted(passage.text, span, wanted) for span in apart(found)], wanted)
    return score


def apart(found: Sequence[Found]) -> list[Found]:
    """The surest of spans that share words: what the model alone would decide."""
    kept: list[Found] = []
    for span in sorted(found, key=lambda one: (-one.score, one.start, one.end)):
        if all(span.end <= other.start or span.start >= other.end for other in kept):
            kept.append(span)
    return kept


def _fitted(text: str, found: Found, wanted: Sequence[Span]) -> Span:
    """The wanted span where it is the found one but for the rest of its last word."""
    for start, end, label in wanted:
        if (start, label) == (found.start, found.label) and end <= found.end:
            rest = text[end : found.end]
            if not rest or (rest[0] in "-–:" and " " not in rest):
                return start, end, label
    return found.start, found.end, found.label


def show(score: Tally, console: Console) -> None:
    """Print precision, recall and F1 by type."""
    table = Table("held out", "precision", "recall", "F1", "wanted")
    for kinds in (*((label,) for label in LABELS), LABELS):
        ratios = [f"{ratio:.3f}" for ratio in score.scores(kinds)]
        wanted = sum(score.wanted[kind] for kind in kinds)
        table.add_row(kinds[0] if len(kinds) == 1 else "all", *ratios, str(wanted))
    console.print(table)
