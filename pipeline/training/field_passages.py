"""Passages for the span model out of the field corpus: gold's names found in the repaired text.

Gold says what an announcement names, not where. A name is marked wherever it stands in one of its
forms; what the present finders see of people, places and titles is marked beside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from pipeline.annotate import Annotator
from pipeline.extract.projects.again import occurrences
from pipeline.extract.titles import find_titles
from pipeline.training.field import FieldText
from pipeline.training.passages import LABELS, Passage, Span

BESIDE = frozenset({"PERSON", "GPE", "LOC", "DATE", "MONEY", "PERCENT"})


def field_passages(annotator: Annotator, texts: Iterable[FieldText]) -> Iterator[Passage]:
    """One passage an announcement; those without text are left out."""
    for text in texts:
        if text.announcement.status == "ok":
            yield Passage(text.announcement.text, tuple(marked(annotator, text)))


def marked(annotator: Annotator, text: FieldText) -> Sequence[Span]:
    """The spans of one announcement in order, not overlapping; the longest names first."""
    words = text.announcement.text
    spans: list[Span] = []
    for name, label in _longest_first(
        (name, "PROGRAMME" if entry.kind == "programme" else "PROJECT")
        for entry in text.gold.projects
        for name in entry.names
        if len(name) > 2
    ):
        for start, end in occurrences(words, name):
            _add(spans, (start, _without_head(words, start, end), label))
        if name.casefold() != name:  # typed in capitals, or without them
            pattern = re.compile(rf"(?<![\w-]){re.escape(name)}(?!\w)", re.IGNORECASE)
            for match in pattern.finditer(words):
                _add(spans, (match.start(), match.end(), label))
    for name, label in _longest_first(
        (name, "ORG") for entry in text.gold.organisations for name in entry.names if len(name) > 1
    ):
        for start, end in occurrences(words, name):
            _add(spans, (start, end, label))
    doc = annotator.annotate(words)
    for title in find_titles(words):
        _add(spans, (title.start, title.end, "ROLE"))
    for entity in doc.ents:
        if entity.label_ in BESIDE and entity.label_ in LABELS:
            _add(spans, (entity.start_char, entity.end_char, entity.label_))
    return sorted(spans)


def _longest_first(names: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return sorted(names, key=lambda pair: (-len(pair[0]), pair[0]))


def _without_head(text: str, start: int, end: int) -> int:
    """Where a name ends that a head is glued to: ``SILTA-hankkeessa``."""
    hyphen = text.find("-hank", start, end)
    return hyphen if hyphen > start else end


def _add(spans: list[Span], span: Span) -> None:
    if all(span[1] <= start or span[0] >= end for start, end, _ in spans):
        spans.append(span)
