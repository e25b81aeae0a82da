"""Teach the upper layers: which tag each word has, and what each span is to each project.

Both are taught together first. Then what tells relations is taught anew, alone, on words that no
longer change: it takes longer to learn than tags, and would lag behind.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from pipeline.annotate.subwords import Subwords
from pipeline.training.context.examples import Example, example
from pipeline.training.context.layers import RelationLayers
from pipeline.training.context.model import Lower, Shape, Upper
from pipeline.training.context.starting import Start
from pipeline.training.passages import Passage
from pipeline.training.relation_examples import Relations
from pipeline.training.span_examples import varied


class Recipe(NamedTuple):
    """How the networks are made and taught."""

    seed: int = 5
    shape: Shape = Shape()
    epochs: int = 3
    pieces: int = 3_000  # a step
    projects: int = 4  # of an announcement that are asked for in a step
    rate: float = 2e-4
    reader_rate: float = 1.5e-3  # of what is not started from anything
    decay: float = 0.01
    varied: float = 0.25  # share of the announcements of which an epoch meets a varied copy, too
    answers: float = 60.0  # of an announcement that weigh as much as the tags of a step
    relation_epochs: int = 4  # of what tells relations, alone
    relation_rate: float = 2e-3
    announcements: int = 4  # a step of these
    members: int = 2  # networks that tell relations together


RECIPE = Recipe()
FURTHER = RECIPE._replace(shape=Shape(frozen=6), epochs=2, rate=1e-4, reader_rate=3e-4)
"""Of networks that have learnt already and go on: the lowest layers have little left to learn."""


class Lesson(NamedTuple):
    """A marked text, with what is asked of its relations where it is an announcement."""

    passage: Passage
    relations: Relations | None = None


class Read(NamedTuple):
    """An example with the states of its pieces below what is taught."""

    example: Example
    states: Tensor


def taught(
    lessons: Sequence[Lesson],
    names: Sequence[str],
    lower: Lower,
    start: Start,
    subwords: Subwords,
    recipe: Recipe,
    say: Callable[[str], None],
) -> tuple[Upper, list[RelationLayers]]:
    """The upper layers that learnt from these lessons, and what tells relations together.

    ``names`` are names of projects, to stand in the place of those of the passages.
    """
    torch.manual_seed(recipe.seed)
    draw = random.Random(recipe.seed)
    upper = Upper(start, recipe.shape)
    kept = teach_together(upper, lessons, names, lower, subwords, recipe, draw, say)
    upper.eval()
    with torch.no_grad():
        told = [
            (upper.words(one.states, one.example.windows).bfloat16(), one.example.relations)
            for one in kept
            if one.example.relations is not None
        ]
    return upper, teach_relations(upper, told, recipe, draw, say)


def teach_together(
    upper: Upper,
    lessons: Sequence[Lesson],
    names: Sequence[str],
    lower: Lower,
    subwords: Subwords,
    recipe: Recipe,
    draw: random.Random,
    say: Callable[[str], None],
) -> list[Read]:
    """Teach tags and relations at once; returns what was read of the lessons."""
    lessons = [lesson for lesson in lessons if lesson.passage.text.strip()]
    kept = [_read(lesson.passage, lower, subwords, lesson.relations) for lesson in lessons]
    size = sum(read.example.size for read in kept) * (1 + recipe.varied)
    steps = recipe.epochs * (int(size / recipe.pieces * 1.1) + 1)
    optimizer, rates = _optimizer(upper, recipe)
    step = 0
    for epoch in range(1, recipe.epochs + 1):
        copies = [
            varied(lesson.passage, names, draw)
            for lesson in lessons
            if draw.random() < recipe.varied
        ]
        order = [*kept, *(_read(copy, lower, subwords) for copy in copies)]
        draw.shuffle(order)
        total = asked = 0.0
        for batch in _batches(order, recipe.pieces):
            step += 1
            for group, rate in zip(optimizer.param_groups, rates, strict=True):
                group["lr"] = rate * _share(step, steps)
            tags, relations = _losses(upper, batch, recipe, draw)
            optimizer.zero_grad()
            (tags + relations).backward()
            nn.utils.clip_grad_norm_(upper.parameters(), 1.0)
            optimizer.step()
            total, asked = total + tags.item(), asked + relations.item()
        say(f"epoch {epoch}: loss of tags {total:.1f}, of relations {asked:.1f}; {step} steps")
    return kept


def teach_relations(
    upper: Upper,
    told: list[tuple[Tensor, Relations]],
    recipe: Recipe,
    draw: random.Random,
    say: Callable[[str], None],
) -> list[RelationLayers]:
    """Teach what tells relations from the start; ``told`` are the words that other layers give.

    The members differ by chance alone, which is less where they answer together; the first makes
    the meanings of words that all of them read.
    """
    upper.begin_relations()
    _teach_member(upper, [upper.meaning, upper.relations], told, recipe, draw, say)
    members = [upper.relations]
    upper.meaning.requires_grad_(requires_grad=False)
    for number in range(1, recipe.members):
        torch.manual_seed(recipe.seed + number)
        upper.begin_member()
        apart = random.Random(recipe.seed + number)
        _teach_member(upper, [upper.relations], told, recipe, apart, say)
        members.append(upper.relations)
    upper.eval()
    return members


def _teach_member(
    upper: Upper,
    taught: list[nn.Module],
    told: list[tuple[Tensor, Relations]],
    recipe: Recipe,
    draw: random.Random,
    say: Callable[[str], None],
) -> None:
    layers = nn.ModuleList([*taught, upper.dropout]).train()
    optimizer = torch.optim.AdamW(layers.parameters(), weight_decay=recipe.decay)
    steps = recipe.relation_epochs * len(told) // recipe.announcements
    step = 0
    for epoch in range(1, recipe.relation_epochs + 1):
        draw.shuffle(told)
        total = 0.0
        for at in range(0, len(told), recipe.announcements):
            step += 1
            for group in optimizer.param_groups:
                group["lr"] = recipe.relation_rate * _share(step, steps)
            costs = [
                relation_loss(upper, words.float(), relations, recipe.projects, draw)
                for words, relations in told[at : at + recipe.announcements]
            ]
            cost = torch.stack(costs).mean() / recipe.answers
            if not cost.requires_grad:
                continue
            optimizer.zero_grad()
            cost.backward()
            nn.utils.clip_grad_norm_(layers.parameters(), 1.0)
            optimizer.step()
            total += cost.item()
        say(f"relations, epoch {epoch}: loss {total:.1f}; {step} steps")


def _share(step: int, steps: int) -> float:
    """Of the rate at a step: it rises at first, then falls."""
    return min(step / 40, max(0.02, 1 - step / steps))


def _read(
    passage: Passage, lower: Lower, subwords: Subwords, relations: Relations | None = None
) -> Read:
    made = example(passage, subwords, relations)
    return Read(made, lower(made.windows))


def _optimizer(upper: Upper, recipe: Recipe) -> tuple[torch.optim.Optimizer, list[float]]:
    """AdamW; matrices of the transformer and of the readers, and what does not decay."""
    layers: list[Any] = list(upper.layers.parameters())
    known = {id(parameter) for parameter in layers}
    readers = [p for p in upper.parameters() if id(p) not in known]
    groups = [
        {"params": [p for p in layers if p.dim() > 1], "weight_decay": recipe.decay},
        {"params": [p for p in layers if p.dim() < 2], "weight_decay": 0.0},
        {"params": readers, "weight_decay": recipe.decay},
    ]
    return torch.optim.AdamW(groups), [recipe.rate, recipe.rate, recipe.reader_rate]


def _batches(order: Iterable[Read], pieces: int) -> Iterator[list[Read]]:
    batch: list[Read] = []
    size = 0
    for read in order:
        if batch and size + read.example.size > pieces:
            yield batch
            batch, size = [], 0
        batch.append(read)
        size += read.example.size
    if batch:
        yield batch


def _losses(
    upper: Upper, batch: Sequence[Read], recipe: Recipe, draw: random.Random
) -> tuple[Tensor, Tensor]:
    windows = [window for read in batch for window in read.example.windows]
    words = upper.words(torch.cat([read.states for read in batch]), windows)
    right = torch.tensor(np.concatenate([read.example.tags for read in batch]))
    tags = functional.cross_entropy(upper.tags(upper.dropout(words)), right)
    costs = []
    at = 0
    for read in batch:
        relations = read.example.relations
        if relations is not None:
            cost = relation_loss(upper, words[at:], relations, recipe.projects, draw)
            costs.append(cost / recipe.answers)
        at += len(read.example.tags)
    return tags, torch.stack(costs).mean() if costs else torch.zeros(())


def relation_loss(
    upper: Upper, words: Tensor, relations: Relations, projects: int, draw: random.Random
) -> Tensor:
    """How wrong the answers about some of the projects are, summed up.

    ``words`` are vectors from the announcement's first word on. That none is named is always asked.
    """
    last = len(relations.channels) - 1
    chosen = [*sorted(draw.sample(range(last), min(last, projects - 1))), last]
    places, right = relations.of_projects(chosen)
    if not len(right):
        return torch.zeros(())
    channels = torch.tensor(np.stack([relations.channels[n] for n in chosen]).astype("float32"))
    meanings = upper.meaning(upper.dropout(words[: channels.shape[1]]))
    logits = answers(upper.relations(meanings, channels), torch.tensor(places), len(right))
    return functional.binary_cross_entropy_with_logits(
        logits, torch.tensor(right.astype("float32")), reduction="sum"
    )


def answers(logits: Tensor, places: Tensor, count: int) -> Tensor:
    """The logit of each answer: the chances at all its places together.

    ``logits`` are projects x words x relations, ``places`` rows as those of ``Relations``.
    """
    project, first, last, relation, answer = places.T
    at = (logits[project, first, relation] + logits[project, last, relation]) / 2
    chances = at.clamp(-15, 15).exp()
    return torch.zeros(count).index_add(0, answer, chances).clamp_min(math.exp(-15)).log()
