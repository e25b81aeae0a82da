"""The network of relations: what it is told of a text, and that it computes what was taught."""

from __future__ import annotations

import random

import numpy as np
import pytest
from facts import announced
from thinc.types import Ragged

from pipeline.annotate import Annotator
from pipeline.annotate.meanings import in_steps
from pipeline.extract.announcement import named
from pipeline.extract.relations.chances import margins
from pipeline.extract.relations.channels import OF_PAGE, OF_PROJECT, WIDTH, Channels
from pipeline.extract.relations.network import RELATIONS, RelationNetwork, seen
from pipeline.training import relations
from pipeline.training.relation_examples import Example

FEATURES, ENCODED = 563, 192
RECIPE = relations.RECIPE._replace(epochs=2, dropout=0.0, input_dropout=0.0)


def _example(words: int, projects: int, draw: np.random.Generator) -> Example:
    places = [
        (draw.integers(projects), first := draw.integers(words - 1), first + 1, n, n)
        for n in range(len(RELATIONS))
    ]
    return Example(
        draw.normal(size=(words, FEATURES)).astype("float16"),
        [draw.integers(0, 2, (words, WIDTH)).astype("float16") for _ in range(projects)],
        np.array(places, np.intp),
        draw.integers(0, 2, len(RELATIONS)).astype(bool),
    )


@pytest.fixture(scope="module")
def examples() -> list[Example]:
    draw = np.random.default_rng(1)
    return [_example(words, projects, draw) for words, projects in ((30, 3), (12, 1), (90, 2))]


def test_the_gradient_is_that_of_the_loss(examples: list[Example]) -> None:
    inputs, places, right = relations._batch(examples, 9, random.Random(0))
    logits, _ = relations.network(RECIPE, FEATURES).begin_update(inputs)
    scores = logits.dataXd
    moves, _ = relations._gradient(scores, places, right)
    for _, first, _, relation, _ in places[::5]:
        costs = []
        for step in (0.02, -0.02):
            moved = scores.copy()
            moved[first, relation] += step
            costs.append(relations._gradient(moved, places, right)[1])
        assert moves[first, relation] == pytest.approx((costs[0] - costs[1]) / 0.04 / 20, abs=1e-3)


def test_numpy_computes_what_was_taught(examples: list[Example]) -> None:
    model = relations.network(RECIPE, FEATURES)
    weights = relations._exported(model, RECIPE, examples, ENCODED)
    weights["steps"] = np.ones_like(weights["steps"])  # no rounding: the same numbers
    one = examples[0]
    features, channels = one.features.astype("float32"), one.channels[1].astype("float32")
    names = ("first_rows", "first_forms", "first_readings", "first_places")
    rows = features @ np.vstack([weights[name] for name in names]) + weights["first_bias"]
    network = RelationNetwork(weights)
    taught = model.predict(
        Ragged(np.hstack([features, channels]), np.array([len(features)], "int32"))
    )
    assert np.allclose(network.logits(network.known(rows), channels), taught.dataXd, atol=1e-3)


def test_learning_lowers_the_loss(examples: list[Example]) -> None:
    said: list[str] = []
    relations.learnt(examples, ENCODED, RECIPE._replace(epochs=12), said.append)
    first, last = (float(line.rpartition(" ")[2]) for line in (said[0], said[-1]))
    assert last < first / 2


def test_meanings_are_rounded_to_steps_and_cut_at_a_byte() -> None:
    sums = np.array([[0.04, -0.26, 900.0, -900.0]], "float32")
    steps = np.full(4, 0.1, "float32")
    assert in_steps(sums, steps).tolist() == [[0, -3, 127, -127]]


def test_a_window_sees_nothing_past_the_ends() -> None:
    rows = np.array([[1.0], [2.0], [3.0]], "float32")
    assert seen(rows, 2).tolist() == [[0, 1, 3], [0, 2, 0], [1, 3, 0]]
    assert seen(rows, 5).tolist() == [[0, 1, 0], [0, 2, 0], [0, 3, 0]]


TEXT = (
    "Polku auki -hanketta rahoittaa Lapin liitto. Valo-hanke jatkaa sen työtä Kemissä.\n"
    "Hanke alkoi 1.2.2024."
)


def test_what_the_network_is_told(annotator: Annotator) -> None:
    here = named(announced(TEXT), annotator.annotate(TEXT))
    words = [(token.idx, token.idx + len(token)) for token in here.doc if token.text.strip()]
    channels = Channels(here, [s for s, _ in words], [e for _, e in words], (), ())
    keys = [key for _, key in here.context.mentions]
    first = channels.of(keys[0])

    def told(word: str, *, project: bool = False) -> set[str]:
        row = first[next(n for n, (s, e) in enumerate(words) if TEXT[s:e] == word)]
        names = OF_PROJECT if project else OF_PAGE
        values = row[len(OF_PAGE) :] if project else row[: len(OF_PAGE)]
        return {name for name, value in zip(names, values, strict=True) if value}

    assert {"body", "body+"} <= told("Lapin")
    assert "body" in told("liitto")
    assert "body+" not in told("liitto")
    assert "area" in told("Kemissä")
    assert {"mine", "mine+"} <= told("Polku", project=True)
    assert "others" in told("Valo-hanke", project=True)
    assert "last_named" in told("rahoittaa", project=True)
    assert "last_named" not in told("Kemissä", project=True)
    assert "nobody" not in told("Kemissä", project=True)
    assert channels.of(None)[:, len(OF_PAGE) + OF_PROJECT.index("nobody")].all()


@pytest.mark.parametrize(
    ("logits", "keys", "expected"),
    [
        ([2.0, -1.0, 0.5], "aaa", [9.5, 5.0, 6.5]),  # above the second, below the first
        ([2.0, 2.0], "aa", [8.0, 8.0]),  # level
        ([2.0, -1.0], "ab", [None, None]),  # no rival
        ([14.0, -14.0], "aa", [16.0, 0.0]),  # far is far
    ],
)
def test_margins(logits: list[float], keys: str, expected: list[float | None]) -> None:
    assert margins(logits, list(keys)) == expected
