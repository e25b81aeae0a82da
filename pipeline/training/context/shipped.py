"""The networks' files: written of what was taught, and made numbers again to go on from."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import numpy_helper

from pipeline.annotate.meanings import MOST
from pipeline.annotate.network import Matrix
from pipeline.extract.relations.network import members
from pipeline.training.context.graph import graph_of
from pipeline.training.context.layers import RelationLayers
from pipeline.training.context.model import Lower, Shape, Upper
from pipeline.training.span_examples import TAGS

Weights = dict[str, Any]  # numpy arrays

_PARTS = {"ao": "joined", "fi": "wide", "fo": "narrow", "aln": "first", "oln": "second"}
_OF_QKV = "qkv"


def exported(lower: Lower, upper: Upper) -> Weights:
    """The table and all layers, as ``annotate.transformer`` reads them."""
    return {
        "pieces": lower.table,
        "piece_scales": lower.scales,
        "places": _array(lower.places),
        "norm_scale": _array(lower.norm.weight),
        "norm_shift": _array(lower.norm.bias),
        "layers": np.frombuffer(graph_of([*lower.layers, *upper.layers]), np.uint8),
    }


def exported_tags(upper: Upper) -> Weights:
    """What tells spans, as ``annotate.spans`` reads it."""
    return {
        "tags": np.array(TAGS),
        "last_weights": _array(upper.tags.weight).T.copy(),
        "last_bias": _array(upper.tags.bias),
    }


def exported_relations(
    upper: Upper, members: Sequence[RelationLayers], meanings: NDArray[np.float32]
) -> Weights:
    """What tells relations, as ``annotate.meanings`` and ``extract.relations.network`` read it.

    ``members`` answer together. ``meanings`` are those of many words: by them the step of a byte is
    chosen.
    """
    found: Weights = {
        "meaning_weights": _array(upper.meaning.weight).T.copy(),
        "meaning_bias": _array(upper.meaning.bias),
        "steps": np.maximum(np.quantile(np.abs(meanings), 0.999, axis=0) / MOST, 1e-6),
        "reaches": np.array(members[0].reaches),
    }
    for number, member in enumerate(members):
        found |= {f"{number}/{name}": values for name, values in _of_member(member).items()}
    return {
        name: values if values.dtype.kind == "i" else values.astype("float16")
        for name, values in found.items()
    }


def _of_member(relations: RelationLayers) -> Weights:
    attention = relations.attention
    found: Weights = {
        "last_weights": _array(relations.last.weight).T.copy(),
        "last_bias": _array(relations.last.bias),
        "attention_slopes": _array(attention.slopes.exp()),
        "attention_out_weights": _array(attention.out.weight).T.copy(),
        "attention_out_bias": _array(attention.out.bias),
    }
    for name, layer in relations.named():
        found[f"{name}_weights"] = _array(layer.dense.weight).T.copy()
        found[f"{name}_bias"] = _array(layer.dense.bias)
        found[f"{name}_scale"] = _array(layer.norm.weight)
        found[f"{name}_shift"] = _array(layer.norm.bias)
    return found


def _array(values: Any) -> NDArray[np.float32]:
    array: NDArray[np.float32] = values.detach().float().numpy()
    return array


class ShippedWeights:
    """``transformer.npz`` under the names of ``StartingWeights``.

    Raises ``FileNotFoundError`` where there is none.
    """

    def __init__(self, models: Path) -> None:
        with np.load(models / "transformer.npz") as archive:
            self._kept: Weights = dict(archive)
        graph = onnx.load_from_string(self._kept["layers"].tobytes()).graph
        self._constants = {one.name: numpy_helper.to_array(one) for one in graph.initializer}
        self.subwords: bytes = self._kept["subwords"].tobytes()
        self.width = self._kept["places"].shape[1]
        self.wide = len(self._constants["0/wide_bias"])
        self.heads = next(
            attribute.i
            for node in graph.node
            if node.op_type == "MultiHeadAttention"
            for attribute in node.attribute
            if attribute.name == "num_heads"
        )

    @property
    def pieces(self) -> range:
        """Numbers of the pieces: all that are kept."""
        return range(len(self._kept["pieces"]))

    def numbers(self, name: str) -> Matrix:
        """A vector, or the table of places, flat. Raises ``KeyError``."""
        if name.startswith("emb."):
            return self._of_table(name)
        layer, part, kind = name[1:].split(".")
        if part in _OF_QKV:
            return self._share(self._constants[f"{layer}/qkv_bias"], part)
        norm = part in ("aln", "oln")
        ending = ("gain" if kind == "w" else "shift") if norm else "bias"
        found: Matrix = self._constants[f"{layer}/{_PARTS[part]}_{ending}"]
        return found

    def _of_table(self, name: str) -> Matrix:
        """Numbers of the table of pieces; places hold the kind of a piece already."""
        kept = {"emb.pos": "places", "emb.ln.w": "norm_scale", "emb.ln.b": "norm_shift"}
        if name == "emb.type":
            return np.zeros(self.width, "float32")
        found: Matrix = self._kept[kept[name]].ravel()
        return found

    def matrix(self, name: str, outputs: int, inputs: int) -> Matrix:
        """A matrix of a layer, outputs x inputs. Raises ``KeyError``."""
        layer, part, _ = name[1:].split(".")
        whole = f"{layer}/{_PARTS.get(part, 'qkv')}"
        if f"{whole}_bytes" in self._constants:
            steps, rows = self._constants[f"{whole}_steps"], self._constants[f"{whole}_bytes"]
        else:
            steps = self._constants[f"{whole}_weights_scale"]
            rows = self._constants[f"{whole}_weights_quantized"]
        values = (rows.astype("float32") * steps).T
        if part in _OF_QKV:
            values = self._share(values, part)
        return values.reshape(outputs, inputs)

    def table(self, kept: Any) -> tuple[NDArray[np.uint8], NDArray[np.float16]]:
        """The packed rows of the table of pieces, and their scales."""
        return self._kept["pieces"][kept], self._kept["piece_scales"][kept]

    def _share(self, values: Matrix, part: str) -> Matrix:
        """A third of what asks, is asked and answers."""
        found: Matrix = np.split(values, len(_OF_QKV))[_OF_QKV.index(part)]
        return found


def shipped_networks(models: Path, weights: ShippedWeights, shape: Shape) -> Upper:
    """The upper layers, tags and the first member of what tells relations, as they are shipped."""
    upper = Upper(weights, shape)
    with np.load(models / "spans.npz") as archive:
        _put(upper.tags, archive["last_weights"], archive["last_bias"])
    with np.load(models / "relations.npz") as archive:
        _put(upper.meaning, archive["meaning_weights"], archive["meaning_bias"])
        found = members(dict(archive))[0]
    relations = upper.relations
    _put(relations.last, found["last_weights"], found["last_bias"])
    attention = relations.attention
    _put(attention.out, found["attention_out_weights"], found["attention_out_bias"])
    attention.slopes.data.copy_(torch.tensor(found["attention_slopes"]).log())
    for name, layer in relations.named():
        _put(layer.dense, found[f"{name}_weights"], found[f"{name}_bias"])
        _put(layer.norm, found[f"{name}_scale"], found[f"{name}_shift"])
    return upper


def _put(layer: Any, weights: NDArray[Any], bias: NDArray[Any]) -> None:
    layer.weight.data.copy_(torch.tensor(weights.T.astype("float32")))
    layer.bias.data.copy_(torch.tensor(bias.astype("float32")))
