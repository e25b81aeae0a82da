"""Teach the network of relations: what part a body takes in a project, whether a date is its end.

An announcement is read once with each project in mind. Names are those that models chose which did
not see the announcement, so the network learns from names that are as wrong as in use.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from thinc.api import (
    Adam,
    Dropout,
    Linear,
    Maxout,
    Model,
    chain,
    fix_random_seed,
    residual,
    with_array,
)
from thinc.types import Ragged
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from pipeline.annotate import load_annotator
from pipeline.annotate.annotator import load_networks
from pipeline.annotate.meanings import MOST
from pipeline.annotate.tagger import Tagger
from pipeline.annotate.word_sums import Weights
from pipeline.extract.announcement import named
from pipeline.extract.relations import related_candidates
from pipeline.extract.relations.channels import WIDTH as CHANNELS
from pipeline.extract.relations.network import RELATIONS, seen
from pipeline.training.evidence import fit_named
from pipeline.training.evidence_labels import pair_labels
from pipeline.training.evidence_texts import annotated_texts
from pipeline.training.field_spans import read_held_out
from pipeline.training.folds import FOLDS, fold_of
from pipeline.training.networks import (
    by_blas,
    first_parts,
    keep_averages,
    maxout_weights,
    rates,
)
from pipeline.training.relation_examples import Example, Matrix, Numbers, example
from pipeline.training.relation_folds import OF_FOLDS

NETWORK = "relations.npz"
SELDOM = -3.0  # logit of a relation before anything is learnt: most pairs have none


class Recipe(NamedTuple):
    """How the network is made and taught."""

    seed: int = 3
    meaning: int = 48  # numbers a word
    width: int = 64
    reaches: tuple[int, ...] = (1, 2, 4, 8, 16)  # words on either side that each layer looks at
    input_dropout: float = 0.2
    dropout: float = 0.3
    epochs: int = 12
    at_once: int = 4  # announcements a step
    projects: int = 4  # of an announcement that an epoch reads
    rate: float = 2e-3
    decay: float = 0.02


RECIPE = Recipe()


def make_relations(models: Path, say: Callable[[str], None]) -> int:
    """Teach the shipped network, and for each fold of announcements one without them.

    Writes ``relations.npz`` and ``relations_held_out.npz`` into ``models``; returns the former's
    size in bytes.
    """
    tagger = Tagger(load_networks(models, ["tok2vec", "morphologizer"]))
    encoded = tagger.rows([("sana",)]).shape[1]
    examples = list(_examples(models, tagger, say))
    with threadpool_limits(limits=1, user_api="blas"):
        of_folds: Weights = {}
        for fold in range(FOLDS):
            rest = [one for text, one in examples if fold_of(text) != fold]
            weights = learnt(rest, encoded, RECIPE, lambda _: None)
            of_folds |= {f"{fold}/{name}": _short(values) for name, values in weights.items()}
            np.savez_compressed(models / OF_FOLDS, **of_folds)
            say(f"fold {fold + 1} of {FOLDS}: learnt from {len(rest)} announcements")
        weights = learnt([one for _, one in examples], encoded, RECIPE, say)
    np.savez_compressed(models / NETWORK, **{n: _short(v) for n, v in weights.items()})
    return (models / NETWORK).stat().st_size


def _examples(
    models: Path, tagger: Tagger, say: Callable[[str], None]
) -> Iterator[tuple[str, Example]]:
    annotator = load_annotator(models, meanings=False)
    texts = list(annotated_texts(annotator, read_held_out(models)))
    for text, evidence in zip(texts, fit_named(texts, say).held_out, strict=True):
        here = named(text.announcement, text.doc, evidence=evidence)
        candidates = related_candidates(here)
        labels = pair_labels(here, candidates, text.gold)
        made = example(here, candidates, labels, tagger)
        if made is not None:
            yield text.announcement.text, made


def learnt(
    examples: Sequence[Example], encoded: int, recipe: Recipe, say: Callable[[str], None]
) -> Weights:
    """Weights of a network that learnt from the examples, averaged over the way there.

    ``encoded`` is the width of the encoder's rows, which features begin with.
    """
    fix_random_seed(recipe.seed)
    shuffle = random.Random(recipe.seed)
    features = examples[0].features.shape[1]
    with by_blas():
        model = network(recipe, features)
    optimizer = Adam(
        recipe.rate, L2=recipe.decay, L2_is_weight_decay=True, grad_clip=5.0, use_averages=True
    )
    pace = rates(recipe.rate, recipe.epochs * (len(examples) // recipe.at_once + 1))
    for epoch in range(1, recipe.epochs + 1):
        order = list(examples)
        shuffle.shuffle(order)
        loss, answers = 0.0, 0
        for start in range(0, len(order), recipe.at_once):
            inputs, places, right = _batch(
                order[start : start + recipe.at_once], recipe.projects, shuffle
            )
            logits, learn = model.begin_update(inputs)
            moves, cost = _gradient(logits.dataXd, places, right)
            learn(Ragged(moves, logits.lengths))
            optimizer.learn_rate = next(pace)
            model.finish_update(optimizer)
            loss, answers = loss + cost, answers + len(right)
        say(f"epoch {epoch}: loss {loss / answers:.4f}")
    keep_averages(model, optimizer)
    return _exported(model, recipe, examples, encoded)


def network(recipe: Recipe, features: int) -> Model[Ragged, Ragged]:
    """The network without its weights: meanings, a joined layer, ever wider windows, logits."""
    width = recipe.width

    def dense(inputs: int) -> Model[Any, Any]:
        return Maxout(width, inputs, nP=2, normalize=True, dropout=recipe.dropout)

    dropped: Model[Any, Any] = Dropout(recipe.input_dropout)
    meaning: Model[Any, Any] = chain(dropped, Linear(recipe.meaning, features))
    layers: list[Model[Any, Any]] = [
        with_array(chain(_beside(meaning, features), dense(recipe.meaning + CHANNELS)))
    ]
    for reach in recipe.reaches:
        layers.append(residual(chain(_spread(reach), with_array(dense(3 * width)))))
    last: Model[Any, Any] = Linear(len(RELATIONS), width)
    layers.append(with_array(last))
    model: Model[Ragged, Ragged] = chain(*layers)
    model.initialize()
    bias: Any = np.full(len(RELATIONS), SELDOM, "float32")
    last.set_param("b", bias)
    return model


def _beside(layer: Model[Any, Any], width: int) -> Model[Any, Any]:
    """The layer's output for the first columns, and beside it the other columns as they are."""

    def forward(model: Model[Any, Any], inputs: Any, is_train: bool) -> Any:
        outputs, back = model.layers[0](inputs[:, :width], is_train)
        size = outputs.shape[1]

        def backward(moves: Any) -> Any:
            return np.hstack([back(np.ascontiguousarray(moves[:, :size])), moves[:, size:]])

        return np.hstack([outputs, inputs[:, width:]]), backward

    def init(model: Model[Any, Any], X: Any = None, Y: Any = None) -> None:  # noqa: N803
        model.layers[0].initialize()

    return Model("beside", forward, init=init, layers=[layer])


def _spread(reach: int) -> Model[Any, Any]:
    """Each row between those ``reach`` before and behind it in its announcement."""

    def forward(model: Model[Any, Any], inputs: Any, is_train: bool) -> Any:
        data, lengths = inputs.dataXd, inputs.lengths
        width = data.shape[1]
        ends = np.cumsum(lengths)
        parts = list(zip(ends - lengths, ends, strict=True))

        def backward(moves: Any) -> Any:
            told = moves.dataXd
            found = told[:, width : 2 * width].copy()
            for start, end in parts:
                if end - start > reach:
                    found[start : end - reach] += told[start + reach : end, :width]
                    found[start + reach : end] += told[start : end - reach, 2 * width :]
            told_back: Any = found
            return Ragged(told_back, lengths)

        spread: Any = np.vstack([seen(data[start:end], reach) for start, end in parts])
        return Ragged(spread, lengths), backward

    return Model("spread", forward)


def _batch(
    examples: Sequence[Example], projects: int, shuffle: random.Random
) -> tuple[Ragged, Numbers, Matrix]:
    """Announcements with some of their projects in mind, their places and answers."""
    rows: list[Matrix] = []
    lengths: list[int] = []
    places: list[Numbers] = []
    right: list[Matrix] = []
    answers = 0
    for one in examples:
        last = len(one.channels) - 1  # no named project is always asked for
        chosen = [*sorted(shuffle.sample(range(last), min(last, projects - 1))), last]
        at, told = one.of_projects(chosen)
        if not len(told):
            continue
        starts = sum(lengths) + np.arange(len(chosen)) * len(one.features)
        at[:, 1] += starts[at[:, 0]]
        at[:, 2] += starts[at[:, 0]]
        at[:, 4] += answers
        answers += len(told)
        places.append(at)
        right.append(told.astype("float32"))
        features = one.features.astype("float32")
        for number in chosen:
            rows.append(np.hstack([features, one.channels[number].astype("float32")]))
            lengths.append(len(features))
    inputs: Any = np.vstack(rows)
    sizes: Any = np.array(lengths, "int32")
    return Ragged(inputs, sizes), np.vstack(places), np.concatenate(right)


def _gradient(logits: Any, places: Numbers, right: Matrix) -> tuple[Any, float]:
    """What moves the logits towards the answers; an answer is as likely as its places together."""
    _, first, last, relation, answer = places.T
    at = np.clip((logits[first, relation] + logits[last, relation]) / 2, -15, 15)
    chances = np.exp(at)
    total = np.zeros(len(right), "float32")
    np.add.at(total, answer, chances)
    likely = total / (1 + total)
    cost = -np.log(np.where(right > 0, likely, 1 - likely) + 1e-9).sum()
    share = (likely - right)[answer] * chances / total[answer] / 2
    moves = np.zeros_like(logits)
    np.add.at(moves, (first, relation), share)
    np.add.at(moves, (last, relation), share)
    return moves / 20, float(cost)


def _exported(
    model: Model[Ragged, Ragged], recipe: Recipe, examples: Sequence[Example], encoded: int
) -> Weights:
    """The weights as ``WordMeanings`` and ``RelationNetwork`` read them."""
    nodes: list[Any] = list(model.walk(order="dfs_pre"))
    meaning, last = (node for node in nodes if node.name == "linear")
    first, bias = meaning.get_param("W").T, meaning.get_param("b")
    some = np.vstack([one.features[::7] for one in examples]).astype("float32") @ first + bias
    return {
        **first_parts(first, encoded),
        **maxout_weights(model, "joined"),
        "steps": np.maximum(np.quantile(np.abs(some), 0.999, axis=0) / MOST, 1e-6),
        "reaches": np.array(recipe.reaches),
        "first_bias": bias,
        "last_weights": last.get_param("W").T,
        "last_bias": last.get_param("b"),
    }


def _short(values: Any) -> Any:
    """Numbers as they are kept: half precision, which is as exact as their bytes of input."""
    return np.ascontiguousarray(values, values.dtype if values.dtype.kind == "i" else "float16")
