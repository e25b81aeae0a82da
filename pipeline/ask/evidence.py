"""The sentence behind a fact, with the words marked that say it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape

# Where a sentence ends: at a line break, or behind a full stop before a capital.
_SENTENCE_END = re.compile(r"\n|(?<=[.!?…])\s+(?=[\"”'(–-]?\s?[A-ZÅÄÖŠŽ])")


def bounds(text: str, start: int, end: int) -> tuple[int, int]:
    """Where the sentence or line around ``text[start:end]`` begins and ends."""
    ends = (match.end() for match in _SENTENCE_END.finditer(text, 0, start + 1))
    first = max((end for end in ends if end <= start), default=0)
    # A span may hold the line break behind its sentence: what ends it is looked for before that.
    after = _SENTENCE_END.search(text, start + len(text[start:end].rstrip()))
    last = after.start() if after else len(text)
    return first, max(last, end)


def sentence(text: str, start: int, end: int) -> str:
    """That sentence, with the words themselves in square brackets."""
    first, last = bounds(text, start, end)
    return f"{text[first:start]}[{text[start:end]}]{text[end:last]}".strip()


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where a fact was read: ``before``, ``words`` and ``after`` make the sentence.

    ``str`` marks the words with brackets; a notebook shows them marked.
    """

    source: str
    title: str | None
    before: str
    words: str
    after: str
    rule: str | None
    confidence: float | None

    def __str__(self) -> str:
        """The sentence on one line, and where it stands."""
        shown = f"{self.before}[{self.words}]{self.after}".strip()
        told = ", ".join(self._told)
        return f"{shown} ({self.source}; {told})" if told else f"{shown} ({self.source})"

    @property
    def _told(self) -> list[str]:
        """The rule and its confidence, of a row that has them."""
        sure = None if self.confidence is None else f"{self.confidence:.2f}"
        return [part for part in (self.rule, sure) if part]

    def _repr_html_(self) -> str:
        shown = (
            f"{escape(self.before)}<mark>{escape(self.words)}</mark>{escape(self.after)}".strip()
        )
        where = " · ".join(
            escape(part) for part in (self.title, self.source, *self._told) if part is not None
        )
        return f"<blockquote>{shown}<br><small>{where}</small></blockquote>"


def evidence(
    text: str,
    start: int,
    end: int,
    *,
    source: str,
    title: str | None,
    rule: str | None = None,
    confidence: float | None = None,
) -> Evidence:
    """The evidence at ``text[start:end]``."""
    first, last = bounds(text, start, end)
    return Evidence(
        source=source,
        title=title,
        before=text[first:start].lstrip(),
        words=text[start:end],
        after=text[end:last].rstrip(),
        rule=rule,
        confidence=confidence,
    )
