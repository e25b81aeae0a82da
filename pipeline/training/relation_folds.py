"""Networks of relations that did not see a fold of announcements: what pairs are fitted on."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import numpy as np

from pipeline.annotate.meanings import WordMeanings
from pipeline.annotate.tagger import Tagger
from pipeline.extract.relations.network import RelationNetwork

FOLDS = 4
OF_FOLDS = "relations_held_out.npz"


def fold_of(text: str) -> int:
    """The fold of an announcement, by its text."""
    return int(sha256(text.encode("utf-8")).hexdigest(), 16) % FOLDS


def read_folds(models: Path, tagger: Tagger) -> list[tuple[WordMeanings, RelationNetwork]]:
    """For each fold the network that did not learn from it. Raises ``FileNotFoundError``."""
    with np.load(models / OF_FOLDS) as archive:
        weights = [
            {
                name.partition("/")[2]: archive[name]
                for name in archive.files
                if name.startswith(f"{fold}/")
            }
            for fold in range(FOLDS)
        ]
    return [(WordMeanings(one, tagger), RelationNetwork(one)) for one in weights]
