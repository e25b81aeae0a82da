"""A text with the spans of its facts marked: nested where they nest, each marked once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Span:
    """``text[start:end]`` is of a kind (``project``, ``date`` …); ``fact`` is an anchor."""

    start: int
    end: int
    kind: str
    fact: str


@dataclass(slots=True)
class Mark:
    """A marked span: its parts are pieces of text and marks within; facts that were read there."""

    start: int
    end: int
    kind: str
    facts: list[str]
    parts: list[str | Mark] = field(default_factory=list)

    @property
    def anchor(self) -> str:
        """What links call it."""
        return anchor(self.start, self.end)


def anchor(start: int, end: int) -> str:
    """The id of a marked span."""
    return f"s{start}-{end}"


def marked(text: str, spans: Iterable[Span]) -> tuple[list[str | Mark], dict[tuple[int, int], str]]:
    """The text as pieces and marks, and where each span leads: to its mark's id.

    Spans of one place share a mark; the first kind counts. A span that crosses another is not
    marked by itself: its place is the mark in which it begins.
    """
    places: dict[tuple[int, int], Mark] = {}
    for span in spans:
        mark = places.setdefault((span.start, span.end), Mark(span.start, span.end, span.kind, []))
        mark.facts.append(span.fact)
    whole = Mark(0, len(text), "", [])
    open_marks = [whole]
    targets: dict[tuple[int, int], str] = {}
    nested: list[tuple[Mark, Mark]] = []
    for place in sorted(places, key=lambda place: (place[0], -place[1])):
        mark = places[place]
        while open_marks[-1].end <= mark.start and open_marks[-1] is not whole:
            open_marks.pop()
        if mark.end > open_marks[-1].end:
            open_marks[-1].facts += mark.facts
            targets[place] = open_marks[-1].anchor
            continue
        nested.append((open_marks[-1], mark))
        open_marks.append(mark)
        targets[place] = mark.anchor
    children: dict[int, list[Mark]] = {}
    for parent, mark in nested:
        children.setdefault(id(parent), []).append(mark)
    _fill(text, whole, children)
    return whole.parts, targets


def _fill(text: str, mark: Mark, children: dict[int, list[Mark]]) -> None:
    at = mark.start
    for child in children.get(id(mark), []):
        if child.start > at:
            mark.parts.append(text[at : child.start])
        _fill(text, child, children)
        mark.parts.append(child)
        at = child.end
    if at < mark.end:
        mark.parts.append(text[at : mark.end])


def marks_of(parts: Iterable[str | Mark]) -> Iterator[Mark]:
    """Every mark, outer ones first."""
    for part in parts:
        if isinstance(part, Mark):
            yield part
            yield from marks_of(part.parts)
