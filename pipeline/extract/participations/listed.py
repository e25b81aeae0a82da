"""Reads leads from lists of granted money: ``- Raahen kaupunki, Kylän kello -hanke, 41 000 €``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pipeline.extract.context import Context
from pipeline.extract.finds import EntityFind
from pipeline.extract.participations.cues import PartFind

_BESIDE = re.compile(r"\s*[,:;(/|–—-]\s*[\"”“(]?")


def from_lists(context: Context, organisations: Sequence[EntityFind]) -> Iterator[PartFind]:
    """The body beside the project's name on its line is the one that carries it."""
    for item in context.items:
        name = item.mention
        for body in organisations:
            if not item.start <= body.start < item.end or body.case not in {"Nom", None}:
                continue
            low, high = min(body.end, name.end), max(body.start, name.start)
            if _BESIDE.fullmatch(context.text, low, high):
                yield PartFind(
                    start=min(body.start, name.start),
                    end=max(body.end, name.end),
                    rule="listed:lead",
                    confidence=0.8,
                    organisation=body,
                    part="lead",
                    project=item.project,
                )
                break
