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

LEARNED, AS_WRITTEN = "learned", "learned-as-written"
LEAST = 0.03  # score of a span from which it is proposed
_COMPOUND = re.compile(r"(?<=\w)[-–]\w[\w-]*$")


def from_learned(doc: Doc, blocks: Sequence[Block]) -> Iterator[EntityFind]:
    """Each span of the model, and the same with its subtitle; ``confidence`` is its score.

    A span that seems to be inflected is proposed in the nominative and as it is written: "Tiskillä"
    may be "Tiski" or a name that is never inflected.
    """
    text = text_of(doc)
    for span in learned(doc, PROJECTS):
        block = next((b for b in blocks if b.start <= span.start < b.end), None)
        if block is None or span.confidence < LEAST:
            continue
        sure = round(span.confidence, 3)
        kind = "programme" if span.label == "PROGRAMME" else "project"
        end = bounds.with_subtitle(doc, span.start, span.end, block.end)
        for rule, name in _names(doc, span):
            find = make_find(text, span.start, span.end, name, rule, sure, kind, small=True)
            if find is None:
                continue
            yield find
            if end > span.end and rule == LEARNED:
                longer = find.name + text[span.end : end]
                subtitled = make_find(
                    text, span.start, end, longer, f"{LEARNED}-subtitled", sure, kind
                )
                if subtitled is not None:
                    yield subtitled


def _names(doc: Doc, span: LearnedFind) -> Iterator[tuple[str, str]]:
    """What the span may be called, each under its rule; a head's compound is no part of it."""
    written = text_of(doc)[span.start : span.end]
    name = _COMPOUND.sub("", written) if names.head_of(_tail_of(written)) else written
    if _stands_alone(doc, span, name):
        yield LEARNED, name
        return
    others = _capitals_of(doc).without({name})
    base = nominative(name, "project", others)
    if name.isupper() and names.is_acronym(name) and base not in others:
        base = name  # capitals hide what is an ending: "VIRKUN" is of "VIRKKU" if that stands here
    yield LEARNED, base
    if base != name:
        yield AS_WRITTEN, name


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
