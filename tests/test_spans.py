"""The span model: its network run by hand, legal spans only, and what it learns from."""

from __future__ import annotations

import random
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.annotate import Annotator
from pipeline.annotate.annotator import MODELS, lines_of, load_networks
from pipeline.annotate.ner import Line
from pipeline.annotate.span_features import (
    FORM_WIDTH,
    PLACE_WIDTH,
    READING_WIDTH,
    form_features,
    place_features,
    reading_features,
)
from pipeline.annotate.spans import (
    LABELS,
    SpanFinder,
    TaggedLine,
    _best_path,
    _moves,
    _softmax,
    _spans,
    load_span_finder,
)
from pipeline.annotate.tagger import Reading, Tagger
from pipeline.annotate.tokens import pieces
from pipeline.annotations import decode_doc, encode_doc
from pipeline.learned import LEARNED
from pipeline.training.passages import parse_passage, read_passages
from pipeline.training.span_examples import TAGS, Reader, known_names, tags_of, varied
from pipeline.training.span_figures import Found, tally
from pipeline.training.spans import PASSAGES, Recipe, _inputs, exported, taught

CORPUS = Path(__file__).parents[1] / PASSAGES
QUICK = Recipe(width=16, epochs=2, copies=0, news=0)


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    return Tagger(load_networks(MODELS, ["tok2vec", "morphologizer"]))


@pytest.fixture(scope="module")
def finder(tagger: Tagger) -> SpanFinder:
    return load_span_finder(MODELS, tagger)


def cut(text: str) -> list[Line]:
    return [
        Line([text[p.start : p.end] for p in row], [p.opens_sentence for p in row])
        for row in lines_of(text, pieces(text))
    ]


def tagged(tagger: Tagger, text: str) -> list[TaggedLine]:
    lines = cut(text)
    return [
        TaggedLine(tuple(line.words), tuple(line.opens), tuple(readings))
        for line, readings in zip(lines, tagger.tag(line.words for line in lines), strict=True)
    ]


def test_numpy_gives_what_thinc_gives(tagger: Tagger) -> None:
    passages = list(read_passages(CORPUS))[:6]
    reader = Reader(tagger)
    lines = [line for lines in reader.passages(passages) for line in lines]
    model = taught([lines], [], reader.forms, QUICK, lambda _: None)
    finder = SpanFinder(exported(model, encoded=lines[0].rows.shape[1]), tagger)
    theirs = _softmax(model.predict(_inputs(lines, reader.forms)).dataXd)
    ours = np.vstack([finder.chances(tagged(tagger, passage.text)) for passage in passages])
    assert np.abs(ours - theirs).max() < 1e-4


def test_a_line_reads_the_same_beside_others(tagger: Tagger, finder: SpanFinder) -> None:
    text = "Kylän kaiku -hanke alkoi.\nRehtori Aino Aalto iloitsee.\nKaiku päättyy keväällä."
    lines = tagged(tagger, text)
    together = finder.chances(lines)
    alone = np.vstack([finder.chances([line]) for line in lines])
    assert np.abs(together - alone).max() < 1e-5
    assert finder.find([], []) == []


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


def test_features_have_their_widths() -> None:
    assert len(form_features("Lähi-2030")) == FORM_WIDTH
    assert len(reading_features(Reading("NOUN", "Case=Gen|Number=Sing"))) == READING_WIDTH
    flags = place_features(
        ["Nimi", ":", "”", "Oma", "ovi", "”", "(", "OVI", ")"], [True] + [False] * 8
    )
    assert flags.shape == (9, PLACE_WIDTH)
    assert flags[:, 0].tolist() == [0, 0, 0, 1, 1, 0, 0, 0, 0]  # quoted
    assert flags[:, 1].tolist() == [0, 0, 0, 0, 0, 0, 0, 1, 0]  # bracketed
    assert flags[0, 8] == flags[3, 9] == 1  # a label's, and its value's


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
