"""The one definition of every table: columns, types, units, keys, codes and their meaning.

Arrow schemas, SQLite DDL, the data package, pandas dtypes, checks and ``docs/tables.md`` are all
made from ``TABLES``; nothing else in the project lists columns.
"""

from __future__ import annotations

from pipeline.tables.codes import (
    AREA_TYPES,
    ENTITY_IDS,
    ENTITY_TABLES,
    ENTITY_TYPES,
    NAME_KINDS,
    ORGANISATION_TYPES,
    PRECISIONS,
    PROJECT_KINDS,
    ROLE_CODES,
    SCHEMES,
)
from pipeline.tables.columns import PROVENANCE, Column, ForeignKey, Table, Type
from pipeline.tables.entity_tables import AREAS, DOCUMENTS, NAMES, ORGANISATIONS, PEOPLE, PROJECTS
from pipeline.tables.fact_tables import (
    BUDGETS,
    DATES,
    IDENTIFIERS,
    MENTIONS,
    PARTICIPATIONS,
    PROJECT_AREAS,
    PROJECT_LINKS,
    ROLES,
)
from pipeline.tables.made_tables import CHECKS, REGISTER_MATCHES, RESOLUTIONS

__all__ = [
    "AREA_TYPES",
    "BY_NAME",
    "ENTITY_IDS",
    "ENTITY_TABLES",
    "ENTITY_TYPES",
    "LICENCE",
    "NAME_KINDS",
    "ORGANISATION_TYPES",
    "PRECISIONS",
    "PROJECT_KINDS",
    "PROVENANCE",
    "ROLE_CODES",
    "SCHEMES",
    "TABLES",
    "Column",
    "ForeignKey",
    "Table",
    "Type",
]

LICENCE = {
    "name": "CC-BY-4.0",
    "path": "https://creativecommons.org/licenses/by/4.0/",
    "title": "Creative Commons Attribution 4.0",
}

TABLES: tuple[Table, ...] = (
    DOCUMENTS,
    PROJECTS,
    PEOPLE,
    ORGANISATIONS,
    AREAS,
    NAMES,
    MENTIONS,
    ROLES,
    PARTICIPATIONS,
    DATES,
    BUDGETS,
    PROJECT_AREAS,
    IDENTIFIERS,
    PROJECT_LINKS,
    RESOLUTIONS,
    CHECKS,
    REGISTER_MATCHES,
)

BY_NAME: dict[str, Table] = {table.name: table for table in TABLES}
