"""Universal tags and features of words in their sentences, by a small convolutional network.

The network is the tagger of spaCy-fi web md. Matrix products go to numpy's BLAS instead of thinc's
own, which is twice as fast and gives the same tags.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import spacy
from spacy.language import Language
from spacy.tokens import Doc
from spacy.vocab import Vocab
from thinc.api import NumpyOps

BASE = "spacy_fi_experimental_web_md"
BATCH = 256  # lines a batch; larger ones only cost memory


class Reading(NamedTuple):
    """A word's universal tag (``NOUN``) and features (``Case=Gen|Number=Sing``, or '')."""

    upos: str
    feats: str


def load_base(keep: Iterable[str]) -> Language:
    """The base pipeline with the components named in ``keep``, on numpy's BLAS.

    The lemmatizer isn't loaded, so that no native library is needed.
    """
    everything = {
        "tok2vec", "tagger", "morphologizer", "parser", "attribute_ruler", "lemmatizer", "ner",
    }  # fmt: skip
    return on_numpy(spacy.load(BASE, exclude=sorted(everything - set(keep))))


def on_numpy(nlp: Language) -> Language:
    """Make every network of the pipeline multiply its matrices with numpy's BLAS."""
    ops = NumpyOps(use_blis=False)
    for _, component in nlp.pipeline:
        model = getattr(component, "model", None)
        if model is not None:
            for node in model.walk():
                node.ops = ops
    return nlp


class Tagger:
    """Tags lines of words."""

    def __init__(self, nlp: Language) -> None:
        self._nlp = nlp

    @property
    def vocab(self) -> Vocab:
        """The network's vocabulary with its vectors."""
        return self._nlp.vocab

    def tag(self, lines: Iterable[Sequence[str]]) -> Iterator[list[Reading]]:
        """The readings of each line's words, in the order of the lines."""
        docs = (Doc(self._nlp.vocab, words=list(words)) for words in lines)
        for doc in self._nlp.pipe(docs, batch_size=BATCH):
            yield [Reading(token.pos_, str(token.morph)) for token in doc]
