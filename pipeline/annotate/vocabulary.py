"""The vocabulary that documents share: spaCy's only grows, this one starts afresh when large."""

from __future__ import annotations

from spacy.vocab import Vocab

MOST = 500_000  # words; some 0.3 kB each


class Vocabulary:
    """Gives the vocabulary to make a document with; a document keeps the one it was made with."""

    def __init__(self, vocab: Vocab) -> None:
        self._vocab = vocab

    def now(self) -> Vocab:
        """The vocabulary, or an empty one that reads words alike once it is too large."""
        if len(self._vocab) > MOST:
            self._vocab = Vocab(
                lex_attr_getters=self._vocab.lex_attr_getters,  # type: ignore[attr-defined]
                lookups=self._vocab.lookups,
            )
        return self._vocab
