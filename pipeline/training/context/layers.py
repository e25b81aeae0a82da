"""The networks that are taught together, in torch: ``pipeline.annotate`` runs them in numpy.

Windows of several announcements are laid end to end; attention sees one at a time.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from pipeline.extract.relations.layers import BLOCK, EPSILON
from pipeline.training.context.starting import Start

SLOPES = (1e-4, 3e-3, 1e-2, 5e-2)
"""Of each head how much less a word counts that is one word farther, before anything is learnt."""


class Layer(nn.Module):
    """Attention and a wide layer, each added to what came in and normalised."""

    def __init__(self, width: int, wide: int, heads: int, dropout: float) -> None:
        super().__init__()
        self.heads = heads
        self.qkv, self.joined = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.wide, self.narrow = nn.Linear(width, wide), nn.Linear(wide, width)
        self.first, self.second = nn.LayerNorm(width, 1e-12), nn.LayerNorm(width, 1e-12)
        self.dropout = nn.Dropout(dropout)

    def forward(self, state: Tensor, sizes: Sequence[int]) -> Tensor:
        """New states of all pieces, pieces x width; ``sizes`` are the pieces of each window."""
        state = self.first(state + self.dropout(self.joined(self._seen(state, sizes))))
        wide = functional.gelu(self.wide(state), approximate="tanh")
        changed: Tensor = self.second(state + self.dropout(self.narrow(wide)))
        return changed

    def _seen(self, state: Tensor, sizes: Sequence[int]) -> Tensor:
        width = state.shape[1]
        found = []
        for window in self.qkv(state).split(list(sizes)):
            asked, keys, values = window.view(1, len(window), 3, self.heads, -1).permute(
                2, 0, 3, 1, 4
            )
            seen = functional.scaled_dot_product_attention(asked, keys, values)
            found.append(seen.transpose(1, 2).reshape(-1, width))
        return torch.cat(found)


def starting_layer(weights: Start, number: int, dropout: float) -> Layer:
    """A layer with the weights to start from."""
    width, wide = weights.width, weights.wide
    layer = Layer(width, wide, weights.heads, dropout)
    name = f"l{number}."

    def put(parameter: Any, values: Any) -> None:
        parameter.data.copy_(torch.tensor(values.copy()))

    for linear, parts, outputs, inputs in (
        (layer.qkv, "qkv", width, width),
        (layer.joined, ("ao",), width, width),
        (layer.wide, ("fi",), wide, width),
        (layer.narrow, ("fo",), width, wide),
    ):
        for place, part in enumerate(parts):
            rows = slice(place * outputs, (place + 1) * outputs)
            put(linear.weight[rows], weights.matrix(f"{name}{part}.w", outputs, inputs))
            put(linear.bias[rows], weights.numbers(f"{name}{part}.b"))
    for norm, part in ((layer.first, "aln"), (layer.second, "oln")):
        put(norm.weight, weights.numbers(f"{name}{part}.w"))
        put(norm.bias, weights.numbers(f"{name}{part}.b"))
    return layer


class MaxoutLayer(nn.Module):
    """Of two pieces a unit the larger, normalised (``extract.relations.layers``)."""

    def __init__(self, inputs: int, width: int, dropout: float) -> None:
        super().__init__()
        self.dense = nn.Linear(inputs, 2 * width)
        self.norm = nn.LayerNorm(width, EPSILON)
        self.dropout = nn.Dropout(dropout)

    def forward(self, inputs: Tensor) -> Tensor:
        """Rows x width."""
        first, second = self.dense(inputs).chunk(2, dim=-1)
        found: Tensor = self.dropout(self.norm(torch.maximum(first, second)))
        return found


class Attention(nn.Module):
    """What each word sees of the others of its block (``extract.relations.layers.attended``)."""

    def __init__(self, width: int, dropout: float) -> None:
        super().__init__()
        self.dense, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.norm = nn.LayerNorm(width, EPSILON)
        self.slopes = nn.Parameter(torch.tensor(SLOPES).log())
        self.dropout = nn.Dropout(dropout)

    def forward(self, state: Tensor) -> Tensor:
        """Projects x words x width."""
        return torch.cat([self._block(block) for block in state.split(BLOCK, dim=1)], 1)

    def _block(self, state: Tensor) -> Tensor:
        projects, words, _ = state.shape
        sums = self.dense(self.norm(state))
        shape = (projects, words, 3, len(self.slopes), -1)
        asked, keys, values = sums.view(shape).permute(2, 0, 3, 1, 4)
        places = torch.arange(words, dtype=state.dtype)
        far = (places[:, None] - places).abs()
        nearer = (-self.slopes.exp()[:, None, None] * far).expand(projects, -1, -1, -1)
        seen = functional.scaled_dot_product_attention(asked, keys, values, attn_mask=nearer)
        found: Tensor = self.dropout(self.out(seen.transpose(1, 2).reshape(state.shape)))
        return found


class RelationLayers(nn.Module):
    """What ``extract.relations.network`` computes, over all projects in mind at once."""

    def __init__(
        self, inputs: int, channels: int, width: int, reaches: Sequence[int], relations: int
    ) -> None:
        super().__init__()
        self.joined = MaxoutLayer(inputs + channels, width, 0.25)
        self.windows = nn.ModuleList(MaxoutLayer(3 * width, width, 0.25) for _ in reaches)
        self.attention = Attention(width, 0.1)
        self.thought = MaxoutLayer(width, width, 0.1)
        self.last = nn.Linear(width, relations)
        self.reaches = reaches

    def named(self) -> list[tuple[str, Any]]:
        """The layers that have a product and a norm, by the names they are shipped under."""
        return [
            ("joined", self.joined),
            ("attention", self.attention),
            ("thought", self.thought),
            *((f"window{n}", window) for n, window in enumerate(self.windows)),
        ]

    def forward(self, meanings: Tensor, channels: Tensor) -> Tensor:
        """Logits, projects x words x relations; ``channels`` are projects x words x channels."""
        known = meanings[None].expand(len(channels), -1, -1)
        state = self.joined(torch.cat([known, channels], -1))
        for window, reach in zip(self.windows, self.reaches, strict=True):
            padded = functional.pad(state, (0, 0, reach, reach))
            size = state.shape[1]
            around = [padded[:, :size], state, padded[:, 2 * reach :]]
            state = state + window(torch.cat(around, -1))
        state = state + self.attention(state)
        state = state + self.thought(state)
        found: Tensor = self.last(state)
        return found
