"""Make spaCy's networks quick on one core without changing what they say.

Two changes: matrix products go to numpy's BLAS (thinc's own takes twice as long), and what a
network computes of a word alone, before its neighbours come in, is remembered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np
import spacy
from spacy.language import Language
from spacy.tokens import Doc
from thinc.api import Model, NumpyOps

BASE = "spacy_fi_experimental_web_md"
COMPONENTS = frozenset(
    {"tok2vec", "tagger", "morphologizer", "parser", "attribute_ruler", "lemmatizer", "ner"}
)
ENCODER = "with_array(residual(expand_window"  # how thinc names the layers that see neighbours
REMEMBERED_WORDS = 60_000  # some 45 MB at 192 numbers a word; then remembering starts afresh
AT_ONCE = 256  # words whose matrices fit a processor's cache

Network = Model[Any, Any]
Weights = dict[str, Any]  # numpy arrays by "number of the node.name of the parameter"


def load_base(keep: Iterable[str]) -> Language:
    """The base pipeline with the components named in ``keep``, on numpy's BLAS.

    The lemmatizer isn't loaded, so that no native library is needed.
    """
    return on_numpy(spacy.load(BASE, exclude=sorted(COMPONENTS - set(keep))))


def on_numpy(nlp: Language) -> Language:
    """Make every network of the pipeline multiply its matrices with numpy's BLAS."""
    ops = NumpyOps(use_blis=False)
    for network in networks(nlp):
        for node in network.walk():
            node.ops = ops
    return nlp


def remember_words(nlp: Language) -> Language:
    """Let every network of the pipeline remember its words; it can't be trained any more."""
    for network in networks(nlp):
        for node in list(network.walk()):
            if len(node.layers) == 2 and node.layers[1].name.startswith(ENCODER):
                node.layers[0] = Model(
                    "remembered_words",
                    _forward,
                    attrs={"memory": WordMemory(node.layers[0])},
                    ops=node.ops,
                )
    return nlp


def component(nlp: Language, name: str) -> Any:
    """A component of the pipeline; spaCy types it as a mere function of documents."""
    return nlp.get_pipe(name)


def networks(nlp: Language) -> list[Network]:
    """The networks of the pipeline's components."""
    models = [getattr(component, "model", None) for _, component in nlp.pipeline]
    return [model for model in models if isinstance(model, Model)]


def weights_of(nlp: Language) -> Weights:
    """Copies of all parameters of the pipeline's entity recognizer."""
    return {
        f"{number}.{name}": node.get_param(name).copy()
        for number, node in enumerate(component(nlp, "ner").model.walk())
        for name in node.param_names
        if node.has_param(name)
    }


def write_weights(weights: Weights, target: Path) -> None:
    """Write the weights as a compressed numpy archive, 32 bits a number."""
    target.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(
        target, **{name: values.astype("float32") for name, values in weights.items()}
    )


def with_weights(nlp: Language, path: Path) -> Language:
    """Give the pipeline's entity recognizer the weights of a file.

    Raises ``FileNotFoundError`` naming the file, or ``ValueError`` when it is another network's.
    """
    with np.load(path) as archive:
        weights = {name: archive[name] for name in archive.files}
    wanted = {name: values.shape for name, values in weights_of(nlp).items()}
    if wanted != {name: values.shape for name, values in weights.items()}:
        raise ValueError(f"{path}: the weights are not those of {BASE}'s entity recognizer")
    set_weights(nlp, weights)
    return nlp


def set_weights(nlp: Language, weights: Weights) -> None:
    """Set all parameters of the pipeline's entity recognizer."""
    for number, node in enumerate(component(nlp, "ner").model.walk()):
        for name in node.param_names:
            if node.has_param(name):
                node.set_param(name, weights[f"{number}.{name}"])


class WordMemory:
    """The rows that an embedding layer gives to words, each computed once.

    ``rows`` fills up to ``REMEMBERED_WORDS`` and is then emptied, so memory stays bounded.
    """

    def __init__(self, embed: Network) -> None:
        self.embed = embed
        self.numbers: dict[int, int] = {}
        self.rows = np.zeros((0, 0), dtype="float32")

    def rows_of(self, docs: list[Doc]) -> list[Any]:
        """One matrix a document, a row a token."""
        keys = [doc.to_array("ORTH").tolist() for doc in docs]
        fresh = {key for line in keys for key in line if key not in self.numbers}
        if fresh:
            if len(self.numbers) + len(fresh) > REMEMBERED_WORDS:
                self.numbers, self.rows = {}, self.rows[:0]
                fresh = {key for line in keys for key in line}
            ordered = sorted(fresh)
            for start in range(0, len(ordered), AT_ONCE):
                self._learn(docs[0], ordered[start : start + AT_ONCE])
        return [self.rows[[self.numbers[key] for key in line]] for line in keys]

    def _learn(self, doc: Doc, keys: list[int]) -> None:
        words = [doc.vocab.strings[key] for key in keys]
        rows = self.embed.predict([Doc(doc.vocab, words=words)])[0]
        first = len(self.numbers)
        if first + len(rows) > len(self.rows):  # grow by halves: appending each time would copy all
            room = np.zeros((max(1024, (first + len(rows)) * 3 // 2), rows.shape[1]), "float32")
            room[:first] = self.rows[:first].reshape(first, rows.shape[1])
            self.rows = room
        self.rows[first : first + len(rows)] = rows
        self.numbers.update(zip(keys, range(first, first + len(rows)), strict=True))


def _forward(
    model: Network, docs: list[Doc], is_train: bool
) -> tuple[list[Any], Callable[[Any], Any]]:
    if is_train:
        raise ValueError("A network that remembers its words can't be trained: load it afresh.")
    return model.attrs["memory"].rows_of(docs), lambda gradient: gradient
