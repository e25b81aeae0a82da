"""The transformer with its two readers, as it is taught: spans of words, and relations of spans."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn

from pipeline.annotate.contextual import LONGEST, Window
from pipeline.annotate.transformer import unpacked
from pipeline.extract.relations.channels import WIDTH as CHANNELS
from pipeline.extract.relations.network import RELATIONS
from pipeline.training.context.layers import RelationLayers, starting_layer
from pipeline.training.context.starting import Start
from pipeline.training.span_examples import TAGS

SELDOM = -3.0  # logit of a relation before anything is learnt: most pairs have none


class Shape(NamedTuple):
    """How large the networks are."""

    layers: int = 12  # of the twelve to start from, the lowest
    frozen: int = 3  # of them, the lowest, that are not taught
    meaning: int = 48  # numbers a word that relations are told from
    width: int = 64  # of the layers that tell relations
    reaches: tuple[int, ...] = (1, 2, 4, 8, 16)  # words on either side that each looks at
    dropout: float = 0.1


class Lower(nn.Module):
    """The table of pieces and the layers that are not taught: the same for whatever is."""

    def __init__(self, weights: Start, kept: Sequence[int], shape: Shape) -> None:
        super().__init__()
        self.table, self.scales = weights.table(kept)
        width = weights.width
        # All pieces are of one kind, so what says so is the same everywhere.
        kind = weights.numbers("emb.type")[:width]
        self.places = torch.tensor(weights.numbers("emb.pos").reshape(-1, width)[:LONGEST] + kind)
        self.norm = nn.LayerNorm(width, 1e-12)
        self.norm.weight.data.copy_(torch.tensor(weights.numbers("emb.ln.w").copy()))
        self.norm.bias.data.copy_(torch.tensor(weights.numbers("emb.ln.b").copy()))
        self.layers = nn.ModuleList(
            starting_layer(weights, number, 0.0) for number in range(shape.frozen)
        )
        self.eval()

    def forward(self, windows: Sequence[Window]) -> Tensor:
        """States of the pieces of all windows, end to end, in half precision."""
        pieces = [piece for window in windows for piece in window.pieces]
        places = [place for window in windows for place in range(len(window.pieces))]
        sizes = [len(window.pieces) for window in windows]
        with torch.no_grad(), torch.autocast("cpu", dtype=torch.bfloat16):
            rows = torch.tensor(unpacked(self.table[pieces], self.scales[pieces]))
            state = self.norm(rows + self.places[places])
            for layer in self.layers:
                state = layer(state, sizes)
            return state.bfloat16()


class Upper(nn.Module):
    """What is taught: the upper layers, the tags of words, the relations of spans."""

    def __init__(self, weights: Start, shape: Shape) -> None:
        super().__init__()
        self.layers: Any = nn.ModuleList(
            starting_layer(weights, number, shape.dropout)
            for number in range(shape.frozen, shape.layers)
        )
        self.dropout = nn.Dropout(0.2)
        self.tags = nn.Linear(2 * weights.width, len(TAGS))
        self._inputs, self._shape = 2 * weights.width, shape
        self.begin_relations()

    def begin_relations(self) -> None:
        """Make what tells relations anew, as it is before anything is learnt."""
        self.meaning = nn.Linear(self._inputs, self._shape.meaning)
        self.begin_member()

    def begin_member(self) -> None:
        """Make anew what tells relations from words' meanings; these stay as they are."""
        shape = self._shape
        self.relations = RelationLayers(
            shape.meaning, CHANNELS, shape.width, shape.reaches, len(RELATIONS)
        )
        nn.init.constant_(self.relations.last.bias, SELDOM)

    def words(self, lower: Tensor, windows: Sequence[Window]) -> Tensor:
        """A vector of each word: the states of its first and last piece."""
        sizes = [len(window.pieces) for window in windows]
        with torch.autocast("cpu", dtype=torch.bfloat16):
            state = lower
            for layer in self.layers:
                state = layer(state, sizes)
        at, first, last = 0, [], []
        for window in windows:
            first += [at + start for start, _ in window.places]
            last += [at + end for _, end in window.places]
            at += len(window.pieces)
        state = state.float()
        return torch.cat([state[first], state[last]], -1)
