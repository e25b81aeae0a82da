"""What an extractor finds: a span of text, its normalised value, the rule and a confidence.

Finds are what the modules of this room hand to one another; ``records`` holds what leaves it.
Offsets are half open and count code points of the announcement's text.
"""

from __future__ import annotations

from datetime import date

import msgspec

from pipeline.records import EntityType, Name, Precision


class Find(msgspec.Struct, frozen=True, kw_only=True):
    """A span that means something: ``text[start:end]``, read by ``rule`` (0–1 confident)."""

    start: int
    end: int
    rule: str
    confidence: float


class EntityFind(Find, frozen=True, kw_only=True):
    """A mention of a named entity with its name in the nominative.

    ``name`` is the canonical name the mention licenses; ``names`` holds it too, with all others
    (``Sosiaali- ja terveysministeriö`` and ``STM``). ``case`` is the grammatical case of the
    mention's head as UD names it (``Nom``, ``Gen``, ``Ine`` …), ``None`` where unknown.
    ``subtype`` and ``code`` are as in ``records.Entity``.
    """

    type: EntityType
    name: str
    names: tuple[Name, ...]
    label: str
    case: str | None = None
    plural: bool = False
    subtype: str | None = None
    code: str | None = None
    given_name: str | None = None
    family_name: str | None = None
    degree: str | None = None
    latitude: float | None = None
    longitude: float | None = None


class TitleFind(Find, frozen=True, kw_only=True):
    """A role title in running text; ``role`` is lower-case nominative singular."""

    role: str
    role_code: str
    case: str | None = None
    plural: bool = False


class DateFind(Find, frozen=True, kw_only=True):
    """A date expression: first and last day it can mean, ``None`` where the end is open.

    ``first_precision`` and ``last_precision`` are the two ends' own. ``relative`` says that the
    reference date was needed. A relative expression without a reference has both days ``None``.
    """

    first: date | None
    last: date | None
    precision: Precision
    first_precision: Precision | None = None
    last_precision: Precision | None = None
    relative: bool = False
    is_range: bool = False


class DurationFind(Find, frozen=True, kw_only=True):
    """A length of time (``kolmivuotinen``, ``24 kk``) in months."""

    months: float


class MoneyFind(Find, frozen=True, kw_only=True):
    """An amount: ``low`` and ``high`` differ in a range only; ``amount`` is the stated one."""

    amount: float
    currency: str
    low: float
    high: float
    approximate: bool = False


class PercentFind(Find, frozen=True, kw_only=True):
    """A percentage of 0–100."""

    percent: float


class IdentifierFind(Find, frozen=True, kw_only=True):
    """An identifier as a register writes it; ``valid`` where the scheme has a checksum."""

    scheme: str
    value: str
    valid: bool | None
