"""Words in context: pieces, windows, and that numpy computes what a transformer is."""

from __future__ import annotations

from collections.abc import Callable

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
from pipeline.annotate.transformer import BLOCK, Transformer, gelu, unpacked


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
    found = load_span_finder(MODELS).find(vectors, [len(line) for line in lines])
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


def _made(layers: int, width: int = 32, wide: int = 48, longest: int = 9) -> dict[str, np.ndarray]:
    draw = np.random.default_rng(2)
    weights: dict[str, np.ndarray] = {
        "pieces": draw.integers(0, 256, (11, width // 2)).astype(np.uint8),
        "piece_scales": draw.uniform(0.05, 0.1, (11, width // BLOCK)).astype("float16"),
        "places": draw.normal(size=(longest, width)),
        "norm_scale": draw.normal(size=width),
        "norm_shift": draw.normal(size=width),
        "heads": np.array(4),
    }
    shapes = {"qkv": (width, 3 * width), "joined": (width, width)}
    shapes |= {"wide": (width, wide), "narrow": (wide, width)}
    for number in range(layers):
        for name, shape in shapes.items():
            weights[f"{number}/{name}"] = draw.integers(-127, 128, shape).astype(np.int8)
            weights[f"{number}/{name}_steps"] = draw.uniform(1e-3, 3e-3, shape[1])
            weights[f"{number}/{name}_bias"] = draw.normal(size=shape[1])
        for name in ("first", "second"):
            weights[f"{number}/{name}_scale"] = draw.normal(size=width)
            weights[f"{number}/{name}_shift"] = draw.normal(size=width)
    return weights


def _by_definition(weights: dict[str, np.ndarray], numbers: list[int]) -> np.ndarray:
    """Attention and the rest, a head and a piece at a time, in double precision."""

    def norm(row: np.ndarray, name: str) -> np.ndarray:
        row = (row - row.mean()) / np.sqrt(row.var() + 1e-12)
        return row * weights[f"{name}_scale"] + weights[f"{name}_shift"]

    def dense(row: np.ndarray, name: str) -> np.ndarray:
        matrix = weights[name].astype("float64") * weights[f"{name}_steps"]
        return row @ matrix + weights[f"{name}_bias"]

    table = unpacked(weights["pieces"], weights["piece_scales"]).astype("float64")
    state = [norm(table[n] + weights["places"][at], "norm") for at, n in enumerate(numbers)]
    heads, width = int(weights["heads"]), table.shape[1]
    size = width // heads
    for number in range(sum(name.endswith("/qkv") for name in weights)):
        split = [dense(row, f"{number}/qkv").reshape(3, heads, size) for row in state]
        joined = []
        for row in range(len(state)):
            seen = []
            for head in range(heads):
                scores = [split[row][0, head] @ one[1, head] / size**0.5 for one in split]
                shares = np.exp(scores) / np.exp(scores).sum()
                values = [one[2, head] for one in split]
                seen.append(sum(s * v for s, v in zip(shares, values, strict=True)))
            joined.append(dense(np.concatenate(seen), f"{number}/joined"))
        state = [norm(a + b, f"{number}/first") for a, b in zip(state, joined, strict=True)]
        wide = [dense(row, f"{number}/wide") for row in state]
        raised = [0.5 * w * (1 + np.tanh((2 / np.pi) ** 0.5 * (w + 0.044715 * w**3))) for w in wide]
        narrow = [dense(row, f"{number}/narrow") for row in raised]
        state = [norm(a + b, f"{number}/second") for a, b in zip(state, narrow, strict=True)]
    return np.array(state)


@pytest.mark.parametrize("numbers", [[3], [1, 5, 5, 0, 10], list(range(9))])
def test_the_transformer_is_one(numbers: list[int]) -> None:
    weights = _made(layers=2)
    found = Transformer(weights).states(numbers)
    assert np.abs(found - _by_definition(weights, numbers)).max() < 2e-3


@pytest.mark.parametrize(
    ("value", "expected"), [(0.0, 0.0), (1.0, 0.8412), (-1.0, -0.1588), (6.0, 6.0), (-6.0, 0.0)]
)
def test_gelu(value: float, expected: float) -> None:
    assert gelu(np.array([[value]], "float32"))[0, 0] == pytest.approx(expected, abs=1e-4)


def test_numpy_computes_what_is_taught(subwords: Subwords) -> None:
    torch = pytest.importorskip("torch", reason="needs the extra context")
    from pipeline.training.context.examples import example
    from pipeline.training.context.model import (
        Lower,
        Shape,
        Upper,
        exported_layers,
        exported_lower,
    )
    from pipeline.training.context.starting import StartingWeights
    from pipeline.training.passages import Passage

    start, shape = StartingWeights(), Shape(layers=3, frozen=1)
    lower, upper = Lower(start, range(500), shape), Upper(start, shape).eval()
    weights = exported_lower(lower, start.heads) | exported_layers(list(upper.layers), 1)

    class Cut(Subwords):
        def of(self, words):  # type: ignore[no-untyped-def]
            return [[n % 500 for n in one] for one in super().of(words)]

    with np.load(MODELS / "transformer.npz") as archive:
        cut = Cut(archive["subwords"].tobytes())
    numpy_reader = ContextReader(Transformer(weights), cut)
    read: Callable[[], np.ndarray] = lambda: numpy_reader.vectors(  # noqa: E731
        TEXT, lines_of(TEXT, pieces(TEXT))
    )
    made = example(Passage(TEXT, ()), cut)
    with torch.no_grad():
        theirs = upper.words(lower(made.windows), made.windows).numpy()
    assert np.abs(read() - theirs).mean() < 0.02  # half precision there
