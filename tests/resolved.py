"""Entities and facts of tests of resolving, and tables of records as frames."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from record_cases import organisation, person

from pipeline.records import Record
from pipeline.resolve import resolve
from pipeline.tables.check import problems
from pipeline.tables.schema import TABLES

LONG = "KUUSI – Kuusamäen uudet sillat"
TOWN, OTHER_TOWN = organisation("o", "Kuusamäen kaupunki"), organisation("o", "Ahdelahden kunta")
LEAD = ("part", "p", "o", "lead")
FUNDS = ("part", "p", "o", "funder")
AINO = person("h", "Aino Esimerkki")
IN_PROJECT = ("role", "h", "suunnittelija", "p")
IN_BODY = ("role", "h", "suunnittelija", None, "o")


def frames(records: Sequence[Record]) -> dict[str, pd.DataFrame]:
    """Tables of records as frames, checked."""
    with resolve(records) as tables:
        assert problems(tables) == []
        return {table.name: tables.arrow(table.name).to_pandas() for table in TABLES}


def names(found: dict[str, pd.DataFrame], table: str) -> list[str]:
    """The names in a table, sorted."""
    return sorted(found[table]["name"])
