"""Train the span model: names of projects and programmes, and titles, in lines of words."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from itertools import cycle, islice
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from thinc.api import (
    Adam,
    Dropout,
    Linear,
    Maxout,
    Model,
    NumpyOps,
    chain,
    expand_window,
    fix_random_seed,
    residual,
    with_array,
)
from thinc.types import Ragged
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from pipeline.annotate.annotator import load_annotator, load_networks
from pipeline.annotate.network import Matrix
from pipeline.annotate.tagger import Tagger
from pipeline.annotate.word_sums import Weights
from pipeline.training.field import read_field
from pipeline.training.field_passages import field_passages
from pipeline.training.networks import (
    by_blas,
    first_parts,
    keep_averages,
    maxout_weights,
    rates,
)
from pipeline.training.passages import Passage, read_passages
from pipeline.training.span_examples import (
    TAGS,
    Example,
    Reader,
    known_names,
    register_names,
    varied,
)

PASSAGES = Path("corpus/training")
NEWS = Path("ner/turku-one-train.tsv")
REGISTER = Path("register/structural-fund-projects.csv")
FIELD_TIMES = 1  # how often an epoch meets the announcements of the field
NO_PROJECT = np.array([tag[2:] not in {"PROJECT", "PROGRAMME"} for tag in TAGS])


class Recipe(NamedTuple):
    """How the network is made and taught."""

    seed: int = 4
    width: int = 64
    pieces: int = 2  # a maxout layer chooses from
    depth: int = 2  # layers that see both neighbours
    input_dropout: float = 0.1
    dropout: float = 0.3
    epochs: int = 16
    copies: int = 3  # varied copies of the passages, which take turns with the passages
    news: int = 12_000  # sentences to draw from
    news_at_once: int = 2_000  # of them an epoch learns from, others each time
    news_weight: float = 1.0
    batch_words: int = 500
    rate: float = 2e-3
    decay: float = 0.01


RECIPE = Recipe()


def make_spans(data: Path, models: Path, target: Path, say: Callable[[str], None]) -> int:
    """Train on all passages and on the field corpus's train part, and write the weights.

    Returns the file's size in bytes.
    """
    field = list(field_passages(load_annotator(models), read_field("train")))
    with threadpool_limits(limits=1, user_api="blas"):
        reader = Reader(Tagger(load_networks(models, ["tok2vec", "morphologizer"])))
        news = reader.news(data / NEWS, RECIPE.news, RECIPE.seed)
        passages = [*read_passages(PASSAGES), *(field * FIELD_TIMES)]
        names = register_names(data / REGISTER)
        weights = learnt(reader, passages, news, RECIPE, say, names)
    target.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(target, **weights)
    return target.stat().st_size


def learnt(
    reader: Reader,
    passages: Sequence[Passage],
    news: Sequence[Example],
    recipe: Recipe,
    say: Callable[[str], None],
    others: Sequence[str] = (),
) -> Weights:
    """Weights of a network that learnt from these passages, as ``SpanFinder`` reads them.

    ``others`` are further names of projects, to stand in the place of those of the passages.
    """
    draw = random.Random(recipe.seed)
    names = [*known_names(passages), *others]
    sets = [[line for lines in reader.passages(passages) for line in lines]]
    for _ in range(recipe.copies):
        copies = [varied(passage, names, draw) for passage in passages]
        sets.append([line for lines in reader.passages(copies) for line in lines])
    with by_blas():
        model = taught(sets, news, reader.forms, recipe, say)
    return exported(model, encoded=sets[0][0].rows.shape[1])


def network(recipe: Recipe, inputs: int) -> Model[Ragged, Ragged]:
    """The network without its weights: a layer of words, layers of windows, a layer of tags."""
    width, pieces = recipe.width, recipe.pieces
    words: Model[Any, Any] = Maxout(
        width, inputs, nP=pieces, normalize=True, dropout=recipe.dropout
    )
    dropped: Model[Any, Any] = Dropout(recipe.input_dropout)
    layers: list[Model[Any, Any]] = [with_array(chain(dropped, words))]
    for _ in range(recipe.depth):
        window = Maxout(width, 3 * width, nP=pieces, normalize=True, dropout=recipe.dropout)
        layers.append(residual(chain(expand_window(1), with_array(window))))
    layers.append(with_array(Linear(len(TAGS), width)))
    model: Model[Ragged, Ragged] = chain(*layers)
    model.initialize()
    for node in model.walk():
        node.ops = NumpyOps(use_blis=False)
    return model


def taught(
    sets: Sequence[Sequence[Example]],
    news: Sequence[Example],
    forms: Matrix,
    recipe: Recipe,
    say: Callable[[str], None],
) -> Model[Ragged, Ragged]:
    """A network that learnt from the sets in turn, and from some of the news each time.

    Its weights are the running average of those it had on the way.
    """
    fix_random_seed(recipe.seed)
    shuffle = random.Random(recipe.seed)
    model = network(recipe, sets[0][0].rows.shape[1] + forms.shape[1] + sets[0][0].rest.shape[1])
    optimizer = Adam(
        recipe.rate, L2=recipe.decay, L2_is_weight_decay=True, grad_clip=1.0, use_averages=True
    )
    share = min(recipe.news_at_once, len(news))
    words = sum(map(len, sets[0])) + sum(map(len, news)) * share // max(1, len(news))
    pace = rates(recipe.rate, recipe.epochs * (words // recipe.batch_words + 2))
    for epoch, examples in enumerate(islice(cycle(sets), recipe.epochs), 1):
        loss = 0.0
        told = [*examples, *shuffle.sample(news, share)]
        for batch in _batches(told, recipe.batch_words, shuffle):
            scores, learn = model.begin_update(_inputs(batch, forms))
            moves, cost = _gradient(scores.dataXd, batch, recipe.news_weight)
            moves *= 4 / recipe.batch_words
            learn(Ragged(moves, scores.lengths))
            optimizer.learn_rate = next(pace)
            model.finish_update(optimizer)
            loss += cost
        say(f"epoch {epoch}: loss {loss:.0f}")
    keep_averages(model, optimizer)
    return model


def _batches(
    examples: Sequence[Example], words: int, shuffle: random.Random
) -> Iterator[list[Example]]:
    order = list(examples)
    shuffle.shuffle(order)
    batch: list[Example] = []
    for example in order:
        batch.append(example)
        if sum(map(len, batch)) >= words:
            yield batch
            batch = []
    if batch:
        yield batch


def _inputs(batch: Sequence[Example], forms: Matrix) -> Ragged:
    matrix: Any = np.hstack(
        [
            np.vstack([example.rows for example in batch]),
            forms[[number for example in batch for number in example.forms]],
            np.vstack([example.rest for example in batch]),
        ]
    )
    lengths: Any = np.array([len(example) for example in batch], "int32")
    return Ragged(matrix, lengths)


def _gradient(scores: Any, batch: Sequence[Example], news_weight: float) -> tuple[Any, float]:
    """What moves the scores towards the tags; in news, away from projects only. And the loss."""
    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    chances = raised / raised.sum(axis=1, keepdims=True)
    wanted = np.zeros_like(chances)
    weight = np.ones((len(chances), 1), "float32")
    at = 0
    for example in batch:
        rows = slice(at, at + len(example))
        if example.tags is None:
            allowed = chances[rows] * NO_PROJECT
            wanted[rows] = allowed / (allowed.sum(axis=1, keepdims=True) + 1e-9)
            weight[rows] = news_weight
        else:
            wanted[np.arange(rows.start, rows.stop), list(example.tags)] = 1
        at = rows.stop
    loss = -(wanted * np.log(chances + 1e-9) * weight).sum()
    return (chances - wanted) * weight, float(loss)


def exported(model: Model[Ragged, Ragged], encoded: int) -> Weights:
    """The network's weights as ``SpanFinder`` reads them; ``encoded`` is the encoder's width."""
    last = next(node for node in model.walk() if node.name == "linear")
    weights = maxout_weights(model, "first")
    weights |= first_parts(weights.pop("first_weights"), encoded)
    weights |= {
        "tags": np.array(TAGS),
        "last_weights": last.get_param("W").T,
        "last_bias": last.get_param("b"),
    }
    return {
        name: np.ascontiguousarray(values, values.dtype if name == "tags" else "float32")
        for name, values in weights.items()
    }
