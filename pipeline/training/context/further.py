"""Teach the shipped networks further, with announcements that they have not seen."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import torch

from pipeline.annotate.annotator import lines_of
from pipeline.annotate.contextual import load_context_reader
from pipeline.annotate.subwords import Subwords
from pipeline.annotate.tokens import pieces
from pipeline.training.context.lessons import (
    REGISTER,
    asked_of_field,
    field_lessons,
    marked_passages,
)
from pipeline.training.context.model import Lower, Upper
from pipeline.training.context.shipped import (
    ShippedWeights,
    exported,
    exported_relations,
    exported_tags,
    shipped_networks,
)
from pipeline.training.context.teach import FURTHER, RECIPE, teach_relations, teach_together
from pipeline.training.field import read_field
from pipeline.training.relation_examples import Relations
from pipeline.training.span_examples import known_names, register_names


def make_further(
    data: Path,
    models: Path,
    stems: Sequence[str],
    others: int | None,
    say: Callable[[str], None],
) -> int:
    """Go on teaching the shipped networks, with announcements that are new to them.

    ``stems`` are how their names begin; ``others`` of the rest and of the marked passages, by
    default as many, are read again, so that nothing is forgotten, and what tells relations is
    taught anew on all. Pieces stay as they are. Returns the size of ``transformer.npz`` in bytes.
    """
    new = {
        text.announcement.text for text in read_field("train") if text.stem.startswith(tuple(stems))
    }
    draw = random.Random(FURTHER.seed)
    lessons = list(field_lessons(models, say))
    first = [lesson for lesson in lessons if lesson.passage.text in new]
    known = [lesson for lesson in lessons if lesson.passage.text not in new]
    known += marked_passages()
    again = len(first) if others is None else others
    chosen = [*first, *draw.sample(known, min(again, len(known)))]
    say(f"{len(first)} new texts of {len(chosen)}")
    start = ShippedWeights(models)
    subwords = Subwords(start.subwords)
    torch.manual_seed(FURTHER.seed)
    lower = Lower(start, start.pieces, FURTHER.shape)
    upper = shipped_networks(models, start, FURTHER.shape)
    names = [*known_names([lesson.passage for lesson in chosen]), *register_names(data / REGISTER)]
    teach_together(upper, chosen, names, lower, subwords, FURTHER, draw, say)
    upper.eval()
    weights = {**exported(lower, upper), "subwords": np.frombuffer(start.subwords, np.uint8)}
    np.savez(models / "transformer.npz", **weights)
    np.savez_compressed(models / "spans.npz", **exported_tags(upper))
    _write_relations(models, [(lesson.passage.text, lesson.relations) for lesson in lessons], say)
    return (models / "transformer.npz").stat().st_size


def make_relations(models: Path, say: Callable[[str], None]) -> int:
    """Teach anew what tells relations, on the words that the shipped transformer gives.

    Half an hour on two cores. Returns the size of ``relations.npz`` in bytes.
    """
    _write_relations(models, asked_of_field(models, say), say)
    return (models / "relations.npz").stat().st_size


def _write_relations(
    models: Path, lessons: Sequence[tuple[str, Relations | None]], say: Callable[[str], None]
) -> None:
    """Teach what tells relations in these texts, and write ``relations.npz``."""
    reader = load_context_reader(models)
    told = [
        (torch.tensor(reader.vectors(text, lines_of(text, pieces(text)))).bfloat16(), asked)
        for text, asked in lessons
        if asked is not None
    ]
    say(f"relations of {len(told)} announcements")
    torch.manual_seed(RECIPE.seed)
    upper = Upper(ShippedWeights(models), RECIPE.shape)
    members = teach_relations(upper, told, RECIPE, random.Random(RECIPE.seed), say)
    with torch.no_grad():
        meanings = np.vstack([upper.meaning(words.float()).numpy() for words, _ in told[::5]])
    np.savez_compressed(models / "relations.npz", **exported_relations(upper, members, meanings))
