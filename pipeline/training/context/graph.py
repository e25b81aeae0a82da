"""The layers as a graph of ONNX: what ``annotate.transformer`` runs.

Matrices are bytes. Products with them are of bytes, too, each window's states in whole steps, but
for those that are added to the states: their inputs are too uneven for one step a window.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic

from pipeline.annotate.meanings import MOST
from pipeline.training.context.layers import Layer

ADDED = ("/joined", "/narrow")  # products that are added to the states
_OF_ORT = "com.microsoft"  # the domain of onnxruntime's own operators
_OPERATORS = 20  # the version of ONNX's operators
_FORMAT = 9  # the version of the file


def graph_of(layers: Sequence[Layer]) -> bytes:
    """The graph of these layers, one upon another: from pieces x width to pieces x width."""
    drawn = _Drawing()
    state = "pieces"
    for number, layer in enumerate(layers):
        state = drawn.layer(f"{number}/", layer, state)
    width = layers[0].joined.out_features
    ends = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, ["pieces", width])
        for name in ("pieces", state)
    ]
    graph = helper.make_graph(drawn.nodes, "layers", ends[:1], ends[1:], drawn.constants)
    model = helper.make_model(
        graph,
        opset_imports=[helper.make_opsetid("", _OPERATORS), helper.make_opsetid(_OF_ORT, 1)],
        ir_version=_FORMAT,
    )
    return _in_bytes(model, [node.name for node in drawn.nodes if node.name.endswith(ADDED)])


def _in_bytes(model: Any, excluded: Sequence[str]) -> bytes:
    """The model with products of bytes but for the nodes ``excluded``.

    Weights have seven bits: so the sums are the same on processors that add up in 16 bits.
    """
    with TemporaryDirectory() as folder:
        path = Path(folder) / "layers.onnx"
        quantize_dynamic(
            model,
            path,
            per_channel=True,
            reduce_range=True,
            weight_type=QuantType.QInt8,
            nodes_to_exclude=list(excluded),
            extra_options={"DefaultTensorType": TensorProto.FLOAT},
        )
        onnx.checker.check_model(str(path))
        return path.read_bytes()


class _Drawing:
    """Nodes and constants of a graph, as they are added.

    No name ends in ``_scale`` or ``_zero_point``: the quantizer names its own so.
    """

    def __init__(self) -> None:
        self.nodes: list[Any] = []
        self.constants: list[Any] = []

    def layer(self, name: str, layer: Layer, state: str) -> str:
        """Add a layer that reads ``state``; returns the name of what it makes."""
        width = layer.joined.out_features
        rows = self._constant(f"{name}rows", np.array([1, -1, width]))
        flat = self._constant(f"{name}flat", np.array([-1, width]))
        parts = [f"{name}{part}" for part in ("asked", "keys", "values")]
        sizes = self._constant(f"{name}sizes", np.array([width] * 3))
        qkv = self._dense(f"{name}qkv", layer.qkv, state)
        self.nodes.append(helper.make_node("Split", [qkv, sizes], parts, axis=1))
        batched = [self._node("Reshape", f"{part}3", part, rows) for part in parts]
        seen = self._node(
            "MultiHeadAttention", f"{name}seen", *batched, domain=_OF_ORT, num_heads=layer.heads
        )
        seen = self._node("Reshape", f"{name}seen2", seen, flat)
        joined = self._dense(f"{name}joined", layer.joined, seen)
        state = self._norm(f"{name}first", layer.first, state, joined)
        wide = self._dense(f"{name}wide", layer.wide, state)
        raised = self._node("Gelu", f"{name}raised", wide, approximate="tanh")
        narrow = self._dense(f"{name}narrow", layer.narrow, raised)
        return self._norm(f"{name}second", layer.second, state, narrow)

    def _dense(self, name: str, linear: Any, state: str) -> str:
        """A product; where it is added, its matrix is bytes in the file and numbers at work."""
        matrix = linear.weight.detach().float().numpy().T
        if name.endswith(ADDED):
            steps, rows = _steps(matrix)
            cast = self._node(
                "Cast", f"{name}_cast", self._constant(f"{name}_bytes", rows), to=TensorProto.FLOAT
            )
            weights = self._node(
                "Mul", f"{name}_weights", cast, self._constant(f"{name}_steps", steps)
            )
        else:
            weights = self._constant(f"{name}_weights", matrix)
        product = self._node("MatMul", name, state, weights)
        return self._node("Add", f"{name}_sum", product, self._numbers(f"{name}_bias", linear.bias))

    def _norm(self, name: str, norm: Any, state: str, change: str) -> str:
        return self._node(
            "LayerNormalization",
            name,
            self._node("Add", f"{name}_sum", state, change),
            self._numbers(f"{name}_gain", norm.weight),
            self._numbers(f"{name}_shift", norm.bias),
            axis=-1,
            epsilon=norm.eps,
        )

    def _node(self, operator: str, name: str, *inputs: str, domain: str = "", **how: Any) -> str:
        made = helper.make_node(operator, list(inputs), [name], name=name, domain=domain, **how)
        self.nodes.append(made)
        return name

    def _numbers(self, name: str, values: Any) -> str:
        return self._constant(name, values.detach().float().numpy())

    def _constant(self, name: str, values: NDArray[Any]) -> str:
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name


def _steps(matrix: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.int8]]:
    """The step of each column, and the matrix in whole steps."""
    steps = np.maximum(np.abs(matrix).max(axis=0) / MOST, 1e-12).astype("float32")
    return steps, np.rint(matrix / steps).astype(np.int8)
