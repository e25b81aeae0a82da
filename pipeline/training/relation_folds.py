"""Networks of relations that did not see a fold of announcements: what pairs are fitted on."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from pipeline.annotate.meanings import WordMeanings
from pipeline.annotate.tagger import Tagger
from pipeline.extract.relations.network import RelationNetwork
from pipeline.training.folds import FOLDS

OF_FOLDS = "relations_held_out.npz"


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
