"""Chooses the mentions of bodies: the likeliest candidates that do not share words."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

import msgspec

from pipeline.extract.finds import EntityFind


def decide(
    candidates: Sequence[EntityFind], chances: Sequence[float], least: float
) -> list[EntityFind]:
    """The accepted mentions in text order, each as sure as its probability.

    The likeliest takes its words; of equals the longer, then the first.
    """
    ranked = sorted(
        zip(candidates, chances, strict=True),
        key=lambda pair: (-pair[1], pair[0].start - pair[0].end, pair[0].start),
    )
    kept: list[EntityFind] = []
    starts: list[int] = []
    for find, sure in ranked:
        if sure < least:
            break
        at = bisect_right(starts, find.start)
        if (at and kept[at - 1].end > find.start) or (at < len(kept) and starts[at] < find.end):
            continue
        starts.insert(at, find.start)
        kept.insert(at, msgspec.structs.replace(find, confidence=round(sure, 3)))
    return kept
