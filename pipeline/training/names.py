"""Fine-tune the base's entity recognizer on labelled sentences; the averaged weights are kept."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc
from spacy.training import Example
from thinc.api import Adam, fix_random_seed

from pipeline.annotate.ner import NameFinder
from pipeline.annotate.network import (
    Weights,
    component,
    load_base,
    set_weights,
    weights_of,
    write_weights,
)
from pipeline.training.announcements import announcements
from pipeline.training.corpora import Tagged, read_iob2
from pipeline.training.labels import labelled_passages, labelled_web, to_biluo
from pipeline.training.passages import Passage, read_passages

BATCH_WORDS = 1_500
WEB = ("fincore-dev.tsv", "fincore-test.tsv")


class Recipe(NamedTuple):
    """One fine-tuning of the base."""

    seed: int
    epochs: int
    rate: float
    dropout: float
    gold: float  # share of TurkuONE's sentences
    web: float  # share of the web's sentences
    written: int  # sentences made like announcements
    marked: int  # how many times the marked passages are shown


class Sources(NamedTuple):
    """What sentences are drawn from: TurkuONE, labelled web texts, marked passages."""

    gold: Sequence[Tagged]
    web: Sequence[Tagged]
    marked: Sequence[Tagged]


RECIPES = (
    Recipe(21, 3, 5e-4, 0.3, gold=0.5, web=0.5, written=3_000, marked=3),
    Recipe(22, 3, 7e-4, 0.3, gold=0.5, web=0.5, written=3_000, marked=3),
)
KEPT = 0.5  # the base's share in the average


def make_names(
    data: Path, passages: Path, work: Path, target: Path, say: Callable[[str], None]
) -> None:
    """Make ``models/ner.npz``, the mean of the base and its fine-tunings; these stay in ``work``.

    Weights that were fine-tuned from the same start can be averaged number by number; the mean
    forgets less of what the start knew, and is better than all of them on text that none has seen.
    """
    nlp = load_base(["ner"])
    base = weights_of(nlp)
    sources = read_sources(nlp, data, list(read_passages(passages)))
    tuned = []
    for recipe in RECIPES:
        say(f"fine-tuning: {recipe}")
        set_weights(nlp, average([base]))
        fine_tune(
            nlp,
            sentences_for(sources, recipe),
            recipe,
            lambda epoch, loss: say(f"epoch {epoch}: loss {loss:.0f}"),
        )
        tuned.append(weights_of(nlp))
        write_weights(tuned[-1], work / f"names-{recipe.seed}.npz")
    write_weights(average([base, *tuned], [KEPT] + [(1 - KEPT) / len(tuned)] * len(tuned)), target)


def read_sources(nlp: Language, data: Path, passages: Sequence[Passage]) -> Sources:
    """All there is to learn from; the network as it is labels what isn't."""
    find = NameFinder(nlp).find
    return Sources(
        gold=list(read_iob2(data / "ner" / "turku-one-train.tsv")),
        web=list(labelled_web(find, [data / "raw" / name for name in WEB])),
        marked=list(labelled_passages(find, passages)),
    )


def sentences_for(sources: Sources, recipe: Recipe) -> list[Tagged]:
    """What one fine-tuning learns from, drawn by its seed."""
    draw = random.Random(recipe.seed)
    return [
        *draw.sample(sources.gold, round(len(sources.gold) * recipe.gold)),
        *draw.sample(sources.web, round(len(sources.web) * recipe.web)),
        *announcements(recipe.written, recipe.seed),
        *list(sources.marked) * recipe.marked,
    ]


def average(weights: Sequence[Weights], shares: Sequence[float] = (1.0,)) -> Weights:
    """The weights' mean, by those shares; with one alone, a copy."""
    return {
        name: sum(
            (share * one[name] for share, one in zip(shares, weights, strict=True)),
            start=np.zeros_like(first),
        )
        for name, first in weights[0].items()
    }


def examples(nlp: Language, sentences: Sequence[Tagged]) -> list[Example]:
    """Training examples with the sentences' labels."""
    made = []
    for sentence in sentences:
        words = list(sentence.forms)
        made.append(
            Example.from_dict(
                Doc(nlp.vocab, words=words),
                {"words": words, "entities": to_biluo(sentence.labels)},
            )
        )
    return made


def batches(items: Sequence[Example], shuffle: random.Random) -> Iterator[list[Example]]:
    """The examples in random order, some ``BATCH_WORDS`` words a batch."""
    order = list(items)
    shuffle.shuffle(order)
    batch: list[Example] = []
    words = 0
    for item in order:
        batch.append(item)
        words += len(item.reference)
        if words >= BATCH_WORDS:
            yield batch
            batch, words = [], 0
    if batch:
        yield batch


def warmup(rate: float, steps: int) -> Iterator[float]:
    """The learning rate of each step: up over a twentieth of them, then down to nothing."""
    rise = max(1, steps // 20)
    for step in range(steps):
        yield rate * min((step + 1) / rise, (steps - step) / max(1, steps - rise))


def fine_tune(
    nlp: Language,
    sentences: Sequence[Tagged],
    recipe: Recipe,
    report: Callable[[int, float], None],
) -> None:
    """Train the pipeline's entity recognizer on; it ends with its weights' running average.

    ``report`` is called after each epoch with its number and the loss.
    """
    fix_random_seed(recipe.seed)
    shuffle = random.Random(recipe.seed)
    ner = component(nlp, "ner")
    made = examples(nlp, sentences)
    words = sum(len(sentence.forms) for sentence in sentences)
    steps = recipe.epochs * (words // BATCH_WORDS + 1)
    optimizer = Adam(
        list(warmup(recipe.rate, steps)),
        L2=0.01,
        grad_clip=1.0,
        use_averages=True,
        L2_is_weight_decay=True,
    )
    for epoch in range(1, recipe.epochs + 1):
        losses: dict[str, float] = {}
        for batch in batches(made, shuffle):
            ner.update(batch, drop=recipe.dropout, sgd=optimizer, losses=losses)
            optimizer.step_schedules()
        report(epoch, losses["ner"])
    for node in ner.model.walk():
        for name in node.param_names:
            averaged = optimizer.averages.get((node.id, name))
            if averaged is not None:
                node.set_param(name, averaged)
