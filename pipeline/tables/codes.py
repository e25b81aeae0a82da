"""Controlled vocabularies: the values that columns of codes may have."""

from __future__ import annotations

from typing import get_args

from pipeline import records

ENTITY_TYPES = get_args(records.EntityType)
ENTITY_TABLES = {
    "project": "projects",
    "person": "people",
    "organisation": "organisations",
    "area": "areas",
}
ENTITY_IDS = {
    "project": "project_id",
    "person": "person_id",
    "organisation": "organisation_id",
    "area": "area_id",
}
NAME_KINDS = get_args(records.NameKind)
PROJECT_KINDS = ("project", "programme")
ORGANISATION_TYPES = (
    "municipality",
    "joint_authority",
    "wellbeing_county",
    "ministry",
    "agency",
    "university",
    "uas",
    "school",
    "association",
    "foundation",
    "parish",
    "company",
    "fund",
    "regional_council",
    "other",
)
AREA_TYPES = ("municipality", "region", "subregion", "wellbeing_county", "country", "other")
ROLE_CODES = (
    "director",
    "project_manager",
    "coordinator",
    "planner",
    "expert",
    "researcher",
    "contact",
    "communications",
    "other",
)
DATE_KINDS = get_args(records.DateKind)
PRECISIONS = get_args(records.Precision)
BUDGET_KINDS = get_args(records.BudgetKind)
SCHEMES = ("hankekoodi", "diaarinumero", "y_tunnus", "url", "email", "phone")
