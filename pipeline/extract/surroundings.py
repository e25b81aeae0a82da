"""The words of an announcement as plain columns, and what stands around a span of them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from spacy.tokens import Doc, Token

from pipeline.extract.doc_text import sentences_of, text_of
from pipeline.extract.layout import Block, Layout
from pipeline.extract.triggers import kinds_of

NEAR = 12  # words on either side that are looked at
Signs = dict[str, float]


class Word(NamedTuple):
    """A word: its span, lemma, part of speech, case, and the kinds of fact it may speak of."""

    start: int
    end: int
    text: str
    lemma: str
    pos: str
    case: str
    finite: bool
    kinds: frozenset[str]


class Surroundings:
    """Signs of what stands around spans of one announcement.

    ``sentences`` are spans of sentences in text order; without them the tagger's own.
    """

    def __init__(
        self, doc: Doc, page: Layout, sentences: Sequence[tuple[int, int]] | None = None
    ) -> None:
        self.text = text_of(doc)
        self.page = page
        self._sentences = sentences_of(doc) if sentences is None else sentences
        self._sentence_starts = [start for start, _ in self._sentences]
        self.words = words_of(doc)
        self._starts = [word.start for word in self.words]
        self._block_starts = [block.start for block in page.blocks]
        self._headings = _headings(page.blocks)
        self._kinds_in: dict[tuple[int, int], frozenset[str]] = {}

    def at(self, start: int, end: int) -> Mapping[str, float]:
        """What tells of the span ``start:end`` whatever project is meant.

        Signs are ``left_<kind>_<distance>`` and ``right_…`` for trigger words of its sentence,
        ``label_<key>``, ``above_<kind>`` for the heading or introduction it stands below,
        ``block_<kind>``, ``case_<case>``, ``verb_<lemma>`` for the nearest verb.
        """
        signs: Signs = {}
        low, high = self.sentence(start)
        block = self.page.block(start)
        if block is not None:
            low, high = max(low, block.start), min(high, block.end)
            signs[f"block_{block.kind}"] = 1.0
            if start - block.start < 3:
                signs["opens_block"] = 1.0
            if block.end - end < 3:
                signs["closes_block"] = 1.0
        first, last = bisect_left(self._starts, start), bisect_left(self._starts, end)
        if last > first:
            signs[f"case_{self.words[last - 1].case or 'none'}"] = 1.0
        signs.update(self._side("left", first - 1, -1, low, high))
        signs.update(self._side("right", last, 1, low, high))
        field = self.page.field_at(start)
        if field is not None:
            signs[f"label_{field.key or 'unknown'}"] = 1.0
            if field.key is None:
                for kind in self.kinds(field.label_start, field.label_end):
                    signs[f"labelword_{kind}"] = 1.0
        else:
            for kind in self.above(start):
                signs[f"above_{kind}"] = 1.0
        for kind in self.kinds(low, high):
            signs[f"sentence_{kind}"] = 1.0
        place = start / max(len(self.text), 1)
        signs[f"at_{min(int(place * 4), 3)}"] = 1.0
        return signs

    def sentence(self, position: int) -> tuple[int, int]:
        """Start and end of the sentence at ``position``."""
        number = max(0, bisect_right(self._sentence_starts, position) - 1)
        return self._sentences[number] if self._sentences else (0, len(self.text))

    def kinds(self, start: int, end: int) -> frozenset[str]:
        """Kinds of all trigger words in a span."""
        key = (start, end)
        if key not in self._kinds_in:
            first, last = bisect_left(self._starts, start), bisect_left(self._starts, end)
            found: set[str] = set()
            for word in self.words[first:last]:
                found |= word.kinds
            self._kinds_in[key] = frozenset(found)
        return self._kinds_in[key]

    def above(self, position: int) -> frozenset[str]:
        """Kinds of the heading, or the line ending in a colon, that ``position`` stands below."""
        number = bisect_right(self._block_starts, position) - 1
        heading = self._headings[number] if 0 <= number < len(self._headings) else None
        return self.kinds(heading.start, heading.end) if heading is not None else frozenset()

    def _side(
        self, side: str, at: int, step: int, low: int, high: int
    ) -> Iterator[tuple[str, float]]:
        """Trigger words on one side, how far away, and whether a comma or clause divides them."""
        seen: set[str] = set()
        divided = 0
        verb = False
        for distance in range(NEAR):
            number = at + step * distance
            if not 0 <= number < len(self.words):
                return
            word = self.words[number]
            if not low <= word.start < high:
                return
            if distance == 0:
                yield f"{side}_next_{word.pos}", 1.0
                if word.text in {"(", ")", ":", ",", "–", "-", "/", "|"}:
                    yield f"{side}_next_{word.text}", 1.0
            if word.text in {",", ";", ":", "("} or word.text in {"ja", "sekä"}:
                divided += word.text not in {"ja", "sekä"}
                continue
            bucket = "1" if distance < 2 else "3" if distance < 4 else "far"
            for kind in word.kinds:
                if kind not in seen:
                    seen.add(kind)
                    yield f"{side}_{kind}_{bucket}", 1.0
                    yield f"{side}_{kind}", 1.0 / (1 + distance)
                    if divided:
                        yield f"{side}_{kind}_divided", 1.0
                    if distance < 4:
                        yield f"{side}_{kind}_{word.case or word.pos}", 1.0
            if word.finite and not verb:
                verb = True
                yield f"{side}_verb_{word.lemma}", 1.0
            elif distance < 3 and word.pos in {"NOUN", "VERB", "ADP", "ADJ"}:
                yield f"{side}_word_{word.lemma}", 1.0


@lru_cache(maxsize=4)  # names are weighed by them, and later facts
def words_of(doc: Doc) -> tuple[Word, ...]:
    """The words of a document, without its white space."""
    return tuple(_word(token) for token in doc if not token.is_space)


def _word(token: Token) -> Word:
    lemma = token.lemma_.casefold()
    morph = str(token.morph)
    case = morph.split("Case=", 1)[1].split("|", 1)[0] if "Case=" in morph else ""
    return Word(
        token.idx,
        token.idx + len(token),
        token.text,
        lemma,
        token.pos_,
        case,
        "VerbForm=Fin" in morph,
        kinds_of(lemma),
    )


def _headings(blocks: Sequence[Block]) -> list[Block | None]:
    """For each block the last heading or label above it, through a list's items."""
    found: list[Block | None] = []
    heading: Block | None = None
    for block in blocks:
        found.append(heading)
        if block.kind in {"heading", "label"}:
            heading = block
    return found
