"""Pieces of words: what the transformer reads in the place of whole words."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from sentencepiece import SentencePieceProcessor

BEGIN, NONE, BREAK, UNKNOWN = MARKS = range(4)  # numbers of what is no piece of a word
SPACE = "\N{LOWER ONE EIGHTH BLOCK}"  # how a piece says that white space stands before it
MOST_PIECES = 60  # of a word


class Subwords:
    """The pieces of words by a unigram model; ``model`` is what ``sentencepiece`` keeps of it."""

    def __init__(self, model: bytes) -> None:
        self._model = SentencePieceProcessor(model_proto=model)

    def of(self, words: Iterable[tuple[str, bool]]) -> list[list[int]]:
        """Numbers of the pieces of each word, at least one; a word and whether space precedes it.

        Words are taken as Unicode's compatible composed form (NFKC), as the model learnt them.
        """
        written = [
            (SPACE if spaced else "") + unicodedata.normalize("NFKC", word).replace(" ", "")
            for word, spaced in words
        ]
        # One by one: for a list the library starts threads, which cost more than the words.
        return [self._model.encode(word)[:MOST_PIECES] or [UNKNOWN] for word in written]
