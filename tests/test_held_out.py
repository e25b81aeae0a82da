"""What networks that did not see an announcement tell of it: kept, read again, and asked for."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from spacy.tokens import Doc
from spacy.vocab import Vocab

from pipeline.annotate import load_annotator
from pipeline.extract.relations.network import RelationNetwork, shipped_network
from pipeline.learned import LEARNED
from pipeline.training.context.held_out import (
    FOLDER,
    Found,
    HeldOut,
    read_held_out,
    tell,
    write_held_out,
)
from pipeline.training.folds import SISTERS, digest

TEXT = "Polku auki toimii"


def _kept(
    folder: Path, rows_of_text: list[list[int]] | None = None, *, shipped: bool = True
) -> HeldOut:
    """Three numbers a word, told by the second of two networks: those shipped, or of one member."""
    key = digest(TEXT)
    with np.load(Path("models") / "relations.npz") as archive:
        weights = {n: archive[n] for n in archive.files if not n.startswith("meaning_")}
    if not shipped:
        weights = {name.removeprefix("0/"): w for name, w in weights.items() if "1/" not in name}
    spans = {key: [Found(0, 10, "PROJECT", 0.81)]}
    rows = {key: np.array(rows_of_text or [[1, -2], [3, 4], [5, 6]], np.int8)}
    write_held_out(folder, spans, rows, {key: 1}, [weights] * SISTERS)
    return read_held_out(folder)


def _doc() -> Doc:
    return Doc(Vocab(), words=TEXT.split(), spaces=[True, True, False])


def test_a_document_gets_what_was_held_out(tmp_path: Path) -> None:
    held_out = _kept(tmp_path)
    doc = held_out.annotated(_doc())
    (span,) = doc.spans[LEARNED]
    assert (span.text, span.label_, doc.spans[LEARNED].attrs["scores"]) == (
        "Polku auki",
        "PROJECT",
        [0.81],
    )
    assert doc.tensor.tolist() == [[1, -2], [3, 4], [5, 6]]
    assert held_out.network(TEXT) is held_out.networks[1]
    assert held_out.network("another text") is None


def test_a_text_that_no_network_held_out_is_refused(tmp_path: Path) -> None:
    held_out = _kept(tmp_path)
    with pytest.raises(ValueError, match="no network held out 'Polku kiinni'"):
        held_out.annotated(Doc(Vocab(), words=["Polku", "kiinni"], spaces=[True, False]))


def test_networks_are_read_as_they_were_written(tmp_path: Path) -> None:
    network = _kept(tmp_path).networks[0]
    shipped = shipped_network()
    draw = np.random.default_rng(3)
    rows = draw.integers(-90, 90, (7, len(shipped._steps))).astype(np.int8)
    channels = draw.integers(0, 2, (7, shipped.channels)).astype("float32")
    assert np.allclose(
        network.logits(network.known(rows), channels),
        shipped.logits(shipped.known(rows), channels),
    )


def test_members_of_a_network_answer_with_their_mean() -> None:
    with np.load(Path("models") / "relations.npz") as archive:
        weights = dict(archive)
    shared = {name: values for name, values in weights.items() if "/" not in name}
    numbers = sorted({name.split("/")[0] for name in weights} - set(shared))
    assert len(numbers) == 2
    alone = [
        RelationNetwork(
            shared | {n.split("/")[1]: v for n, v in weights.items() if n.startswith(f"{number}/")}
        )
        for number in numbers
    ]
    together = RelationNetwork(weights)
    draw = np.random.default_rng(4)
    rows = draw.integers(-90, 90, (9, len(weights["steps"]))).astype(np.int8)
    channels = draw.integers(0, 2, (9, together.channels)).astype("float32")
    one, other = (member.logits(member.known(rows), channels) for member in alone)
    assert np.allclose(
        together.logits(together.known(rows), channels), (one + other) / 2, atol=1e-5
    )
    assert not np.allclose(one, other, atol=0.1)


@pytest.mark.parametrize(
    ("shipped", "number"),
    [(True, 0), (False, SISTERS)],
    ids=["a network that is there already", "another than is there"],
)
def test_what_the_shipped_networks_tell_of_new_texts_is_kept_beside(
    shipped: bool, number: int, tmp_path: Path
) -> None:
    annotator = load_annotator()
    text = "Kylän kello -hanke alkaa Kemissä. Sitä johtaa Oma ry."
    doc, plain = annotator.annotate(text), load_annotator(context=False).annotate(text)
    held_out = _kept(tmp_path, [[7] * doc.tensor.shape[1]] * 3, shipped=shipped)
    for model in Path("models").iterdir():
        if model.name != FOLDER:
            (tmp_path / model.name).symlink_to(model.resolve())
    assert tell(tmp_path, [TEXT, text]) == 1
    more = read_held_out(tmp_path)
    assert more.rows[digest(TEXT)].tolist() == held_out.rows[digest(TEXT)].tolist()
    told = more.annotated(plain)
    assert [str(span) for span in told.spans[LEARNED]] == [str(s) for s in doc.spans[LEARNED]]
    assert (told.tensor == doc.tensor).all()
    assert more.by == {digest(TEXT): 1, digest(text): number}
    assert len(more.networks) == max(SISTERS, number + 1)
