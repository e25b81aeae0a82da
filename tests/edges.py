"""What stands in a text, in words that a table of cases can hold."""

from __future__ import annotations

from datetime import date

from pipeline.extract.dates import find_dates
from pipeline.extract.finds import DateFind, MoneyFind, PercentFind
from pipeline.extract.money import find_money

REFERENCE = date(2023, 5, 2)


def told_dates(text: str) -> list[str]:
    """Each date of a text of May 2, 2023, how exact it is, by which rule and how surely.

    "vuonna 2024: 2024-01-01 – 2024-12-31 (year; year, 0.97)"; ends that are not equally exact are
    named both, and what has no year of its own is "relative".
    """
    return [
        f"{text[find.start : find.end]}: {find.first} – {find.last} ({_exact(find)}; {_how(find)})"
        for find in find_dates(text, REFERENCE)
    ]


def _exact(find: DateFind) -> str:
    ends = find.first_precision, find.last_precision
    return find.precision if set(ends) == {find.precision} else f"{ends[0]}–{ends[1]}"


def _how(find: DateFind) -> str:
    marks = [", relative"] * find.relative + [", range"] * find.is_range
    return f"{find.rule}, {find.confidence}{''.join(marks)}"


def told_money(text: str) -> list[str]:
    """Each sum and share of a text, by which rule and how surely.

    "50 %: 50 % (percent, 0.95)", "n. 5–7 euroa: about 5.0–7.0 EUR (amount-range, 0.95)".
    """
    return [
        f"{text[find.start : find.end]}: {_sum(find)} ({find.rule}, {find.confidence})"
        for find in find_money(text)
    ]


def _sum(find: MoneyFind | PercentFind) -> str:
    if isinstance(find, PercentFind):
        return f"{find.percent} %"
    about = "about " if find.approximate else ""
    return f"{about}{find.low}–{find.high} {find.currency}"
