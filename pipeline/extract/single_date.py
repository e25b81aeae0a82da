"""Read one date that is already cut, in whatever notation a page or a feed writes it."""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache

import dateparser

from pipeline.extract.dates import find_dates

_LANGUAGES = ["fi", "en", "sv"]
_SETTINGS = {
    "DATE_ORDER": "DMY",
    "PREFER_LOCALE_DATE_ORDER": False,
    "REQUIRE_PARTS": ["day", "month", "year"],
    "RELATIVE_BASE": datetime(2000, 1, 1),  # never the day of the run
    "PARSERS": ["absolute-time"],  # "3 vuotta sitten" is no date here
    "RETURN_AS_TIMEZONE_AWARE": False,
}
_LONGEST = 60  # a date with weekday, time and zone fits; prose does not


@lru_cache(maxsize=1024)
def read_date(text: str) -> date | None:
    """The one full day that ``text`` writes, else ``None``; never completed from a clock.

    Finnish notations and ISO are read by the date grammar, what it leaves
    (``May 3, 2024``, ``3 touko 2024 14:05``) by ``dateparser``.
    """
    finds = find_dates(text, None)
    if finds:
        days = [find.first for find in finds if find.rule == "day" and find.first]
        return days[0] if len(days) == len(finds) == 1 else None
    stripped = text.strip()
    if len(stripped) > _LONGEST or not any(char.isdigit() for char in stripped):
        return None
    parsed = dateparser.parse(stripped, languages=_LANGUAGES, settings=_SETTINGS)
    return parsed.date() if parsed else None
