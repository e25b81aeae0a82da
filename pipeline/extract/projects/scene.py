"""Gathers once for a whole announcement what signs of names need: its words, headings, kinds."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

import msgspec
from spacy.tokens import Doc, Span, Token

from pipeline.extract.doc_text import text_of
from pipeline.extract.finds import EntityFind
from pipeline.extract.layout import Block
from pipeline.extract.learned import PROJECTS, LearnedFind, learned
from pipeline.extract.projects import names
from pipeline.extract.spans import Spans

_MONEY = re.compile(r"\d\s?(?:€|euro|milj|t€)|\d{1,3}(?:[  .]\d{3})+\s?(?:€|e)\b")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


class Word(NamedTuple):
    """A token as plain values, which signs ask for again and again.

    ``verbal``: has it a form of verbs? ``agent``: is it an agent participle? ``tag`` is the type of
    the named span it stands in.
    """

    text: str
    pos: str
    lemma: str  # case-folded
    tag: str
    cases: tuple[str, ...]
    finite: bool
    verbal: bool
    agent: bool


class Sentence(NamedTuple):
    """Tokens ``first`` to ``after``, characters ``start`` to ``end``; what is told of in it."""

    first: int
    after: int
    start: int
    end: int
    money: bool
    year: bool


class Scene(msgspec.Struct, frozen=True):
    """What signs need of a whole announcement, gathered once."""

    doc: Doc
    text: str
    tokens: tuple[Word, ...]
    sentences: tuple[Sentence, ...]
    sentence_of: tuple[int, ...]  # for each token
    tagged: frozenset[tuple[int, int]]  # tokens of the named spans: first, after
    said: tuple[str, ...]  # each token as the first form of its word in the text
    words: Mapping[str, tuple[int, ...]]  # those: indices of their tokens
    learned: Spans[LearnedFind]
    headings: Spans[Block]
    about: frozenset[int]  # beginnings of sentences with a word for a project
    named: bool  # did surer signs find any project, not only programmes?
    unnamed: int  # how often a project is spoken of by its kind alone


def scene(doc: Doc, blocks: Sequence[Block], finds: Sequence[EntityFind]) -> Scene:
    """The scene of a document; ``finds`` are the projects that surer signs found."""
    text = text_of(doc)
    named = Spans(finds)
    said = _said(doc)
    words: dict[str, list[int]] = {}
    for index, word in enumerate(said):
        words.setdefault(word, []).append(index)
    kinds = [
        m.start()
        for m in names.plain_heads().finditer(text)
        if names.head_of(m.group()) is not None
        and (m.start() == 0 or text[m.start() - 1] not in "-–")
        and not named.touches(m.start(), m.start() + 1)
    ]
    sentences = tuple(_sentence(text, sentence) for sentence in doc.sents)
    starts = [sentence.start for sentence in sentences]
    about = {starts[bisect_right(starts, place) - 1] for place in kinds}
    return Scene(
        doc,
        text,
        tuple(map(_word, doc)),
        sentences,
        tuple(n for n, s in enumerate(sentences) for _ in range(s.first, s.after)),
        frozenset((span.start, span.end) for span in doc.ents),
        said,
        {word: tuple(found) for word, found in words.items()},
        Spans(learned(doc, PROJECTS)),
        Spans(b for b in blocks if b.kind == "heading"),
        frozenset(about),
        any(find.subtype == "project" for find in finds),
        len(kinds),
    )


def _word(token: Token) -> Word:
    return Word(
        token.text,
        token.pos_,
        token.lemma_.casefold(),
        token.ent_type_,
        *_features(str(token.morph)),
    )


@lru_cache(maxsize=4096)
def _features(morph: str) -> tuple[tuple[str, ...], bool, bool, bool]:
    """Cases, and whether a finite form, a form of verbs, an agent participle."""
    found = dict(pair.split("=", 1) for pair in morph.split("|") if "=" in pair)
    cases = tuple(found["Case"].split(",")) if "Case" in found else ()
    forms = found.get("VerbForm", "").split(",")
    return cases, "Fin" in forms, "VerbForm" in found, "Agt" in found.get("PartForm", "").split(",")


def _sentence(text: str, span: Span) -> Sentence:
    start, end = span.start_char, span.end_char
    said = text[start:end]
    money, year = _MONEY.search(said) is not None, _YEAR.search(said) is not None
    return Sentence(span.start, span.end, start, end, money, year)


def _said(doc: Doc) -> tuple[str, ...]:
    """Each token's word as the text first writes it: forms of one word are told as the same."""
    known: dict[str, list[Token]] = {}
    first: list[str] = []
    for token in doc:
        folded = token.text.casefold()
        like = known.setdefault(folded[:3], [])
        same = next((t for t in like if _same(t, token)), None)
        if same is None:
            like.append(token)
        first.append(same.text.casefold() if same is not None else folded)
    return tuple(first)


def _same(one: Token, other: Token) -> bool:
    """Are two words forms of one: by their lemma, or by all but their last two letters?"""
    a, b = one.text.casefold(), other.text.casefold()
    if a == b or one.lemma_.casefold() == other.lemma_.casefold():
        return True
    shared = next((n for n, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), None)
    least = min(len(a), len(b))
    return least >= 6 and (shared is None or shared >= least - 2) and abs(len(a) - len(b)) < 6
