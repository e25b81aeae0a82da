"""Named spans of lines of words: people, bodies, places, dates, money and more.

The network learnt from text cut at every hyphen and colon (``SILTA | - | hanke``), so words are cut
so before it reads them; a span found is then widened to the whole words it touches.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.annotate.agreement import Reading, agreed
from pipeline.annotate.encoder import Encoder, batches
from pipeline.annotate.kept import Pipeline
from pipeline.annotate.layers import WordRows, static_vectors
from pipeline.annotate.moves import Chosen, Moves
from pipeline.annotate.network import component
from pipeline.annotate.remembered import LineMemory
from pipeline.annotate.vocabulary import Vocabulary

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

    def __init__(self, nlp: Pipeline, vectors: WordRows | None = None) -> None:
        finder = component(nlp, "ner")
        vectors = vectors or static_vectors(nlp.vocab)
        self._encoder = Encoder(finder.model.get_ref("tok2vec"), Vocabulary(nlp.vocab), vectors)
        moves = finder.moves
        names = [moves.get_class_name(number) for number in range(moves.n_moves)]
        self._moves = Moves(finder.model, names)
        self._readings = LineMemory(self._read, len)

    def find(self, lines: Iterable[Line]) -> Iterator[list[NamedSpan]]:
        """The spans of each line of one text, in order; no two overlap.

        What a name is in one line tells what it is in the lines around it (``agreement``).
        """
        cut = [_cut(line) for line in lines]
        readings = self._readings.results(cut)
        for line, spans in zip(cut, agreed(readings, self._moves.kinds), strict=True):
            yield [span for span in _whole_words(line, spans) if not _is_address(line, span)]

    def _read(self, lines: Sequence[_CutLine]) -> Iterator[Reading]:
        for batch in batches(lines):
            yield from self._read_together(batch)

    def _read_together(self, batch: Sequence[_CutLine]) -> Iterator[Reading]:
        ends = np.array([end for line in batch for end in line.ends])
        rows = self._encoder.rows([line.parts for line in batch])
        chosen, opinions = self._moves.choose(rows, ends)
        chosen.reverse()
        start = 0
        for line in batch:
            after = start + len(line)
            own: list[Chosen] = []
            while chosen and chosen[-1].first < after:
                span = chosen.pop()
                own.append(Chosen(span.first - start, span.after - start, span.label))
            # A copy: a view would keep the whole batch in memory.
            yield Reading(line.parts, line.ends, own, opinions[start:after].copy())
            start = after


@dataclass(frozen=True)
class _CutLine:
    """A line's words cut at every mark."""

    parts: tuple[str, ...]
    owners: tuple[int, ...]  # of each part the number of its word
    ends: tuple[bool, ...]  # whether a sentence ends with the part

    def __len__(self) -> int:
        return len(self.parts)


def _cut(line: Line) -> _CutLine:
    parts: list[str] = []
    owners: list[int] = []
    ends: list[bool] = []
    for number, word in enumerate(line.words):
        found = [word] if word.isalnum() else PART.findall(word)
        if ends and line.opens[number]:
            ends[-1] = True
        parts += found
        owners += [number] * len(found)
        ends += [False] * len(found)
    if ends:
        ends[-1] = True
    return _CutLine(tuple(parts), tuple(owners), tuple(ends))


def _is_address(line: _CutLine, span: NamedSpan) -> bool:
    """Whether the span is one word that is an e-mail or web address: no name, whatever it holds."""
    if span.after != span.first + 1:
        return False
    parts = [p for p, owner in zip(line.parts, line.owners, strict=True) if owner == span.first]
    return ADDRESS.search("".join(parts)) is not None


def _whole_words(line: _CutLine, chosen: Iterable[Chosen]) -> Iterator[NamedSpan]:
    """The spans found, widened to whole words; what a former span holds is left to it."""
    taken = 0
    for span in chosen:
        first, after = max(line.owners[span.first], taken), line.owners[span.after - 1] + 1
        if first < after:
            yield NamedSpan(first, after, span.label)
            taken = after
