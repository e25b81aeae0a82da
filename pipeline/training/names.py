"""Fine-tune the base's entity recognizer on labelled sentences; the averaged weights are kept."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence

from spacy.language import Language
from spacy.tokens import Doc
from spacy.training import Example
from spacy.training.iob_utils import iob_to_biluo
from thinc.api import Adam, fix_random_seed

from pipeline.annotate.network import component, load_base
from pipeline.training.corpora import Tagged

SEED = 20_260_101
BATCH_WORDS = 1_500


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
    sentences: Sequence[Tagged],
    *,
    epochs: int,
    rate: float,
    dropout: float,
    report: Callable[[int, float, Language], None],
) -> Language:
    """Train on; returns a pipeline of the entity recognizer alone, its weights averaged.

    ``report`` is called after each epoch with its number, the loss and the averaged pipeline.
    """
    fix_random_seed(SEED)
    shuffle = random.Random(SEED)
    nlp = load_base(["ner"])
    ner = component(nlp, "ner")
    made = examples(nlp, sentences)
    words = sum(len(sentence.forms) for sentence in sentences)
    steps = epochs * (words // BATCH_WORDS + 1)
    optimizer = Adam(
        list(warmup(rate, steps)),
        L2=0.01,
        grad_clip=1.0,
        use_averages=True,
        L2_is_weight_decay=True,
    )
    for epoch in range(1, epochs + 1):
        losses: dict[str, float] = {}
        for batch in batches(made, shuffle):
            ner.update(batch, drop=dropout, sgd=optimizer, losses=losses)
            optimizer.step_schedules()
        with ner.model.use_params(optimizer.averages):
            report(epoch, losses["ner"], nlp)
    for node in ner.model.walk():
        for name in node.param_names:
            averaged = optimizer.averages.get((node.id, name))
            if averaged is not None:
                node.set_param(name, averaged)
    return nlp
