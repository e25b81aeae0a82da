"""The networks kept ready: their numbers mapped from a file, as many as are looked at.

spaCy takes longer to load a pipeline, which it makes ready to be trained, than to annotate a page.
What annotating needs of it is a tree of layers with their numbers, the labels, and how words look
to the network; ``load`` gives that where the other modules of this folder ask for a pipeline.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from hashlib import file_digest
from importlib.metadata import distribution, version
from pathlib import Path
from typing import Any, Protocol

import msgspec
import numpy as np
from spacy.lang.fi import Finnish
from spacy.vectors import Vectors
from spacy.vocab import Vocab, create_vocab

from pipeline.annotate.network import BASE, Network, component, load_base, with_weights
from pipeline.compiled import compiled, content_key, joined, parted

PARTS = ("tok2vec", "morphologizer", "ner")
ATTRIBUTES = ("columns", "seed")  # what layers say of themselves beside numbers


class _Layer(msgspec.Struct, frozen=True):
    """A layer as it is kept: its parameters by name with their shapes, others by number."""

    name: str
    attrs: dict[str, Any]
    dims: dict[str, int]
    shapes: dict[str, tuple[int, ...]]
    layers: list[int]
    refs: dict[str, int]


class _Kept(msgspec.Struct, frozen=True):
    layers: list[_Layer]
    roots: dict[str, int]
    labels: list[str]
    moves: list[str]


class Node:
    """A layer with the methods of ``thinc.api.Model`` that reading a network needs."""

    def __init__(self, layer: _Layer, parameters: dict[str, Any]) -> None:
        self.name, self.attrs = layer.name, layer.attrs
        self.layers: list[Node] = []
        self.refs: dict[str, Node] = {}
        self._dims = layer.dims
        self._parameters = parameters

    def walk(self) -> Iterator[Node]:
        """The layer and all below it, level by level."""
        todo, seen = [self], set()
        while todo:
            node = todo.pop(0)
            if id(node) not in seen:
                seen.add(id(node))
                yield node
                todo += node.layers

    def get_param(self, name: str) -> Any:
        """A parameter's numbers. Raises ``KeyError``."""
        return self._parameters[name]

    def get_ref(self, name: str) -> Node:
        """A layer by what this one calls it. Raises ``KeyError``."""
        return self.refs[name]

    def get_dim(self, name: str) -> int:
        """A dimension by its name. Raises ``KeyError``."""
        return self._dims[name]


class Moves(msgspec.Struct, frozen=True):
    """The names of a recognizer's moves, as spaCy gives them."""

    names: Sequence[str]

    @property
    def n_moves(self) -> int:
        """How many moves there are."""
        return len(self.names)

    def get_class_name(self, number: int) -> str:
        """The name of one."""
        return self.names[number]


class Part(msgspec.Struct, frozen=True):
    """A component of a pipeline: its network, and its labels or moves where it has them."""

    model: Any
    labels: Sequence[str] = ()
    moves: Moves | None = None


class Pipeline(Protocol):
    """What reads words asks of spaCy's ``Language``, and ``Ready`` gives."""

    @property
    def vocab(self) -> Vocab:
        """How words look, and their vectors."""
        ...

    def get_pipe(self, name: str) -> Any:
        """A component by its name."""
        ...


class Ready:
    """The networks in place of a spaCy pipeline."""

    def __init__(self, parts: dict[str, Part], vocab: Vocab) -> None:
        self.vocab = vocab
        self._parts = parts

    def get_pipe(self, name: str) -> Part:
        """A component by its name. Raises ``KeyError``."""
        return self._parts[name]


def load(models: Path) -> Ready:
    """The base package's networks with our own weights for names.

    Raises ``FileNotFoundError`` naming the file that is missing.
    """
    with (models / "ner.npz").open("rb") as file:
        ours = file_digest(file, "sha256").hexdigest()
    code = content_key("compiled.py", "annotate/kept.py", "annotate/network.py")
    versions = [f"{name} {version(name)}" for name in (BASE, "spacy", "thinc")]
    key = " ".join([code, ours, *versions])
    content = parted(compiled("networks", key, lambda: _packed(models)))
    kept = msgspec.json.decode(content["layers"], type=_Kept)
    numbers = np.frombuffer(content["numbers"], "float32")
    nodes = []
    at = 0
    for layer in kept.layers:
        parameters = {}
        for name, shape in layer.shapes.items():
            size = int(np.prod(shape))
            parameters[name] = numbers[at : at + size].reshape(shape)
            at += size
        nodes.append(Node(layer, parameters))
    for node, layer in zip(nodes, kept.layers, strict=True):
        node.layers = [nodes[number] for number in layer.layers]
        node.refs = {name: nodes[number] for name, number in layer.refs.items()}
    parts = {
        name: Part(
            nodes[number],
            kept.labels if name == "morphologizer" else (),
            Moves(kept.moves) if name == "ner" else None,
        )
        for name, number in kept.roots.items()
    }
    return Ready(parts, _vocab())


def _vocab() -> Vocab:
    """A vocabulary that reads words as the base package's does, with its vectors mapped."""
    package = distribution(BASE)
    name = f"{BASE.removeprefix('spacy_')}-{package.version}"
    folder = Path(str(package.locate_file(BASE))) / name / "vocab"
    vocab = create_vocab("fi", Finnish.Defaults)
    told = msgspec.json.decode((folder / "vectors.cfg").read_bytes())
    del told["attr"]  # the form of a word, as always
    data = np.load(folder / "vectors", mmap_mode="c", allow_pickle=False)
    vocab.vectors = Vectors(strings=vocab.strings, data=data, **told)
    return vocab


def _packed(models: Path) -> bytes:
    """What is kept of spaCy's own pipeline."""
    nlp = with_weights(load_base(PARTS), models / "ner.npz")
    roots = {name: component(nlp, name).model for name in PARTS}
    nodes: dict[int, Network] = {}
    for root in roots.values():
        nodes |= {node.id: node for node in root.walk()}
    number = {name: at for at, name in enumerate(nodes)}
    layers, numbers = [], []
    for node in nodes.values():
        parameters = {
            name: node.get_param(name) for name in node.param_names if node.has_param(name)
        }
        numbers += [
            np.ascontiguousarray(value, "float32").tobytes() for value in parameters.values()
        ]
        layers.append(
            _Layer(
                name=node.name,
                attrs={name: node.attrs[name] for name in ATTRIBUTES if name in node.attrs},
                dims={name: node.get_dim(name) for name in node.dim_names if node.has_dim(name)},
                shapes={name: value.shape for name, value in parameters.items()},
                layers=[number[layer.id] for layer in node.layers],
                refs={
                    name: number[node.get_ref(name).id]
                    for name in node.ref_names
                    if node.has_ref(name) and node.get_ref(name).id in number
                },
            )
        )
    moves = component(nlp, "ner").moves
    kept = _Kept(
        layers,
        {name: number[root.id] for name, root in roots.items()},
        list(component(nlp, "morphologizer").labels),
        [moves.get_class_name(at) for at in range(moves.n_moves)],
    )
    return joined({"layers": msgspec.json.encode(kept), "numbers": b"".join(numbers)})
