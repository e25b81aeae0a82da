"""Load the base package's networks, and read and write the weights of its entity recognizer."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import spacy
from numpy.typing import NDArray
from spacy.language import Language
from thinc.api import Model, NumpyOps

BASE = "spacy_fi_experimental_web_md"
COMPONENTS = frozenset(
    {"tok2vec", "tagger", "morphologizer", "parser", "attribute_ruler", "lemmatizer", "ner"}
)

Network = Model[Any, Any]
Matrix = NDArray[np.float32]
Weights = dict[str, Any]  # numpy arrays by "number of the node.name of the parameter"


def load_base(keep: Iterable[str]) -> Language:
    """The base pipeline with the components named in ``keep``, on numpy's BLAS, which is twice as
    quick as thinc's own.

    The lemmatizer isn't loaded, so that no native library is needed; nor are the vocabulary's
    lookups, which hold nothing but how probable half a million words are: a second and 110 MB.
    """
    return on_numpy(spacy.load(BASE, exclude=["lookups", *sorted(COMPONENTS - set(keep))]))


def on_numpy(nlp: Language) -> Language:
    """Make every network of the pipeline multiply its matrices with numpy's BLAS."""
    ops = NumpyOps(use_blis=False)
    for network in networks(nlp):
        for node in network.walk():
            node.ops = ops
    return nlp


def parameter(node: Network, name: str) -> Matrix:
    """A parameter of one layer."""
    return np.asarray(node.get_param(name), dtype="float32")


def component(nlp: Any, name: str) -> Any:
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
