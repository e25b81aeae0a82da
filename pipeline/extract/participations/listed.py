"""Reads parts from lists of money.

``- Raahen kaupunki, Kylän kello -hanke, 41 000 €`` tells who leads, ``Lapin liitto   41 000 €`` in
a list of payers who funds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pipeline.extract.budget_payers import PARTIES
from pipeline.extract.context import Context
from pipeline.extract.finds import EntityFind
from pipeline.extract.participations.cues import PartFind
from pipeline.extract.payer_lists import payer_lines

_BESIDE = re.compile(r"\s*[,:;(/|–—-]\s*[\"”“(]?")


def from_lists(context: Context, organisations: Sequence[EntityFind]) -> Iterator[PartFind]:
    """Parts that lists of projects, and of payers, tell line by line."""
    yield from _leads(context, organisations)
    yield from _funders(context, organisations)


def _funders(context: Context, organisations: Sequence[EntityFind]) -> Iterator[PartFind]:
    """Who grants money in a list of payers; those who carry the project out pay its own part."""
    for line in payer_lines(context.text):
        payer = next((o for o in organisations if line.start <= o.start < line.named), None)
        if payer is None or payer.subtype in PARTIES:
            continue
        project = context.project_at(line.start, line.end) or (
            None if context.rows else context.main
        )
        yield PartFind(
            start=line.start,
            end=line.end,
            rule="payer-list:funder",
            confidence=0.8,
            organisation=payer,
            part="funder",
            project=project,
        )


def _leads(context: Context, organisations: Sequence[EntityFind]) -> Iterator[PartFind]:
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
