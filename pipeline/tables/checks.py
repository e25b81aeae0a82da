"""The checks of ``checks.check``: what each looks for, how grave it is, and its two sentences."""

from __future__ import annotations

from typing import Literal, get_args

import msgspec

Severity = Literal["error", "warning", "note"]
SEVERITIES = get_args(Severity)


class Check(msgspec.Struct, frozen=True):
    """A check; ``{a}`` and ``{b}`` in its sentences stand for what it found."""

    name: str
    severity: Severity
    meaning: str
    finnish: str
    english: str


CHECKS = (
    Check(
        "end_before_start",
        "error",
        "A project ends before it starts",
        "Hanke päättyy ({a}) ennen kuin se alkaa ({b}).",
        "The project ends ({a}) before it starts ({b}).",
    ),
    Check(
        "far_date",
        "warning",
        "A project's date lies before 1990 or more than twenty years ahead",
        "Päiväys ”{a}” on kaukana: onko vuosi oikein?",
        "The date “{a}” is far off: is the year right?",
    ),
    Check(
        "two_periods",
        "warning",
        "A project has two different periods",
        "Hankkeella on kaksi eri kestoa: ”{a}” ja {b}.",
        "The project has two different periods: “{a}” and {b}.",
    ),
    Check(
        "grant_above_total",
        "error",
        "A part of the funding is more than the total",
        "Rahoitus {a} on enemmän kuin kokonaisbudjetti {b}.",
        "The funding of {a} is more than the total budget of {b}.",
    ),
    Check(
        "parts_above_total",
        "warning",
        "What the payers of a project give is together more than its total budget",
        "Rahoittajat antavat yhteensä {a}, enemmän kuin kokonaisbudjetti {b}.",
        "The payers give {a} together, more than the total budget of {b}.",
    ),
    Check(
        "two_totals",
        "warning",
        "A project has two different total budgets",
        "Hankkeella on kaksi eri kokonaisbudjettia: {a} ja {b}.",
        "The project has two different total budgets: {a} and {b}.",
    ),
    Check(
        "shares_above_100",
        "error",
        "Shares of a project's funding add up to more than 100 %",
        "Rahoitusosuudet ovat yhteensä {a}.",
        "The shares of the funding add up to {a}.",
    ),
    Check(
        "share_without_payer",
        "note",
        "A share of the funding has no payer",
        "Osuus {a}, mutta kenen?",
        "A share of {a}, but whose?",
    ),
    Check(
        "no_lead",
        "warning",
        "Two of a project's money, time and staff are told, but not who carries it out",
        "Hankkeesta ”{a}” kerrotaan paljon, muttei kuka sen toteuttaa.",
        "Much is told of the project “{a}”, but not who carries it out.",
    ),
    Check(
        "bad_y_tunnus",
        "error",
        "A business ID fails its check digit",
        "Y-tunnuksen {a} tarkistusnumero ei täsmää.",
        "The business ID {a} fails its check digit.",
    ),
    Check(
        "unknown_code",
        "warning",
        "A project code has no known form",
        "Hankekoodi {a} ei ole tunnettua muotoa.",
        "The project code {a} has no known form.",
    ),
)
NAMES = tuple(check.name for check in CHECKS)
