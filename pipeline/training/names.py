"""Fine-tune the base's entity recognizer on labelled sentences; the averaged weights are kept."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from spacy.language import Language
from spacy.tokens import Doc, Token
from spacy.training import Example
from spacy.training.iob_utils import iob_to_biluo
from thinc.api import Adam, fix_random_seed

from pipeline.annotate.ner import PART
from pipeline.annotate.network import (
    Weights,
    component,
    load_base,
    set_weights,
    weights_of,
    write_weights,
)
from pipeline.training.announcements import announcements
from pipeline.training.corpora import Tagged, read_iob2, read_web

BATCH_WORDS = 1_500
WEB = ("fincore-dev.tsv", "fincore-test.tsv")


class Recipe(NamedTuple):
    """One round of fine-tuning; its outcome is averaged with what it started from."""

    seed: int
    epochs: int
    rate: float
    dropout: float
    gold_share: float  # of TurkuONE's sentences
    rehearsed: int  # sentences of web text, labelled by the network as it is before the round
    written: int  # sentences made like announcements
    kept: float  # share of the starting weights in the average


RECIPES = (
    Recipe(1, 4, 5e-4, 0.3, gold_share=1.0, rehearsed=0, written=0, kept=0.5),
    Recipe(2, 2, 3e-4, 0.2, gold_share=0.0, rehearsed=12_000, written=4_000, kept=0.3),
)


def make_names(data: Path, target: Path, say: Callable[[str], None]) -> None:
    """Make ``models/ner.npz``: the base fine-tuned in rounds.

    Weights that were fine-tuned from the same start can be averaged number by number; the mean
    forgets less of what the start knew and is better on text that none has seen. The second round
    learns announcements and rehearses its own answers on web text: TurkuONE, which the base knows
    by heart, would not keep it from forgetting what it does elsewhere.
    """
    gold = list(read_iob2(data / "ner" / "turku-one-train.tsv"))
    nlp = load_base(["ner"])
    for recipe in RECIPES:
        say(f"fine-tuning: {recipe}")
        before = weights_of(nlp)
        fine_tune(
            nlp,
            [*sentences_for(gold, recipe), *rehearsal(nlp, data, recipe)],
            recipe,
            lambda epoch, loss: say(f"epoch {epoch}: loss {loss:.0f}"),
        )
        set_weights(nlp, average(before, weights_of(nlp), recipe.kept))
    write_weights(weights_of(nlp), target)


def sentences_for(gold: Sequence[Tagged], recipe: Recipe) -> list[Tagged]:
    """What a round learns from: some of TurkuONE, drawn by the seed, and written sentences."""
    draw = random.Random(recipe.seed)
    drawn = draw.sample(gold, round(len(gold) * recipe.gold_share))
    return [*drawn, *announcements(recipe.written, recipe.seed)]


def rehearsal(nlp: Language, data: Path, recipe: Recipe) -> list[Tagged]:
    """Web sentences drawn by the seed, labelled by the network as it is now."""
    web = [cut(forms) for name in WEB for forms in read_web(data / "raw" / name)]
    drawn = random.Random(recipe.seed).sample(web, recipe.rehearsed)
    docs = nlp.pipe((Doc(nlp.vocab, words=words) for words in drawn), batch_size=128)
    return [Tagged(tuple(t.text for t in doc), tuple(map(_label, doc))) for doc in docs]


def cut(forms: Sequence[str]) -> list[str]:
    """The words cut at hyphens and other marks, as TurkuONE's are."""
    return [part for form in forms for part in PART.findall(form)]


def _label(token: Token) -> str:
    return f"{token.ent_iob_}-{token.ent_type_}" if token.ent_type_ else "O"


def average(before: Weights, after: Weights, kept: float) -> Weights:
    """``kept`` parts of the weights before and the rest of those after."""
    return {name: kept * before[name] + (1 - kept) * after[name] for name in before}


def examples(nlp: Language, sentences: Sequence[Tagged]) -> list[Example]:
    """Training examples with the sentences' labels."""
    made = []
    for sentence in sentences:
        words = list(sentence.forms)
        made.append(
            Example.from_dict(
                Doc(nlp.vocab, words=words),
                {"words": words, "entities": iob_to_biluo(list(sentence.labels))},
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
