"""Dates that a container states: a feed's column, a page's metadata. Never from running text."""

from __future__ import annotations

import re
from datetime import date, datetime
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

_HELSINKI = ZoneInfo("Europe/Helsinki")  # an instant in UTC is a date where its readers are
_ISO_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?!\d)")
_FINNISH_DAY = re.compile(r"(?<!\d)(\d{1,2})[./]\s?(\d{1,2})[./]\s?(\d{4})(?!\d)")
_YEARS = range(1990, 2100)


def container_date(value: object) -> date | None:
    """The day that a stated date or time means in Finland, or ``None`` when it is none.

    Reads ISO 8601 dates and times ("2023-05-24T09:30:00+03:00"), Finnish dates ("24.5.2023",
    "24.5.2023 klo 9.30", "24/5/2023") and RFC 2822 ("Wed, 24 May 2023 09:30:00 +0300").
    """
    if isinstance(value, datetime):
        return _in_finland(value)
    if isinstance(value, date):
        return value
    if not isinstance(value, str):
        return None
    text = value.strip()
    return _iso(text) or _finnish(text) or _rfc(text)


def _iso(text: str) -> date | None:
    match = _ISO_DAY.match(text)
    if match is None:
        return None
    try:
        return _in_finland(datetime.fromisoformat(text.replace(" +", "+")))
    except ValueError:
        return _day(int(match[1]), int(match[2]), int(match[3]))


def _finnish(text: str) -> date | None:
    match = _FINNISH_DAY.search(text)
    return _day(int(match[3]), int(match[2]), int(match[1])) if match else None


def _rfc(text: str) -> date | None:
    try:
        return _in_finland(parsedate_to_datetime(text))
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _in_finland(moment: datetime) -> date | None:
    try:
        local = moment if moment.tzinfo is None else moment.astimezone(_HELSINKI)
    except (OverflowError, ValueError):
        return None
    return _day(local.year, local.month, local.day)


def _day(year: int, month: int, day: int) -> date | None:
    if year not in _YEARS:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None
