"""What networks that did not see an announcement tell of it: kept, read again, and asked for."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from spacy.tokens import Doc
from spacy.vocab import Vocab

from pipeline.extract.relations.network import shipped_network
from pipeline.learned import LEARNED
from pipeline.training.context.held_out import Found, HeldOut, read_held_out, write_held_out
from pipeline.training.folds import SISTERS, digest, fold_of

TEXT = "Polku auki toimii"


def _kept(folder: Path) -> HeldOut:
    key = digest(TEXT)
    with np.load(Path("models") / "relations.npz") as archive:
        weights = {n: archive[n] for n in archive.files if not n.startswith("meaning_")}
    spans = {key: [Found(0, 10, "PROJECT", 0.81)]}
    rows = {key: np.array([[1, -2], [3, 4], [5, 6]], np.int8)}
    write_held_out(folder, spans, rows, [weights] * SISTERS)
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
    assert held_out.network(TEXT) is held_out.networks[fold_of(TEXT)]
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
