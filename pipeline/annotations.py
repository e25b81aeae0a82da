"""Annotated documents as bytes and back, so that rules can run again without the models."""

from __future__ import annotations

from functools import cache

import spacy
from spacy.tokens import Doc, DocBin

from pipeline.annotate.vocabulary import Vocabulary

# All that rules read of a token; words and spaces are kept anyway.
ATTRIBUTES = ("SENT_START", "POS", "MORPH", "LEMMA", "ENT_IOB", "ENT_TYPE")


def encode_doc(doc: Doc) -> bytes:
    """A document's words, sentences, tags, lemmas, named and learned spans, compressed."""
    return DocBin(attrs=ATTRIBUTES, docs=[doc]).to_bytes()


def decode_doc(payload: bytes, text: str) -> Doc | None:
    """The document of a payload; ``None`` when it is damaged or of another text."""
    try:
        (doc,) = DocBin().from_bytes(payload).get_docs(vocabulary().now())
    except Exception:
        # Whatever is wrong with the bytes, the models can make the annotation again.
        return None
    return doc if doc.text == text else None


@cache
def vocabulary() -> Vocabulary:
    """What decoded documents share."""
    return Vocabulary(spacy.blank("fi").vocab)
