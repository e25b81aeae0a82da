"""The network of relations: what it is told and asked of a text."""

from __future__ import annotations

import numpy as np
import pytest
from facts import announced

from pipeline.annotate import Annotator
from pipeline.annotate.meanings import in_steps
from pipeline.extract.announcement import named
from pipeline.extract.relations import related_candidates
from pipeline.extract.relations.chances import margins
from pipeline.extract.relations.channels import OF_PAGE, OF_PROJECT, WIDTH, Channels
from pipeline.extract.relations.layers import BLOCK, attended
from pipeline.extract.relations.network import seen
from pipeline.scoring.gold import GoldDocument
from pipeline.training.evidence_labels import pair_labels
from pipeline.training.relation_examples import Relations, relations


def test_answers_of_some_projects_are_numbered_anew() -> None:
    channels = [np.zeros((4, WIDTH), "float16")] * 3
    places = np.array([[0, 0, 1, 5, 0], [2, 1, 2, 5, 1], [2, 3, 3, 6, 1], [1, 0, 0, 2, 2]])
    asked = Relations(channels, places, np.array([True, False, True]))
    some, right = asked.of_projects([1, 2])
    assert some.tolist() == [[1, 1, 2, 5, 0], [1, 3, 3, 6, 0], [0, 0, 0, 2, 1]]
    assert right.tolist() == [False, True]


def test_what_is_asked_of_a_text(annotator: Annotator) -> None:
    here = named(announced(TEXT), annotator.annotate(TEXT))
    candidates = related_candidates(here)
    gold = GoldDocument(source="a.txt", language="fi", status="ok")
    asked = relations(here, candidates, pair_labels(here, candidates, gold))
    assert asked is not None
    assert len(asked.channels) == len({key for _, key in here.context.mentions}) + 1
    words = sum(bool(token.text.strip()) for token in here.doc)
    assert all(of.shape == (words, WIDTH) for of in asked.channels)
    assert not asked.right.any()  # gold has no fact
    assert set(asked.places[:, 4]) == set(range(len(asked.right)))
    assert (asked.places[:, 1] <= asked.places[:, 2]).all()
    assert asked.places[:, 2].max() < words


def test_meanings_are_rounded_to_steps_and_cut_at_a_byte() -> None:
    sums = np.array([[0.04, -0.26, 900.0, -900.0]], "float32")
    steps = np.full(4, 0.1, "float32")
    assert in_steps(sums, steps).tolist() == [[0, -3, 127, -127]]


def test_a_window_sees_nothing_past_the_ends() -> None:
    rows = np.array([[1.0], [2.0], [3.0]], "float32")
    assert seen(rows, 2).tolist() == [[0, 1, 3], [0, 2, 0], [1, 3, 0]]
    assert seen(rows, 5).tolist() == [[0, 1, 0], [0, 2, 0], [0, 3, 0]]


def _attention(slopes: tuple[float, ...], width: int = 4) -> dict[str, np.ndarray]:
    draw = np.random.default_rng(1)
    return {
        "a_slopes": np.array(slopes, "float32"),
        "a_scale": np.ones(width, "float32"),
        "a_shift": np.zeros(width, "float32"),
        "a_weights": draw.normal(size=(width, 3 * width)).astype("float32"),
        "a_bias": draw.normal(size=3 * width).astype("float32"),
        "a_out_weights": np.eye(width, dtype="float32"),
        "a_out_bias": np.zeros(width, "float32"),
    }


ROWS = np.random.default_rng(2).normal(size=(BLOCK + 9, 4)).astype("float32")


def test_attention_that_falls_at_once_sees_the_word_alone() -> None:
    weights = _attention((1e6, 1e6))
    alone = np.vstack([attended(row[None], weights, "a") for row in ROWS[:5]])
    assert attended(ROWS[:5], weights, "a") == pytest.approx(alone, abs=1e-5)


def test_attention_that_does_not_fall_sees_the_same_words_in_any_order() -> None:
    weights, order = _attention((0.0, 0.0)), [3, 0, 4, 1, 2]
    found = attended(ROWS[:5], weights, "a")
    assert attended(ROWS[order], weights, "a") == pytest.approx(found[order], abs=1e-5)


def test_blocks_of_words_see_nothing_of_each_other() -> None:
    weights = _attention((0.0, 0.1))
    found = attended(ROWS, weights, "a")
    assert found[:BLOCK] == pytest.approx(attended(ROWS[:BLOCK], weights, "a"), abs=1e-5)
    assert found[BLOCK:] == pytest.approx(attended(ROWS[BLOCK:], weights, "a"), abs=1e-5)


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
