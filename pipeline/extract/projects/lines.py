"""Proposes names that a line holds: a headline, an item, a cell, whole and in part.

Every line may be or hold a name; which one does is for the evidence to tell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from spacy.tokens import Doc

from pipeline.extract.doc_text import text_of
from pipeline.extract.finds import EntityFind
from pipeline.extract.layout import Layout, label_key
from pipeline.extract.projects import names
from pipeline.extract.projects.names import QUOTES, make_find

MOST_WORDS = 20  # of a line that could be a name; real names have up to some 18
PARTS = 5  # pieces of a line that are looked at
CONFIDENCE = 0.3  # a line alone says little

_NUMBERING = re.compile(
    r"(?:(?:[-–—•*·▪‣»#]|\d{1,2}[.)]|[a-z]\))\s+|(?:[A-Z][a-z]{0,3}\.?\s)?§\s?\d+[.:]?\s+)+"
)
# Where a line falls into pieces: dashes, colons, bars, tabs, runs of spaces, a sentence's end, sums
# of money, and before a label in its midst ("Arkisto ilman ovea Toteutus: 2009").
_CUT = re.compile(
    r"""
    \s+[–—|/-]+\s+ | :\s* (?=\D) | [;|\t]\s* | \s{2,}
    | (?<=[a-zåäö)])[.!?]\s+(?=[A-ZÅÄÖ(]) | ,\s* (?=[^\W\d]) | ,\s+ | \s+(?=\()
    | ,?\s*(?<!\d)\d[\d\s.]{0,40}(?:€|e\b|euroa|eur\b)\s*,?\s*
    | \s+(?=[A-ZÅÄÖ][a-zåäö]+(?:\s[a-zåäö]+){0,2}:\s)
    | \s+(?=(?:[Kk]ustannusarvio|[Tt]oteutunut|[Mm]yönnetty|[Tt]uki|[Aa]vustus)\s\d)
    """,
    re.VERBOSE,
)
# A label that no colon follows: "Hanke Tiedon talo 2.0".
_UNCOLONED = re.compile(r"(?P<label>[A-ZÅÄÖ][a-zåäö]+(?:\s[a-zåäö]+){0,2}?)\s(?=[A-ZÅÄÖ0-9\"”])")
_HEAD_TAIL = re.compile(rf"[{QUOTES}]?(?:\s?[-–]\s?|\s-|-)(?P<head>\w[\w-]*)$")
_PLAIN_HEAD = re.compile(r"\s(?P<head>[a-zåäö]\w+)$")
_EDGES = QUOTES + " ,;:.–—-"


def from_lines(doc: Doc, page: Layout) -> Iterator[EntityFind]:
    """Each line that is short enough, its pieces and runs of pieces, without a generic head.

    Rules: ``line`` (all of it), ``line-start`` (its beginning up to a cut), ``line-piece`` (a
    piece from a cut on), ``line-labelled`` (what follows a label without a colon).
    """
    text = text_of(doc)
    for block in page.blocks:
        if block.kind in {"furniture", "label"}:
            continue
        yield from _of_line(text, block.start, block.end)


def _of_line(text: str, start: int, end: int) -> Iterator[EntityFind]:
    numbering = _NUMBERING.match(text, start, end)
    start = numbering.end() if numbering else start
    label = _UNCOLONED.match(text, start, end)
    if label is not None and label_key(label["label"]) is not None:
        find = _named(text, label.end(), end, "line-labelled")
        if find is not None:
            yield find
    pieces = pieces_of(text, start, end)
    for first in range(min(len(pieces), PARTS)):
        for last in range(first, min(len(pieces), first + PARTS)):
            low, high = pieces[first][0], pieces[last][1]
            if high - low > 200 or len(text[low:high].split()) > MOST_WORDS:
                break
            place = "-piece" if first else "-start" if last + 1 < len(pieces) else ""
            find = _named(text, low, high, f"line{place}")
            if find is not None:
                yield find


def pieces_of(text: str, start: int, end: int) -> Sequence[tuple[int, int]]:
    """Spans between the cuts of a line."""
    found = []
    at = start
    for cut in _CUT.finditer(text, start, end):
        if cut.start() > at:
            found.append((at, cut.start()))
        at = cut.end()
        if len(found) > 2 * PARTS:
            break
    if at < end:
        found.append((at, end))
    return found


def _named(text: str, start: int, end: int, rule: str) -> EntityFind | None:
    """The find of a piece, a generic head at its end left out of the name."""
    while start < end and text[start] in _EDGES:
        start += 1
    while end > start and text[end - 1] in _EDGES:
        end -= 1
    written = text[start:end]
    tail = _HEAD_TAIL.search(written) or _PLAIN_HEAD.search(written)
    head = names.head_of(tail["head"]) if tail is not None else None
    name, kind = written, "project"
    if tail is not None and head is not None and head.kind != "none":
        name, kind = written[: tail.start()], head.kind
    if label_key(name) is not None or (written.count("(") != written.count(")")):
        return None
    if not names.clean(name) or written[0] == "(":
        return None
    if written[0].islower() and len(name.split()) < 2:
        return None
    if name[0].islower():
        name = name[0].upper() + name[1:]  # a name on a line of its own, typed without a capital
    return make_find(text, start, end, name, rule, CONFIDENCE, kind)
