"""Labelled sentences beyond TurkuONE: web texts that a finder labels, and passages marked by hand.

The web texts are labelled whole, so that their names agree from sentence to sentence. The passages
mark announcements' own spans; what TurkuONE knows beside them comes from the finder, and what it
has no type for is left open.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from spacy.training.iob_utils import iob_to_biluo

from pipeline.annotate.ner import PART, Line, NamedSpan
from pipeline.annotate.tokens import pieces
from pipeline.training.corpora import Tagged, read_web_texts
from pipeline.training.passages import Passage, Span

Find = Callable[[list[Line]], Iterable[list[NamedSpan]]]  # the names of one text's lines

OPEN = "-"  # spaCy's label of a word that may be anything
MARKED = frozenset({"PERSON", "ORG", "GPE", "LOC", "DATE", "MONEY", "PERCENT"})
UNKNOWN = frozenset({"PROJECT", "PROGRAMME"})  # marked in passages, of various types in TurkuONE
NO_NAME = frozenset({"ROLE"})  # marked in passages, outside all spans in TurkuONE


def labelled_web(find: Find, paths: Iterable[Path]) -> Iterator[Tagged]:
    """The sentences of FinCORE files with the names that ``find`` sees in each text."""
    for path in paths:
        for text in read_web_texts(path):
            lines = [_line(cut(forms)) for forms in text]
            for line, found in zip(lines, find(lines), strict=True):
                spans = [(span.first, span.after, span.label) for span in found]
                yield Tagged(tuple(line.words), _labels(len(line.words), spans))


def labelled_passages(find: Find, passages: Iterable[Passage]) -> Iterator[Tagged]:
    """The passages' lines: their own spans, the finder's of types that passages don't mark."""
    for passage in passages:
        placed = list(_parts(passage.text))
        lines = [_line([passage.text[start:end] for start, end in line]) for line in placed]
        for places, line, found in zip(placed, lines, find(lines), strict=True):
            spans = [_of_words(places, span) for span in passage.spans]
            taken = [word for first, after, _ in spans for word in range(first, after)]
            others = [
                (span.first, span.after, span.label)
                for span in found
                if span.label not in MARKED and not set(range(span.first, span.after)) & set(taken)
            ]
            yield Tagged(tuple(line.words), _labels(len(line.words), [*spans, *others]))


def cut(forms: Sequence[str]) -> list[str]:
    """The words cut at hyphens and other marks, as TurkuONE's are."""
    return [part for form in forms for part in PART.findall(form)]


def to_biluo(labels: Sequence[str]) -> list[str]:
    """IOB2 labels, ``OPEN`` among them, in the notation that spaCy trains on."""
    made: list[str] = []
    closed: list[str] = []
    for label in labels:
        if label == OPEN:
            made += [*iob_to_biluo(closed), OPEN]
            closed = []
        else:
            closed.append(label)
    return made + iob_to_biluo(closed)


def _line(words: Sequence[str]) -> Line:
    return Line(words, [number == 0 for number in range(len(words))])


def _parts(text: str) -> Iterator[list[tuple[int, int]]]:
    """Where the parts of each line's words lie; lines without words are none."""
    start = 0
    for line in text.splitlines(keepends=True):
        places = [
            (start + piece.start + part.start(), start + piece.start + part.end())
            for piece in pieces(line)
            for part in PART.finditer(line[piece.start : piece.end])
            if not part[0].isspace()
        ]
        if places:
            yield places
        start += len(line)


def _of_words(places: Sequence[tuple[int, int]], span: Span) -> Span:
    """A span of characters as one of words; it is empty where it lies elsewhere."""
    touched = [n for n, (start, end) in enumerate(places) if start < span[1] and end > span[0]]
    return (touched[0], touched[-1] + 1, span[2]) if touched else (0, 0, span[2])


def _labels(words: int, spans: Iterable[Span]) -> tuple[str, ...]:
    labels = ["O"] * words
    for first, after, kind in spans:
        for word in range(first, after):
            if kind in NO_NAME:
                continue
            begun = "B" if word == first else "I"
            labels[word] = OPEN if kind in UNKNOWN else f"{begun}-{kind}"
    return tuple(labels)
