"""What the span model tells of any span: exactly a name, a name's beginning, more than one."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from spacy.tokens import Doc
from spacy.vocab import Vocab

from pipeline.annotate.spans import SpanFinder
from pipeline.extract.tag_chances import TagChances, summed_up

WORDS = ["Polku", "auki", "kestää", "vuoden"]
TAGS = ["O", *(f"{place}-{label}" for label in ("PROJECT", "ORG", "ROLE") for place in "BILU")]
TAGS += [f"{place}-PROGRAMME" for place in "BILU"]


def doc(chances: dict[tuple[int, str], float]) -> Doc:
    """Four words with those chances of tags, the rest of each word's shared by the other tags."""
    rows = np.full((len(WORDS), len(TAGS)), 1e-4, "float32")
    for (word, tag), chance in chances.items():
        rows[word, TAGS.index(tag)] = chance
    made = Doc(Vocab(), words=WORDS, spaces=[True, True, True, False])
    finder = SpanFinder(
        {
            "last_weights": np.zeros((1, len(TAGS)), "float32"),
            "last_bias": np.zeros(len(TAGS), "float32"),
            "tags": np.array(TAGS),
        }
    )
    tensor: Any = np.hstack([np.full((len(WORDS), 2), 7, np.int8), finder.rows(rows)])
    made.tensor = tensor
    return made


NAME = {(0, "B-PROJECT"): 0.9, (1, "L-PROJECT"): 0.8, (1, "I-PROJECT"): 0.1, (2, "O"): 0.99}


@pytest.mark.parametrize(
    ("span", "sign", "chance"),
    [
        ((0, 10), "exact", (0.9 * 0.8) ** 0.5),
        ((0, 10), "first", 0.9),
        ((0, 10), "last", 0.8),
        ((0, 10), "inside", 0.9),
        ((0, 5), "behind", 0.9),  # "Polku" alone: the name goes on
        ((6, 10), "before", 0.9),  # "auki" alone: the name began before
        ((0, 8), "exact", (0.9 * 0.8) ** 0.5),  # ends within a word: the whole of it
    ],
)
def test_a_span_is_told_what_the_model_thinks_of_it(
    span: tuple[int, int], sign: str, chance: float
) -> None:
    (signs,) = TagChances(doc(NAME)).signs([span], "project")
    assert signs[sign] == pytest.approx(chance, abs=0.02)  # chances are kept in steps of a byte


def test_what_is_no_name_has_few_signs() -> None:
    (signs,) = TagChances(doc(NAME)).signs([(11, 24)], "project")
    assert "exact" not in signs
    assert "first" not in signs


def test_a_body_is_no_project_and_the_other_way_round() -> None:
    body = TagChances(doc({(0, "U-ORG"): 0.95}))
    (as_body,), (as_project,) = body.signs([(0, 5)], "body"), body.signs([(0, 5)], "project")
    assert as_body["exact"] == pytest.approx(0.95, abs=0.02)
    assert as_project["body"] == pytest.approx(0.95, abs=0.02)
    assert "exact" not in as_project


def test_without_rows_of_words_there_are_no_signs() -> None:
    bare = Doc(Vocab(), words=WORDS)
    assert TagChances(bare).signs([(0, 5)], "project") == [{}]
    unread = doc(NAME)
    unread.tensor[:] = 0
    assert TagChances(unread).signs([(0, 10)], "project") == [{}]


def test_the_likeliest_place_and_the_mean_of_all_are_told() -> None:
    told = summed_up([{"exact": 0.2, "first": 0.3}, {}, {"exact": 0.8, "last": 0.5}])
    assert told == {
        "tags:exact": 0.8,
        "tags:last": 0.5,
        "tags_mean:exact": 0.5,
        "tags_mean:first": 0.15,
        "tags_mean:last": 0.25,
        "tags_sum:exact": 1.0,
    }
    assert summed_up([]) == {}
