"""A second opinion on the lemmas of words that no list holds, by a UDPipe model of the project's.

Only ``spacy_udpipe``'s model class is used. Its ``Doc``s lose white space and its alignment is
quadratic, so words are given one by one as they were cut and answers are read back by index.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.annotate.lemmas import LemmaModel, doubtful, lemma, load_lemmas
from pipeline.annotate.tagger import Reading

if TYPE_CHECKING:
    from spacy_udpipe import UDPipeModel

BEFORE, AFTER = 2, 1  # neighbours shown with the word; the whole line would cost many times more
META = {"name": "finnish", "lang": "udpipe_fi", "license": "CC BY-SA 4.0"}


class Guesser:
    """Guesses the lemma of single words in a line.

    The model is loaded for the first word: half a second and 60 MB.
    """

    def __init__(self, path: Path) -> None:
        """Raises ``FileNotFoundError`` naming the file where there is none."""
        if not path.is_file():
            raise FileNotFoundError(path)
        self._path = path

    @cached_property
    def _udpipe(self) -> UDPipeModel:
        from spacy_udpipe import UDPipeModel

        model = UDPipeModel("fi", str(self._path), META)
        if model.model is None:
            raise ValueError(f"{self._path}: not a UDPipe model")
        return model

    def lemma(self, words: Sequence[str], index: int) -> str:
        """UDPipe's lemma of the word at an index, as it reads it among its neighbours.

        Only the neighbours count, so a word gets the same answer in whatever batch it comes. Raises
        ``ValueError`` where the file is no such model.
        """
        first = max(0, index - BEFORE)
        from ufal.udpipe import Sentence

        sentence = Sentence()
        for word in words[first : index + AFTER + 1]:
            sentence.addWord(word)
        self._udpipe.tag(sentence)
        return str(sentence.words[index - first + 1].lemma)  # word 0 is UDPipe's root


class Lemmatizer:
    """Lemmas of the words of a line: lexicon and rewritings, UDPipe asked about doubtful words."""

    def __init__(self, model: LemmaModel, guesser: Guesser) -> None:
        self._model = model
        self._guesser = guesser

    def lemmas(self, words: Sequence[str], readings: Sequence[Reading]) -> list[str]:
        """The lemma of each word in its reading."""
        return [
            settled(self._model, word, *reading)
            or lemma(self._model, word, *reading, self._guesser.lemma(words, index))
            for index, (word, reading) in enumerate(zip(words, readings, strict=True))
        ]


@lru_cache(maxsize=20_000)
def settled(model: LemmaModel, word: str, upos: str, feats: str) -> str:
    """The lemma of a word, or nothing where UDPipe's opinion could change it.

    UDPipe is many times slower than look-up.
    """
    return "" if doubtful(model, word, upos, feats) else lemma(model, word, upos, feats)


def load_lemmatizer(models: Path) -> Lemmatizer:
    """The lemmatizer of a folder; raises ``FileNotFoundError`` naming the model that is missing."""
    return Lemmatizer(load_lemmas(models / "lemmas.tsv.gz"), Guesser(models / "finnish.udpipe"))
