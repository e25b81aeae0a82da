"""The passages that train the entity recogniser: their format, and that the corpus is whole."""

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.training.passages import LABELS, Passage, parse_passage, read_passages

CORPUS = Path(__file__).parents[1] / "corpus" / "training"


@pytest.mark.parametrize(
    ("marked", "text", "spans"),
    [
        ("Ei mitään.", "Ei mitään.", ()),
        ("[Oulun](GPE) yö", "Oulun yö", ((0, 5, "GPE"),)),
        ("[ESR](ORG)-rahoitus", "ESR-rahoitus", ((0, 3, "ORG"),)),
        (
            "[Juka](PROJECT)-hanke ([Aino](PERSON))",
            "Juka-hanke (Aino)",
            ((0, 4, "PROJECT"), (12, 16, "PERSON")),
        ),
        ("Alku:\n[2.1.](DATE)[5 €](MONEY)", "Alku:\n2.1.5 €", ((6, 10, "DATE"), (10, 13, "MONEY"))),
    ],
)
def test_parse(marked: str, text: str, spans: tuple[tuple[int, int, str], ...]) -> None:
    assert parse_passage(marked) == Passage(text, spans)


@pytest.mark.parametrize(
    ("marked", "fault"),
    [
        ("[Oulu](TOWN)", "unknown label"),
        ("[Oulu] (GPE)", "unbalanced bracket"),
        ("[Oulu(GPE)", "unbalanced bracket"),
        ("Oulu](GPE)", "unbalanced bracket"),
        ("[[Oulu](GPE)](ORG)", "unbalanced bracket"),
        ("[Oulu ](GPE)", "padded"),
        ("[](GPE)", "empty"),
    ],
)
def test_faults_are_told(marked: str, fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        parse_passage(marked)


PIECES = st.text(st.characters(exclude_characters="[]"), min_size=1).filter(
    lambda piece: piece == piece.strip()
)


@given(st.lists(st.tuples(PIECES, st.sampled_from(["", *sorted(LABELS)]))))
def test_spans_hold_what_was_marked(pieces: list[tuple[str, str]]) -> None:
    marked = " ".join(f"[{piece}]({label})" if label else piece for piece, label in pieces)
    passage = parse_passage(marked)
    assert passage.text == " ".join(piece for piece, _ in pieces)
    held = [(passage.text[start:end], label) for start, end, label in passage.spans]
    assert held == [(piece, label) for piece, label in pieces if label]


def test_a_folder_is_read_in_order_and_faults_are_placed(tmp_path: Path) -> None:
    (tmp_path / "b.marked").write_text("Kolmas.\n", encoding="utf-8")
    (tmp_path / "a.marked").write_text("\nEnsimmäinen\nrivi.\n\n\nToinen.\n\n", encoding="utf-8")
    texts = [passage.text for passage in read_passages(tmp_path)]
    assert texts == ["Ensimmäinen\nrivi.", "Toinen.", "Kolmas."]
    (tmp_path / "c.marked").write_text("Hyvä.\n\n[Oulu](TOWN)\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"c\.marked: passage at line 3: unknown label"):
        list(read_passages(tmp_path))


def test_the_corpus_is_whole() -> None:
    """Every file parses; no passage occurs twice; both halves together are large enough."""
    passages = [*read_passages(CORPUS), *read_passages(CORPUS / "context")]
    repeated = [text for text, count in Counter(p.text for p in passages).items() if count > 1]
    assert repeated == []
    if list(CORPUS.glob("a-*.marked")) and list(CORPUS.glob("b-*.marked")):
        assert len(passages) >= 300
        assert {label for passage in passages for _, _, label in passage.spans} == LABELS
