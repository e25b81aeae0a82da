"""What rules ask of a document again and again, taken from spaCy once."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from spacy.tokens import Doc, Token


class Tagged(NamedTuple):
    """A span ``text[start:end]`` of the name finder, with its label."""

    start: int
    end: int
    label: str
    text: str


@lru_cache(maxsize=4)  # documents are equal to themselves only, so each has its own text
def text_of(doc: Doc) -> str:
    """``doc.text``, which spaCy joins from the words anew at each look."""
    return doc.text


@lru_cache(maxsize=4)
def words_in(doc: Doc) -> list[Token]:
    """The tokens that are no white space."""
    return [token for token in doc if not token.text[0].isspace()]


@lru_cache(maxsize=4)
def sentences_of(doc: Doc) -> tuple[tuple[int, int], ...]:
    """Start and end of each of ``doc.sents``, which spaCy looks for anew each time."""
    return tuple((sentence.start_char, sentence.end_char) for sentence in doc.sents)


@lru_cache(maxsize=4)
def tagged(doc: Doc) -> tuple[Tagged, ...]:
    """``doc.ents``, which spaCy makes anew at each look."""
    return tuple(Tagged(ent.start_char, ent.end_char, ent.label_, ent.text) for ent in doc.ents)
