"""What stands in a text, in words that a table of cases can hold."""

from __future__ import annotations

from datetime import date

from pipeline.extract.dates import find_dates
from pipeline.extract.finds import MoneyFind
from pipeline.extract.money import find_money

REFERENCE = date(2023, 5, 2)


def told_dates(text: str) -> list[str]:
    """Each date of a text of May 2, 2023: "vuonna 2024: 2024-01-01 – 2024-12-31 (year)"."""
    return [
        f"{text[find.start : find.end]}: {find.first} – {find.last} ({find.precision})"
        for find in find_dates(text, REFERENCE)
    ]


def told_money(text: str) -> list[str]:
    """Each sum and share of a text: "50 %: 50 %", "5–7 euroa: 5.0–7.0 EUR"."""
    return [
        f"{text[find.start : find.end]}: {_sum(find)}"
        if isinstance(find, MoneyFind)
        else f"{text[find.start : find.end]}: {find.percent} %"
        for find in find_money(text)
    ]


def _sum(find: MoneyFind) -> str:
    return f"{find.low}–{find.amount} {find.currency}"
