"""Phrases that could be a project's name though no word beside them says so: capitals, headlines.

A candidate begins with a capitalised word that nothing else explains, where a sentence or a
heading opens or in its midst, and ends where a name could: before a verb, at punctuation, or
after any of its words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import msgspec
from spacy.tokens import Doc, Span, Token

from pipeline import lexicon
from pipeline.extract.layout import Block
from pipeline.extract.projects.names import is_acronym

_LONGEST = 9  # words
_CLOSED = frozenset({"PRON", "ADP", "SCONJ", "CCONJ", "AUX", "PUNCT", "SPACE", "NUM", "SYM"})
_WORD = re.compile(r"[^\W\d_][\w'’-]*(?::\w+)?|\d{1,3}|\d+[^\W\d_][\w-]*|[^\W\d_]\w*\+")


class Phrase(msgspec.Struct, frozen=True):
    """Tokens ``first`` to ``after`` (exclusive) of a document; ``opens`` a sentence or not."""

    start: int
    end: int
    first: int
    after: int
    opens: bool
    heading: bool


def phrases(
    doc: Doc, blocks: Sequence[Block], taken: Sequence[tuple[int, int]]
) -> Iterator[Phrase]:
    """All candidates in text order, several ends for each beginning; none touches ``taken``."""
    barred = _barred(doc, taken)
    kinds = {block.start: block.kind for block in blocks}
    spans = [(b.start, b.end) for b in blocks]
    stops = frozenset(lexicon.settings("project_heads")["stops"]["words"])
    place = 0
    for sentence in doc.sents:
        while place < len(spans) and spans[place][1] <= sentence.start_char:
            place += 1
        if place == len(spans) or spans[place][0] > sentence.start_char:
            continue
        heading = kinds[spans[place][0]] == "heading"
        yield from _in_sentence(sentence, barred, heading, stops)


def _in_sentence(
    sentence: Span, barred: frozenset[int], heading: bool, stops: frozenset[str]
) -> Iterator[Phrase]:
    doc = sentence.doc
    opens = True
    for token in sentence:
        if token.is_space or not any(c.isalnum() for c in token.text):
            continue
        opening, opens = opens, False
        if not _begins(token, barred, opening, stops):
            continue
        for after in range(token.i + 1, min(token.i + _LONGEST, sentence.end) + 1):
            last = doc[after - 1]
            if last.i in barred or last.is_space or not _WORD.fullmatch(last.text):
                break
            if after - 1 > token.i and last.text[0].isupper() and doc[after - 2].text == ",":
                break
            if last.pos_ in _CLOSED and not last.text.isdigit() and last.pos_ != "PRON":
                continue
            yield Phrase(token.idx, last.idx + len(last), token.i, after, opening, heading)


def _begins(token: Token, barred: frozenset[int], opening: bool, stops: frozenset[str]) -> bool:
    """Can a name begin here: a capital, and no word that only opens sentences?"""
    text = token.text
    if token.i in barred or not text[0].isupper() or len(text) < 2:
        return False
    if not _WORD.fullmatch(text):
        return False
    if token.i and _joined(token):
        return False
    if opening and text.casefold() in stops:
        return False
    if "Inf" in token.morph.get("VerbForm", []):
        return False
    closed = token.pos_ in {"PRON", "SCONJ", "CCONJ", "AUX", "ADP"}
    return not (opening and closed and not is_acronym(text))


def _joined(token: Token) -> bool:
    """Does a token go on right from the one before, as behind a hyphen or a slash?"""
    before = token.doc[token.i - 1]
    return (
        not before.whitespace_ and not before.is_space and before.text in {"-", "/", "@", ".", "–"}
    )


def _barred(doc: Doc, taken: Sequence[tuple[int, int]]) -> frozenset[int]:
    """Indices of the tokens in spans that something else explains."""
    found: set[int] = set()
    for start, end in taken:
        span = doc.char_span(start, end, alignment_mode="expand")
        if span is not None:
            found.update(range(span.start, span.end))
    return frozenset(found)
