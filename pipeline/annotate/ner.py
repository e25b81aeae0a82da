"""Named spans of lines of words: people, bodies, places, dates, money and more.

The network learnt from text cut at every hyphen and colon (``SILTA | - | hanke``), so words are cut
so before it reads them; a span found is then widened to the whole words it touches.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from spacy.language import Language
from spacy.tokens import Doc

from pipeline.annotate.network import component
from pipeline.annotate.tagger import BATCH

ADDRESS = re.compile(r"\w@\w|\(at\)|://|^www\.")
PART = re.compile(r"[^\W_]+|[\W_]")


@dataclass(frozen=True)
class Line:
    """Words of one line and, for each, whether it begins a sentence."""

    words: Sequence[str]
    opens: Sequence[bool]


@dataclass(frozen=True)
class NamedSpan:
    """A named span: its first word, the word after its last, and its type (``ORG``, ``GPE``…)."""

    first: int
    after: int
    label: str


class NameFinder:
    """Finds named spans with the entity recognizer of a spaCy pipeline."""

    def __init__(self, nlp: Language) -> None:
        self._nlp = nlp

    def find(self, lines: Iterable[Line]) -> Iterator[list[NamedSpan]]:
        """The spans of each line, in order; no two overlap."""
        kept: list[list[int]] = []

        def docs() -> Iterator[Doc]:
            for line in lines:
                doc, owners = _cut(self._nlp, line)
                kept.append(owners)
                yield doc

        finder = component(self._nlp, "ner")
        for number, doc in enumerate(finder.pipe(docs(), batch_size=BATCH)):
            spans = _whole_words(doc, kept[number])
            yield [span for span in spans if not _is_address(doc, kept[number], span)]
            kept[number] = []


def _cut(nlp: Language, line: Line) -> tuple[Doc, list[int]]:
    """The line cut at every mark, and for each part the number of its word."""
    parts: list[str] = []
    owners: list[int] = []
    opens: list[bool | int | None] = []
    for number, word in enumerate(line.words):
        found = PART.findall(word)
        parts += found
        owners += [number] * len(found)
        opens += [line.opens[number]] + [False] * (len(found) - 1)
    return Doc(nlp.vocab, words=parts, sent_starts=opens), owners


def _is_address(doc: Doc, owners: list[int], span: NamedSpan) -> bool:
    """Whether the span is one word that is an e-mail or web address: no name, whatever it holds."""
    parts = [token.text for token, owner in zip(doc, owners, strict=True) if owner == span.first]
    return span.after == span.first + 1 and ADDRESS.search("".join(parts)) is not None


def _whole_words(doc: Doc, owners: list[int]) -> Iterator[NamedSpan]:
    """The spans found, widened to whole words; what a former span holds is left to it."""
    taken = 0
    for span in doc.ents:
        first, after = max(owners[span.start], taken), owners[span.end - 1] + 1
        if first < after:
            yield NamedSpan(first, after, span.label_)
            taken = after
