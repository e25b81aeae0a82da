"""The columns of facts that people may put right, and what may stand in them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, get_args

from pipeline import records
from pipeline.read.container_dates import container_date
from pipeline.records import Provenance
from pipeline.tables import schema

# Of each table its struct, and of each column the field it stands for and its type: a word of a
# vocabulary, a type of entity, ``date``, ``float`` or ``str``.
Kind = tuple[str, ...] | str | type
FIELDS: Mapping[str, tuple[type[Provenance], Mapping[str, tuple[str, Kind]]]] = {
    "roles": (
        records.Role,
        {
            "person": ("person", "person"),
            "role": ("role", str),
            "role_code": ("role_code", schema.ROLE_CODES),
            "project": ("project", "project"),
            "organisation": ("organisation", "organisation"),
        },
    ),
    "participations": (
        records.Participation,
        {
            "project": ("project", "project"),
            "organisation": ("organisation", "organisation"),
            "part": ("part", get_args(records.Part)),
        },
    ),
    "dates": (
        records.DateFact,
        {
            "project": ("project", "project"),
            "kind": ("kind", get_args(records.DateKind)),
            "start": ("first", date),
            "end": ("last", date),
            "precision": ("precision", schema.PRECISIONS),
        },
    ),
    "budgets": (
        records.Budget,
        {
            "project": ("project", "project"),
            "kind": ("kind", get_args(records.BudgetKind)),
            "amount": ("amount", float),
            "currency": ("currency", str),
            "share_pct": ("share_pct", float),
            "organisation": ("organisation", "organisation"),
        },
    ),
    "project_areas": (
        records.ProjectArea,
        {"project": ("project", "project"), "area": ("area", "area")},
    ),
    "identifiers": (
        records.Identifier,
        {
            "scheme": ("scheme", schema.SCHEMES),
            "value": ("value", str),
            **{kind: ("entity", kind) for kind in schema.ENTITY_TYPES},
        },
    ),
    "project_links": (
        records.ProjectLink,
        {
            "project": ("project", "project"),
            "related_project": ("related", "project"),
            "relation": ("relation", get_args(records.Relation)),
        },
    ),
}
# What a missing fact must say, and what is meant where it doesn't.
NEEDED = {
    "roles": ("person", "role"),
    "participations": ("organisation", "part"),
    "dates": ("kind",),
    "budgets": ("kind",),
    "project_areas": ("project", "area"),
    "identifiers": ("scheme", "value"),
    "project_links": ("project", "related_project", "relation"),
}
ELSE: Mapping[str, Mapping[str, Any]] = {
    "roles": {"role_code": "other"},
    "participations": {"project": None},
    "dates": {"project": None, "first": None, "last": None, "precision": "day"},
    "budgets": dict.fromkeys(("project", "amount", "currency", "share_pct", "organisation")),
    "identifiers": {"valid": None},
}


def parsed(name: str, cell: str, kind: Kind) -> Any:
    """A cell as its column's value; of entities their name. Raises ``ValueError``."""
    if isinstance(kind, tuple):
        if cell not in kind:
            raise ValueError(f"{name} is {cell!r}, not one of {', '.join(kind)}")
        return cell
    if kind is date:
        if (day := container_date(cell)) is None:
            raise ValueError(f"{name} is {cell!r}, no date (2023-05-31 or 31.5.2023)")
        return day
    if kind is float:
        plain = "".join(cell.split()).replace(",", ".").removesuffix("€").removesuffix("%")
        try:
            return float(plain)
        except ValueError as error:
            raise ValueError(f"{name} is {cell!r}, no number") from error
    return cell
