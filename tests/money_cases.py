"""Announcements of three projects with money, as tests of the views and the checks write them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import msgspec
from record_cases import READ, organisation, project, record

from pipeline.ask.loaded import Loaded
from pipeline.records import Budget, Record
from pipeline.resolve import resolve
from pipeline.tables import locked, write_outputs

BRIDGE = project("p", "Uudet sillat")
ROAD = project("q", "Kuusten siltojen tie")
PARK = project("r", "Puisto kaikille")
COUNCIL = organisation("l", "Kuusamaan liitto", subtype="regional_council")
TOWN = organisation("o", "Kuusamäen kaupunki", subtype="municipality")
FIRM = organisation("y", "Kivijoen Paja Oy", subtype="company")


@dataclass(frozen=True)
class Money:
    """An amount as a test writes it; a percentage is a share."""

    project: str | None
    kind: str
    amount: float | None = None
    payer: str | None = None
    share: float | None = None


def announced(
    source: str, *amounts: Money, published: date | None = date(2023, 5, 2), **more: object
) -> Record:
    """An announcement of three projects and bodies with those amounts, one behind the other."""
    made = record(
        source,
        [BRIDGE, ROAD, PARK, COUNCIL, TOWN, FIRM],
        [("part", "p", "o", "lead"), ("part", "p", "l", "funder"), ("part", "p", "y", "partner")],
        published,
    )
    budgets = tuple(
        Budget(
            start=at,
            end=at + 1,
            **READ,
            project=one.project,
            kind=one.kind,  # type: ignore[arg-type]
            amount=one.amount,
            currency=None if one.amount is None else "EUR",
            share_pct=one.share,
            organisation=one.payer,
            text=made.announcement.text[at : at + 1],
        )
        for at, one in enumerate(amounts)
    )
    return msgspec.structs.replace(made, budgets=budgets)


def loaded(folder: Path, records: Iterable[Record]) -> Loaded:
    with resolve(records) as tables, locked(folder) as held:
        write_outputs(tables, held)
    return Loaded(folder)
