"""Proposes the names that the span model sees, whatever surrounds them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from spacy.tokens import Doc

from pipeline.extract.doc_text import text_of
from pipeline.extract.finds import EntityFind
from pipeline.extract.layout import Block
from pipeline.extract.learned import PROJECTS, LearnedFind, learned
from pipeline.extract.projects import bounds, names
from pipeline.extract.projects.names import OPEN, make_find
from pipeline.names import KnownWords, nominative

LEAST = 0.03  # score of a span from which it is proposed
_COMPOUND = re.compile(r"(?<=\w)[-–]\w[\w-]*$")
# "TUKEn", "TUKE:ssa": capitals and a case's ending.
_INFLECTED_ACRONYM = re.compile(
    r"(?P<acronym>[A-ZÅÄÖ]{3,}):?(?:n|ta|tä|ssa|ssä|sta|stä|lla|llä|lta|ltä|lle|een|iin|ksi)$"
)


def from_learned(doc: Doc, blocks: Sequence[Block]) -> Iterator[EntityFind]:
    """Each span of the model, and the same with its subtitle; ``confidence`` is its score."""
    for span in learned(doc, PROJECTS):
        block = next((b for b in blocks if b.start <= span.start < b.end), None)
        if block is None or span.confidence < LEAST:
            continue
        find = _named(doc, span, round(span.confidence, 3))
        if find is None:
            continue
        yield find
        end = bounds.with_subtitle(doc, span.start, span.end, block.end)
        if end > span.end:
            name = find.name + text_of(doc)[span.end : end]
            longer = make_find(
                text_of(doc), span.start, end, name, "learned-subtitled", find.confidence
            )
            if longer is not None:
                yield longer


def _named(doc: Doc, span: LearnedFind, sure: float) -> EntityFind | None:
    """The find of an accepted span: its name in the nominative, without a head's compound."""
    written = text_of(doc)[span.start : span.end]
    name = _COMPOUND.sub("", written) if names.head_of(_tail_of(written)) else written
    kind = "programme" if span.label == "PROGRAMME" else "project"
    acronym = _INFLECTED_ACRONYM.match(name)
    if acronym is not None:
        name = acronym["acronym"]
    elif not names.is_acronym(name) and not _stands_alone(doc, span, name):
        name = nominative(name, "project", _capitals_of(doc).without({name}))
    return make_find(text_of(doc), span.start, span.end, name, "learned", sure, kind)


@lru_cache(maxsize=4)
def _capitals_of(doc: Doc) -> KnownWords:
    """Words that begin with a capital letter."""
    return KnownWords(token.text for token in doc if token.text[:1].isupper())


def _tail_of(written: str) -> str:
    match = _COMPOUND.search(written)
    return match.group().lstrip("-–") if match else ""


def _stands_alone(doc: Doc, span: LearnedFind, name: str) -> bool:
    """Before a hyphen, a quotation mark or a colon, and on a list, names are not inflected."""
    behind = text_of(doc)[span.end : span.end + 3]
    return (
        bool(re.match(rf"\s?[-–]\w|[{OPEN}:(\n|]|\s[(|–]", behind))
        or name != text_of(doc)[span.start : span.end]
    )
