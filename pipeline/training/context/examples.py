"""What is learnt from: announcements cut into windows, the tag of each word, and relations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.annotate.annotator import lines_of
from pipeline.annotate.contextual import MOST_PIECES, Window, windows, word_pieces
from pipeline.annotate.subwords import Subwords
from pipeline.annotate.tokens import pieces
from pipeline.training.passages import Passage
from pipeline.training.relation_examples import Relations
from pipeline.training.span_examples import TAGS, tags_of


class Example(NamedTuple):
    """A text: its windows, the number of each word's tag, and what is asked of relations in it."""

    windows: Sequence[Window]
    tags: NDArray[np.intp]
    relations: Relations | None = None

    @property
    def size(self) -> int:
        """Pieces."""
        return sum(len(window.pieces) for window in self.windows)


def example(passage: Passage, subwords: Subwords, relations: Relations | None = None) -> Example:
    """The example of a marked text. Raises ``ValueError`` for one too long to be read whole."""
    rows = lines_of(passage.text, pieces(passage.text))
    tags = [
        TAGS.index(tag)
        for row in rows
        for tag in tags_of([(word.start, word.end) for word in row], passage)
    ]
    cut = list(windows(word_pieces(passage.text, rows, subwords)))
    if sum(len(window.pieces) for window in cut) > MOST_PIECES:
        raise ValueError(f"a text of {len(tags)} words is too long to learn from")
    return Example(cut, np.array(tags, np.intp), relations)
