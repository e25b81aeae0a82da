"""Vectors of words in the context of their announcement.

A transformer reads the announcement's pieces in windows of whole lines. Titles, names and what ties
facts to projects are told from these vectors (``spans.py``, ``meanings.py``); they were taught with
them (``pipeline.training.context``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from pipeline.annotate.network import Matrix
from pipeline.annotate.subwords import BEGIN, BREAK, Subwords
from pipeline.annotate.tokens import Piece
from pipeline.annotate.transformer import Transformer

LONGEST = 400  # pieces of a window
LONGEST_WORD = 200  # letters of a word that are read
MOST_PIECES = 40_000  # of an announcement that are read: a hundred windows

WordPieces = Sequence[int]


class Window(NamedTuple):
    """Pieces that are read together, and the first and last piece of each of its words."""

    pieces: list[int]
    places: list[tuple[int, int]]


class ContextReader:
    """Reads announcements; the vector of a word is those of its first and last piece."""

    def __init__(self, transformer: Transformer, subwords: Subwords) -> None:
        self._transformer = transformer
        self._subwords = subwords

    def vectors(self, text: str, lines: Iterable[Sequence[Piece]]) -> Matrix:
        """A row for each word of all lines, in order: words x twice the transformer's width.

        Words past some ``MOST_PIECES`` pieces are not read and have no row.
        """
        rows = [np.zeros((0, 2 * self._transformer.width), "float32")]
        left = MOST_PIECES
        for window in windows(word_pieces(text, lines, self._subwords)):
            if left <= 0:
                break
            states = self._transformer.states(window.pieces)
            first, last = np.array(window.places).T
            rows.append(np.hstack([states[first], states[last]]))
            left -= len(window.pieces)
        return np.vstack(rows)


def word_pieces(
    text: str, lines: Iterable[Sequence[Piece]], subwords: Subwords
) -> Iterator[list[list[int]]]:
    """The pieces of each word, line by line."""
    for line in lines:
        yield subwords.of(
            (
                text[word.start : min(word.end, word.start + LONGEST_WORD)],
                word.start == 0 or text[word.start - 1].isspace(),
            )
            for word in line
        )


def windows(lines: Iterable[Sequence[WordPieces]]) -> Iterator[Window]:
    """Lines put together up to ``LONGEST`` pieces; a line that is longer is cut between words."""
    window = Window([BEGIN], [])
    for line in lines:
        if window.places and len(window.pieces) + sum(map(len, line)) + 1 > LONGEST:
            yield _closed(window)
            window = Window([BEGIN], [])
        for word in line:
            if window.places and len(window.pieces) + len(word) + 1 > LONGEST:
                yield _closed(window)
                window = Window([BEGIN], [])
            start = len(window.pieces)
            window.pieces.extend(word)
            window.places.append((start, start + len(word) - 1))
        window.pieces.append(BREAK)
    if window.places:
        yield _closed(window)


def _closed(window: Window) -> Window:
    if window.pieces[-1] != BREAK:
        window.pieces.append(BREAK)
    return window


def load_context_reader(models: Path) -> ContextReader:
    """The reader with the weights of ``models/transformer.npz``.

    Raises ``FileNotFoundError`` naming the file that is missing.
    """
    with np.load(models / "transformer.npz") as archive:
        weights = {name: archive[name] for name in archive.files}
    return ContextReader(Transformer(weights), Subwords(weights["subwords"].tobytes()))
