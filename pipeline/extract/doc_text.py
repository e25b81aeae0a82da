"""The text of a document, joined once."""

from __future__ import annotations

from functools import lru_cache

from spacy.tokens import Doc


@lru_cache(maxsize=4)  # documents are equal to themselves only, so each has its own text
def text_of(doc: Doc) -> str:
    """``doc.text``, which spaCy joins from the words anew at each look."""
    return doc.text
