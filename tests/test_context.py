"""Words in context: pieces, windows, and that what runs is what was taught."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.annotate import contextual
from pipeline.annotate.annotator import MODELS, lines_of
from pipeline.annotate.contextual import (
    LONGEST,
    ContextReader,
    load_context_reader,
    windows,
    word_pieces,
)
from pipeline.annotate.spans import load_span_finder
from pipeline.annotate.subwords import BEGIN, BREAK, MOST_PIECES, UNKNOWN, Subwords
from pipeline.annotate.tokens import pieces
from pipeline.annotate.transformer import BLOCK, EPSILON, Transformer, unpacked
from pipeline.layer_norm import normalised


@pytest.fixture(scope="module")
def reader() -> ContextReader:
    return load_context_reader(MODELS)


@pytest.fixture(scope="module")
def subwords() -> Subwords:
    with np.load(MODELS / "transformer.npz") as archive:
        return Subwords(archive["subwords"].tobytes())


def test_words_are_cut_into_pieces(subwords: Subwords) -> None:
    one, same, behind_space = subwords.of(
        [("hankkeen", False), ("hankkeen", False), ("hankkeen", True)]
    )
    assert one == same != behind_space
    assert subwords.of([("½", True)]) == subwords.of([("1⁄2", True)])  # compatible forms
    assert subwords.of([("", False)]) == [[UNKNOWN]]
    (endless,) = subwords.of([("hanke" * 1_000, True)])
    assert len(endless) == MOST_PIECES


@settings(max_examples=80)
@given(
    st.lists(
        st.lists(st.lists(st.integers(4, 99), min_size=1, max_size=MOST_PIECES), min_size=1),
        max_size=30,
    )
)
def test_windows_hold_every_word_once(lines: list[list[list[int]]]) -> None:
    found = list(windows(lines))
    assert all(len(window.pieces) <= LONGEST for window in found)
    assert all(window.pieces[0] == BEGIN and window.pieces[-1] == BREAK for window in found)
    words = [window.pieces[first : last + 1] for window in found for first, last in window.places]
    assert words == [word for line in lines for word in line]


def test_a_long_line_is_cut_between_words() -> None:
    found = list(windows([[[7] * 50] * 20]))
    assert [len(window.places) for window in found] == [7, 7, 6]


TEXT = "Kylän kaiku -hanke alkoi 1.2.2024.\n\nRehtori Aino Aalto (Oulu) iloitsee."


def test_a_word_has_a_vector_of_its_place(reader: ContextReader) -> None:
    lines = lines_of(TEXT, pieces(TEXT))
    vectors = reader.vectors(TEXT, lines)
    assert vectors.shape == (sum(map(len, lines)), 2 * 384)
    assert np.isfinite(vectors).all()
    assert np.array_equal(vectors, reader.vectors(TEXT, lines))
    # The same words elsewhere read otherwise: the vectors are those of the context.
    alone = reader.vectors(TEXT, lines[1:])
    assert np.abs(vectors[len(lines[0]) :] - alone).max() > 0.05
    assert reader.vectors(TEXT, []).shape == (0, 2 * 384)


def test_a_very_long_text_is_read_so_far(
    reader: ContextReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(contextual, "MOST_PIECES", 500)
    text = "\n".join(["Kylän kaiku -hanke alkoi keväällä."] * 200)
    lines = lines_of(text, pieces(text))
    vectors = reader.vectors(text, lines)
    assert 100 < len(vectors) < 700 < sum(map(len, lines))
    finder = load_span_finder(MODELS)
    found = finder.find(finder.chances(vectors), [len(line) for line in lines])
    assert len(found) == len(lines)
    assert found[-1] == []
    assert any(span.label == "PROJECT" for span in found[0])


def test_space_before_a_word_is_seen(subwords: Subwords) -> None:
    text = "A (B)"
    (line,) = lines_of(text, pieces(text))
    (cut,) = word_pieces(text, [line], subwords)
    assert cut == subwords.of([("A", True), ("(", True), ("B", False), (")", False)])


def test_a_packed_table_is_unpacked() -> None:
    steps = np.arange(BLOCK, dtype=np.uint8)[None] % 16
    table = steps[:, ::2] | (steps[:, 1::2] << 4)
    scales = np.array([[0.5]], "float16")
    assert unpacked(table, scales).tolist() == [[(n % 16 - 8) / 2 for n in range(BLOCK)]]


@settings(max_examples=30)
@given(st.lists(st.floats(-50, 50, width=32), min_size=2, max_size=9, unique=True))
def test_rows_are_normalised(row: list[float]) -> None:
    scale, shift = np.full(len(row), 2, "float32"), np.full(len(row), 1, "float32")
    found = normalised(np.array([row], "float32"), scale, shift, EPSILON)[0]
    if max(row) - min(row) > 1:
        order = np.argsort(row)
        assert (np.diff(found[order]) >= 0).all()
        assert found.mean() == pytest.approx(1, abs=1e-3)
        assert found.std() == pytest.approx(2, abs=1e-3)


def test_what_runs_is_what_was_taught() -> None:
    torch = pytest.importorskip("torch", reason="needs the extra context")
    from pipeline.training.context.examples import example
    from pipeline.training.context.model import Lower, Shape, Upper
    from pipeline.training.context.shipped import exported
    from pipeline.training.context.starting import StartingWeights
    from pipeline.training.passages import Passage

    start, shape = StartingWeights(), Shape(layers=3, frozen=1)
    lower, upper = Lower(start, range(500), shape), Upper(start, shape).eval()
    weights = exported(lower, upper)

    class Cut(Subwords):
        def of(self, words):  # type: ignore[no-untyped-def]
            return [[n % 500 for n in one] for one in super().of(words)]

    with np.load(MODELS / "transformer.npz") as archive:
        cut = Cut(archive["subwords"].tobytes())
    reader = ContextReader(Transformer(weights), cut)
    ours = reader.vectors(TEXT, lines_of(TEXT, pieces(TEXT)))
    made = example(Passage(TEXT, ()), cut)
    with torch.no_grad():
        theirs = upper.words(lower(made.windows), made.windows).numpy()
    assert np.abs(ours - theirs).mean() < 0.05  # half precision there, bytes here


def test_what_is_taught_further_is_what_runs(reader: ContextReader, subwords: Subwords) -> None:
    torch = pytest.importorskip("torch", reason="needs the extra context")
    from pipeline.training.context.examples import example
    from pipeline.training.context.model import Lower, Shape
    from pipeline.training.context.shipped import ShippedWeights, shipped_networks
    from pipeline.training.passages import Passage

    start, shape = ShippedWeights(MODELS), Shape(frozen=6)
    lower, upper = Lower(start, start.pieces, shape), shipped_networks(MODELS, start, shape).eval()
    cut = example(Passage(TEXT, ()), subwords).windows
    lines = lines_of(TEXT, pieces(TEXT))
    run = reader.vectors(TEXT, lines)
    with torch.no_grad():
        words = upper.words(lower(cut), cut)
        tags, meanings = upper.tags(words), upper.meaning(words)
    assert np.corrcoef(words.numpy().ravel(), run.ravel())[0, 1] > 0.98
    chances = load_span_finder(MODELS).chances(run)
    assert (tags.argmax(1).numpy() == chances.argmax(1)).mean() > 0.9
    assert meanings.shape == (len(run), shape.meaning)
