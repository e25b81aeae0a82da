"""The network of relations: reads a whole announcement with one project in mind.

For each word it tells how likely the entity, sum or date there has each relation to that project:
what part a body takes, whether a date is its start. Its layers look at ever wider surroundings of a
word, the last at all words. ``pipeline.training.context`` teaches it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.extract.relations.layers import attended, maxout
from pipeline.layer_norm import Matrix
from pipeline.model_files import MODELS

RELATIONS = (
    *("lead", "coordinator", "implementer", "funder", "partner"),
    *("start", "end", "area", "total", "grant", "own", "share"),
    *("continues", "part_of", "continued_by", "has_part"),
)
"""What the network tells, in the order of its last layer."""


Known = Sequence[Matrix]
"""Of each member of a network what words' meanings add to its first layer."""


class RelationNetwork:
    """Weights as ``pipeline.training.context`` writes them.

    Members that were taught apart, on the same meanings of words, answer together: their logits are
    averaged. The weights of a member stand behind its number and a slash; those of an only one
    may stand without. ``joined`` is a layer over a word's meaning and channels, ``window0`` … are
    layers over a word and the two as far on either side as ``reaches`` says, ``attention`` looks at
    all words and ``thought`` at what it saw, ``last`` gives a logit a relation.
    """

    def __init__(self, weights: Mapping[str, Any]) -> None:
        self._steps = np.asarray(weights["steps"], "float32")
        self._reaches = [int(reach) for reach in weights["reaches"]]
        self._members = members(weights)

    @property
    def channels(self) -> int:
        """Channels of a word."""
        return len(self._members[0]["joined_weights"]) - len(self._steps)

    def known(self, meanings: NDArray[np.int8]) -> Known:
        """What the words' meanings add to the first layers, whatever project is in mind.

        A row of bytes a word; columns behind the meanings are not read.
        """
        width = len(self._steps)
        values = meanings[:, :width].astype("float32") * self._steps
        return [
            values @ member["joined_weights"][:width] + member["joined_bias"]
            for member in self._members
        ]

    def logits(self, known: Known, channels: Matrix) -> Matrix:
        """A row a word, a column a relation; ``channels`` say where what stands."""
        answers = [
            self._answers(member, sums, channels)
            for member, sums in zip(self._members, known, strict=True)
        ]
        return sum(answers[1:], answers[0]) / np.float32(len(answers))

    def _answers(self, weights: Mapping[str, Matrix], known: Matrix, channels: Matrix) -> Matrix:
        sums = known + channels @ weights["joined_weights"][len(self._steps) :]
        state = maxout(sums, weights, "joined")
        for number, reach in enumerate(self._reaches):
            name = f"window{number}"
            sums = seen(state, reach) @ weights[f"{name}_weights"] + weights[f"{name}_bias"]
            state = state + maxout(sums, weights, name)
        state = state + attended(state, weights, "attention")
        sums = state @ weights["thought_weights"] + weights["thought_bias"]
        state = state + maxout(sums, weights, "thought")
        found: Matrix = state @ weights["last_weights"] + weights["last_bias"]
        return found


def members(weights: Mapping[str, Any]) -> list[dict[str, Matrix]]:
    """The weights of each member, in single precision."""
    found: dict[str, dict[str, Matrix]] = {}
    for name, values in weights.items():
        number, _, own = name.rpartition("/")
        found.setdefault(number, {})[own] = np.asarray(values, "float32")
    return [found[number] for number in sorted(found) if "joined_weights" in found[number]]


def seen(state: Matrix, reach: int) -> Matrix:
    """Of each row that ``reach`` before it, itself, that ``reach`` behind it; zeros past an end."""
    size = len(state)
    padded = np.zeros((size + 2 * reach, state.shape[1]), "float32")
    padded[reach : reach + size] = state
    return np.hstack([padded[:size], state, padded[2 * reach :]])


@cache
def shipped_network(models: Path = MODELS) -> RelationNetwork:
    """The network of ``models/relations.npz``. Raises ``FileNotFoundError``."""
    with np.load(models / "relations.npz") as archive:
        # What makes words' meanings runs where they are annotated.
        names = [name for name in archive.files if not name.startswith("meaning_")]
        return RelationNetwork({name: archive[name] for name in names})
