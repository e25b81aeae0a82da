"""Learned spans: legal ones only, and what they are learnt from."""

from __future__ import annotations

import random
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.annotate import Annotator
from pipeline.annotate.annotator import lines_of
from pipeline.annotate.spans import LABELS, SpanFinder, _best_path, _moves, _softmax, _spans
from pipeline.annotate.tokens import pieces
from pipeline.annotations import decode_doc, encode_doc
from pipeline.learned import LEARNED
from pipeline.training.context.held_out import Found
from pipeline.training.passages import parse_passage, read_passages
from pipeline.training.span_examples import TAGS, known_names, tags_of, varied
from pipeline.training.span_figures import tally

CORPUS = Path(__file__).parents[1] / "corpus" / "training"


def test_each_line_is_decided_alone() -> None:
    finder = SpanFinder(
        {"last_weights": np.eye(len(TAGS)), "last_bias": np.zeros(len(TAGS)), "tags": TAGS}
    )
    vectors = np.zeros((5, len(TAGS)), "float32")
    for word, tag in enumerate(("B-PROJECT", "L-PROJECT", "O", "U-ROLE", "O")):
        vectors[word, TAGS.index(tag)] = 9.0
    found = [
        [(span.first, span.after, span.label) for span in line if span.score > 0.5]
        for line in finder.find(finder.chances(vectors), [3, 2])
    ]
    assert found == [[(0, 2, "PROJECT")], [(0, 1, "ROLE")]]
    # Cut between its words, the name is no whole span of either line.
    first, second = finder.find(finder.chances(vectors), [1, 4])
    assert all(span.score < 0.5 for span in first)
    assert [(span.first, span.label) for span in second if span.score > 0.5] == [(2, "ROLE")]
    assert finder.find(finder.chances(vectors[:0]), []) == []


@settings(max_examples=60)
@given(st.integers(1, 12), st.integers(0, 2**32 - 1))
def test_only_whole_spans_come_out(size: int, seed: int) -> None:
    chances = _softmax(np.random.default_rng(seed).normal(0, 3, (size, len(TAGS))))
    path = _best_path(chances, *_moves(TAGS))
    inside = ""
    for number in path:
        place, label = TAGS[number][0], TAGS[number][2:]
        assert (
            (place in "IL" and label == inside)
            if inside
            else place not in "IL" or (label not in LABELS)
        )
        inside = label if place in "BI" and label in LABELS else ""
    assert not inside
    found = list(_spans(path, chances, TAGS, 0))
    assert all(0 <= span.first < span.after <= size and 0 <= span.score <= 1 for span in found)
    assert all(one.after <= two.first for one, two in pairwise(found))


def test_annotations_keep_learned_spans(annotator: Annotator) -> None:
    doc = annotator.annotate(
        "Kunta sai rahaa Kylän kaiku -hankkeelle. Rehtori Aino Aalto iloitsee."
    )
    spans = [(span.text, span.label_) for span in doc.spans[LEARNED]]
    assert ("Kylän kaiku", "PROJECT") in spans
    assert ("Rehtori", "ROLE") in spans
    again = decode_doc(encode_doc(doc), doc.text)
    assert again is not None
    assert [(span.text, span.label_) for span in again.spans[LEARNED]] == spans
    assert again.spans[LEARNED].attrs["scores"] == doc.spans[LEARNED].attrs["scores"]


@pytest.mark.parametrize(
    ("marked", "tags"),
    [
        ("[Oma ovi](PROJECT) -hanke", ["B-PROJECT", "L-PROJECT", "O"]),
        ("[Juka](PROJECT)-hanke alkoi", ["U-PROJECT", "O"]),
        ("[Aino Aalto](PERSON), [rehtori](ROLE)", ["B-PERSON", "I-PERSON", "O", "U-ROLE"]),
        ("[Oulun](GPE) yö", ["I-GPE", "O"]),
        ("[ESR](ORG)-[Nuotta](PROJECT)", ["U-PROJECT"]),
    ],
)
def test_tags_of_marked_words(marked: str, tags: list[str]) -> None:
    passage = parse_passage(marked)
    (row,) = lines_of(passage.text, pieces(passage.text))
    assert tags_of([(piece.start, piece.end) for piece in row], passage) == tags


def test_varied_passages_mark_what_they_put_in() -> None:
    passages = list(read_passages(CORPUS))
    names = known_names(passages)
    draw = random.Random(3)
    changed = 0
    for passage in passages[:80]:
        other = varied(passage, names, draw)
        assert [label for *_, label in other.spans] == [label for *_, label in passage.spans]
        assert all(other.text[s:e].strip() == other.text[s:e] != "" for s, e, _ in other.spans)
        changed += other.text != passage.text
    assert changed > 40


def test_a_compounds_name_counts_as_found() -> None:
    passage = parse_passage("[Juka](PROJECT)-hanke ja [Oma ovi](PROJECT)")
    found = [Found(0, 10, "PROJECT", 0.9), Found(14, 17, "PROJECT", 0.6)]
    assert tally([(passage, found)]).scores() == (0.5, 0.5, 0.5)
