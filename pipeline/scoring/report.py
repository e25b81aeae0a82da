"""The score as text and as JSON: ratios per table, errors, and what confidence is worth."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

import msgspec

from pipeline.scoring.outcome import Outcome, macro_f1, tallies
from pipeline.scoring.score import Score

# Lower edges of the bins of confidence; the last bin holds 1 too.
BINS = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95)
SURE = 0.9


class Bin(msgspec.Struct, frozen=True):
    """Facts whose confidence lies in ``low``–``high``: how many, and how many of them right."""

    low: float
    high: float
    facts: int
    right: int

    @property
    def precision(self) -> float | None:
        """Share of the facts that is right; ``None`` of none."""
        return self.right / self.facts if self.facts else None


def calibration(outcomes: Sequence[Outcome], edges: Sequence[float] = BINS) -> list[Bin]:
    """Found facts by confidence. Those that gold calls optional count neither way."""
    judged = [
        (outcome.found.confidence, outcome.verdict == "hit")
        for outcome in outcomes
        if outcome.found is not None
        and outcome.found.confidence is not None
        and outcome.verdict in ("hit", "extra")
    ]
    bins = []
    for low, high in zip(edges, (*edges[1:], 1.0), strict=True):
        within = [right for sure, right in judged if low <= sure < high or sure == high == 1.0]
        bins.append(Bin(low, high, len(within), sum(within)))
    return bins


def as_json(score: Score) -> str:
    """The score as one JSON object: ``tables``, ``macro_f1``, ``checks``, ``calibration``."""
    tables = tallies(score.outcomes)
    return json.dumps(
        {
            "tables": {
                table: {
                    "precision": tally.precision,
                    "recall": tally.recall,
                    "f1": tally.f1,
                    "tp": tally.tp,
                    "fp": tally.fp,
                    "fn": tally.fn,
                }
                for table, tally in tables.items()
            },
            "macro_f1": macro_f1(tables),
            "checks": score.checks,
            "calibration": [
                {**msgspec.structs.asdict(bin_), "precision": bin_.precision}
                for bin_ in calibration(score.outcomes)
            ],
        },
        ensure_ascii=False,
    )


def as_text(score: Score) -> str:
    """The score as three small tables for the eye."""
    return "\n".join([*_table_lines(score), "", *_check_lines(score), "", *_bin_lines(score)])


def _table_lines(score: Score) -> Iterator[str]:
    tables = tallies(score.outcomes)
    yield f"{'table':<16}{'P':>7}{'R':>7}{'F1':>7}{'right':>7}{'extra':>7}{'missed':>7}"
    for table, tally in tables.items():
        ratios = f"{tally.precision:>7.3f}{tally.recall:>7.3f}{tally.f1:>7.3f}"
        yield f"{table:<16}{ratios}{tally.tp:>7}{tally.fp:>7}{tally.fn:>7}"
    yield f"{'macro F1':<30}{macro_f1(tables):>7.3f}"


def _check_lines(score: Score) -> Iterator[str]:
    for name, (right, of) in score.checks.items():
        yield f"{name:<20}{right:>4} of {of}"


def _bin_lines(score: Score) -> Iterator[str]:
    yield f"{'confidence':<14}{'facts':>7}{'right':>7}{'share':>8}"
    for bin_ in calibration(score.outcomes):
        share = "–" if bin_.precision is None else f"{bin_.precision:.3f}"
        yield f"{bin_.low:.2f}–{bin_.high:.2f}     {bin_.facts:>7}{bin_.right:>7}{share:>8}"
    sure = calibration(score.outcomes, (0.0, SURE))[1]
    share = "–" if sure.precision is None else f"{sure.precision:.3f}"
    yield f"{SURE:.2f} and over {sure.facts:>7}{sure.right:>7}{share:>8}"


def errors_as_text(score: Score) -> str:
    """Every miss and extra: table, what, the rule that fired, its sentence and the rules near it.

    For a miss the sentence is the first that holds a wanted name, and the rules near it are those
    that read something there and could have read this.
    """
    return "\n".join(line for outcome in score.outcomes for line in _error_lines(outcome))


def _error_lines(outcome: Outcome) -> Iterator[str]:
    if outcome.verdict not in ("extra", "missed"):
        return
    yield f"{outcome.source}  {outcome.table}  {outcome.verdict}  {outcome.label}"
    if outcome.found is not None:
        sure = outcome.found.confidence
        yield f"    rule  {outcome.found.rule}" + ("" if sure is None else f"  ({sure:.2f})")
    if outcome.sentence:
        yield f"    text  {outcome.sentence}"
    if outcome.verdict == "missed" and outcome.nearby:
        yield f"    near  {', '.join(outcome.nearby)}"
