"""Annotated documents as bytes and back, so that rules can run again without the models.

spaCy is imported only when a document is packed or unpacked: lemmas are looked at without it.
"""

from __future__ import annotations

import zlib
from functools import cache
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

if TYPE_CHECKING:
    from spacy.tokens import Doc

    from pipeline.annotate.vocabulary import Vocabulary

# All that rules read of a token; words and spaces are kept anyway.
ATTRIBUTES = ("SENT_START", "POS", "MORPH", "LEMMA", "ENT_IOB", "ENT_TYPE")


class _Stored(msgspec.Struct, frozen=True, array_like=True):
    """A document, its tokens' rows, and its lemmas, which can be looked at without the document."""

    lemmas: bytes
    doc: bytes
    rows: bytes


_PACK = msgspec.msgpack.Encoder()
_STORED = msgspec.msgpack.Decoder(_Stored)


def encode_doc(doc: Doc) -> bytes:
    """A document's words, sentences, tags, lemmas, spans and rows of bytes, compressed."""
    from spacy.tokens import DocBin

    lemmas = " ".join(dict.fromkeys(token.lemma_ for token in doc))
    packed = zlib.compress(lemmas.encode("utf-8"), 1)
    rows = zlib.compress(doc.tensor.astype("int8").tobytes(), 1)
    return _PACK.encode(_Stored(packed, DocBin(attrs=ATTRIBUTES, docs=[doc]).to_bytes(), rows))


def lemmas_of(payload: bytes) -> str | None:
    """Every lemma of a payload's document, once; ``None`` when it is damaged."""
    try:
        return zlib.decompress(_STORED.decode(payload).lemmas).decode("utf-8")
    except (msgspec.MsgspecError, zlib.error, UnicodeDecodeError):
        return None


def decode_doc(payload: bytes, text: str) -> Doc | None:
    """The document of a payload; ``None`` when it is damaged or of another text."""
    doc = document_of(payload)
    return doc if doc is not None and doc.text == text else None


def document_of(payload: bytes) -> Doc | None:
    """The document of a payload, whatever its text; ``None`` when it is damaged."""
    from spacy.tokens import DocBin

    try:
        stored = _STORED.decode(payload)
        (doc,) = DocBin().from_bytes(stored.doc).get_docs(vocabulary().now())
        rows = np.frombuffer(zlib.decompress(stored.rows), np.int8)
        tensor: Any = rows.reshape(len(doc), -1) if len(doc) else rows.reshape(0, 0)
        doc.tensor = tensor
    except Exception:
        # Whatever is wrong with the bytes, the models can make the annotation again.
        return None
    return doc


@cache
def vocabulary() -> Vocabulary:
    """What decoded documents share."""
    import spacy

    from pipeline.annotate.vocabulary import Vocabulary

    return Vocabulary(spacy.blank("fi").vocab)
