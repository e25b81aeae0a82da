"""Read hand-annotated passages, ``[text](LABEL)`` inline, as plain text and labelled spans."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

LABELS = frozenset(
    ("PROJECT", "PROGRAMME", "PERSON", "ROLE", "ORG", "GPE", "LOC", "DATE", "MONEY", "PERCENT")
)

_ANNOTATION = re.compile(r"\[(?P<text>[^\[\]]*)\]\((?P<label>[^()\s]*)\)")
_BETWEEN_PASSAGES = re.compile(r"\n[ \t]*\n\s*")

Span = tuple[int, int, str]


@dataclass(frozen=True)
class Passage:
    """Plain text and its spans: (start, end, label), in characters, in order, never overlapping."""

    text: str
    spans: tuple[Span, ...]


def read_passages(folder: Path) -> Iterator[Passage]:
    """Passages of the folder's ``*.marked`` files, in the order of the files' names.

    Raises ``ValueError`` with the file and the line where the annotation is broken.
    """
    for path in sorted(folder.glob("*.marked")):
        yield from read_file(path)


def read_file(path: Path) -> Iterator[Passage]:
    """Passages of one file, in order; raises as ``read_passages`` does."""
    text = path.read_text(encoding="utf-8")
    start = len(text) - len(text.lstrip())
    while start < len(text.rstrip()):
        border = _BETWEEN_PASSAGES.search(text, start)
        end = border.start() if border else len(text)
        try:
            yield parse_passage(text[start:end].rstrip())
        except ValueError as error:
            line = text.count("\n", 0, start) + 1
            raise ValueError(f"{path}: passage at line {line}: {error}") from error
        start = border.end() if border else len(text)


def parse_passage(marked: str) -> Passage:
    """The passage of one annotated text: ``[Oulun](GPE) yö`` -> ``Oulun yö`` and (0, 5, 'GPE').

    Raises ``ValueError`` on an unknown label, an empty or padded span, or a bracket left over.
    """
    plain: list[str] = []
    spans: list[Span] = []
    length = done = 0
    for found in _ANNOTATION.finditer(marked):
        inside, label = found["text"], found["label"]
        if label not in LABELS:
            raise ValueError(f"unknown label {label!r} in {found[0]!r}")
        if not inside or inside != inside.strip():
            raise ValueError(f"empty or padded span {found[0]!r}")
        before = _unmarked(marked[done : found.start()])
        plain += (before, inside)
        start = length + len(before)
        length = start + len(inside)
        spans.append((start, length, label))
        done = found.end()
    plain.append(_unmarked(marked[done:]))
    return Passage("".join(plain), tuple(spans))


def _unmarked(text: str) -> str:
    """The text itself, when it has no bracket of an annotation."""
    bracket = re.search(r"[\[\]]", text)
    if bracket:
        around = text[max(0, bracket.start() - 20) : bracket.end() + 20]
        raise ValueError(f"unbalanced bracket near {around!r}")
    return text
