"""How well learned spans agree with gold's, of texts that the networks did not learn from."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.annotate.spans import LABELS
from pipeline.training.context.held_out import Found
from pipeline.training.passages import Passage, Span
from pipeline.training.scores import Tally

Answer = tuple[Passage, Sequence[Found]]


def tally(answers: Sequence[Answer]) -> Tally:
    """How well the spans agree; of a compound (``X-hanke``) the part that gold marks counts."""
    score = Tally()
    for passage, found in answers:
        wanted = [span for span in passage.spans if span[2] in LABELS]
        score.add([_fitted(passage.text, span, wanted) for span in apart(found)], wanted)
    return score


def apart(found: Sequence[Found]) -> list[Found]:
    """The surest of spans that share words: what the model alone would decide."""
    kept: list[Found] = []
    for span in sorted(found, key=lambda one: (-one.score, one.start, one.end)):
        if all(span.end <= other.start or span.start >= other.end for other in kept):
            kept.append(span)
    return kept


def _fitted(text: str, found: Found, wanted: Sequence[Span]) -> Span:
    """The wanted span where it is the found one but for the rest of its last word."""
    for start, end, label in wanted:
        if (start, label) == (found.start, found.label) and end <= found.end:
            rest = text[end : found.end]
            if not rest or (rest[0] in "-–:" and " " not in rest):
                return start, end, label
    return found.start, found.end, found.label
