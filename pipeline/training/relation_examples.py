"""What is asked of relations in an announcement, with every project in mind, and the answers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.extract.dates import find_dates, with_bare_years
from pipeline.extract.doc_text import words_in
from pipeline.extract.money import find_money
from pipeline.extract.named import Named
from pipeline.extract.relations import RelatedCandidates
from pipeline.extract.relations.asks import Asks
from pipeline.extract.relations.channels import Channels
from pipeline.extract.relations.network import RELATIONS
from pipeline.training.evidence_labels import PairLabels

MOST_WORDS = 1_400  # of an announcement that are learnt from

Matrix = NDArray[np.float32]
Numbers = NDArray[np.intp]


class Relations(NamedTuple):
    """The channels of each project, and the answers.

    Each answer stands at places: rows of ``places`` are the number of the project, of the span's
    first and last word, of the relation, and of the answer in ``right``.
    """

    channels: Sequence[NDArray[np.float16]]  # of each project words x channels
    places: Numbers
    right: NDArray[np.bool_]

    def of_projects(self, chosen: Sequence[int]) -> tuple[Numbers, NDArray[np.bool_]]:
        """Places and answers of some of the projects, numbered anew."""
        renumbered = np.full(len(self.channels), -1)
        renumbered[list(chosen)] = np.arange(len(chosen))
        places = self.places[renumbered[self.places[:, 0]] >= 0].copy()
        places[:, 0] = renumbered[places[:, 0]]
        kept, places[:, 4] = np.unique(places[:, 4], return_inverse=True)
        return places, self.right[kept]


def relations(named: Named, candidates: RelatedCandidates, labels: PairLabels) -> Relations | None:
    """What is asked in an announcement; ``None`` where it has no words or no candidates."""
    text = named.context.text
    tokens = words_in(named.doc)[:MOST_WORDS]
    if not tokens:
        return None
    ends = [token.idx + len(token) for token in tokens]
    sums = find_money(text)
    dates = with_bare_years(text, find_dates(text, named.published))
    channels = Channels(named, [token.idx for token in tokens], ends, dates, sums)
    keys = [*dict.fromkeys(key for _, key in named.context.mentions), None]
    places: list[tuple[int, ...]] = []
    right: list[bool] = []
    for label, asked in _questions(Asks(named), candidates, labels):
        spans = [
            (keys.index(project), first, behind - 1, RELATIONS.index(relation))
            for project, (start, end), relation in asked
            if end <= ends[-1]
            for first, behind in [channels.words(start, end)]
        ]
        places += [(*span, len(right)) for span in spans]
        if spans:
            right.append(label)
    if not right:
        return None
    return Relations(
        [channels.of(key).astype("float16") for key in keys],
        np.array(places, np.intp),
        np.array(right),
    )


def _questions(
    asks: Asks, candidates: RelatedCandidates, labels: PairLabels
) -> Iterator[tuple[bool, list[tuple[str | None, tuple[int, int], str]]]]:
    """Each answer with what is asked; where either answer is right nothing is learnt."""
    for kind, ask in asks.of.items():
        for pair, right in zip(candidates.pairs[kind], labels.right[kind], strict=True):
            if right is not None:
                for asked in ask(pair).values():
                    yield right, list(asked)
