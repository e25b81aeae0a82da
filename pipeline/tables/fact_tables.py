"""What announcements say: facts, each with its place in a text."""

from __future__ import annotations

from typing import get_args

from pipeline import records
from pipeline.tables.codes import BUDGET_KINDS, DATE_KINDS, PRECISIONS, ROLE_CODES, SCHEMES
from pipeline.tables.columns import (
    BY_PLACE,
    PROVENANCE,
    Column,
    Table,
    code,
    day,
    entity,
    identity,
    reference,
    text,
)

MENTIONS = Table(
    name="mentions",
    description="Spans of text that name an entity",
    key=("mention_id",),
    order=(*BY_PLACE, "mention_id"),
    indexes=(("doc_id",), ("entity_type", "entity_id")),
    fact=True,
    columns=(
        identity("mention_id", "mention"),
        *PROVENANCE,
        text("text", "The words as they stand in documents.text", nullable=False),
        text("label", "Label of the rule or model", nullable=False),
        *entity("Entity named; null where it is not known which", known=False),
        text("lemma", "The words in the nominative"),
    ),
)

ROLES = Table(
    name="roles",
    description="Roles of people in projects and organisations",
    key=("role_id",),
    order=(*BY_PLACE, "role_id"),
    indexes=(("doc_id",), ("person_id",), ("project_id",), ("organisation_id",)),
    fact=True,
    columns=(
        identity("role_id", "role"),
        *PROVENANCE,
        reference("person_id", "people", "Who has the role", nullable=False),
        text("role", "Role in lower-case nominative singular, as titled", nullable=False),
        code("role_code", ROLE_CODES, "Role in a controlled vocabulary"),
        reference("project_id", "projects", "Project the role is in, where the text says"),
        reference("organisation_id", "organisations", "Organisation, where the text says"),
    ),
)

PARTICIPATIONS = Table(
    name="participations",
    description="What part an organisation has in a project",
    key=("participation_id",),
    order=(*BY_PLACE, "participation_id"),
    indexes=(("doc_id",), ("project_id",), ("organisation_id",)),
    fact=True,
    columns=(
        identity("participation_id", "participation"),
        *PROVENANCE,
        reference("project_id", "projects", "Project; null where the text names none"),
        reference("organisation_id", "organisations", "Organisation", nullable=False),
        code("part", get_args(records.Part), "Its part in the project"),
    ),
)

DATES = Table(
    name="dates",
    description="Dates and periods, with the first and last day an expression can mean",
    key=("date_id",),
    order=(*BY_PLACE, "date_id"),
    indexes=(("doc_id",), ("project_id",)),
    fact=True,
    columns=(
        identity("date_id", "date"),
        *PROVENANCE,
        reference("project_id", "projects", "Project the date belongs to"),
        code("kind", DATE_KINDS, "What the date is of"),
        day("start", "First day; null where the start is open or unresolved"),
        day("end", "Last day, included; null where the end is open or unresolved"),
        code("precision", PRECISIONS, "How exactly the text says it"),
        text("text", "The expression as it stands in documents.text", nullable=False),
    ),
)

BUDGETS = Table(
    name="budgets",
    description="Amounts of money and shares of a budget",
    key=("budget_id",),
    order=(*BY_PLACE, "budget_id"),
    indexes=(("doc_id",), ("project_id",), ("organisation_id",)),
    fact=True,
    columns=(
        identity("budget_id", "budget"),
        *PROVENANCE,
        reference("project_id", "projects", "Project the money belongs to"),
        code("kind", BUDGET_KINDS, "What the money is"),
        Column(
            name="amount",
            type="number",
            unit="whole units of currency",
            minimum=0,
            description="Amount; exact to the cent up to 90 trillion",
        ),
        text("currency", "ISO 4217 code"),
        Column(
            name="share_pct",
            type="number",
            unit="percent",
            minimum=0,
            maximum=100,
            description="Share of the budget",
        ),
        reference("organisation_id", "organisations", "Who pays, where the text says"),
        text("text", "The expression as it stands in documents.text", nullable=False),
    ),
)

PROJECT_AREAS = Table(
    name="project_areas",
    description="Where a project is carried out or whom it serves",
    key=("project_id", "area_id", "doc_id"),
    order=(*BY_PLACE, "project_id", "area_id"),
    indexes=(("doc_id",), ("area_id",)),
    fact=True,
    columns=(
        reference("project_id", "projects", "Project", nullable=False),
        reference("area_id", "areas", "Area", nullable=False),
        *PROVENANCE,
    ),
)

IDENTIFIERS = Table(
    name="identifiers",
    description="Identifiers as registers write them",
    key=("identifier_id",),
    order=(*BY_PLACE, "identifier_id"),
    indexes=(("doc_id",), ("scheme", "value"), ("entity_type", "entity_id")),
    fact=True,
    columns=(
        identity("identifier_id", "identifier"),
        *PROVENANCE,
        code("scheme", SCHEMES, "What kind of identifier"),
        text("value", "The identifier as text", nullable=False),
        Column(
            name="valid",
            type="boolean",
            description="Whether its checksum holds; null where the scheme has none",
        ),
        *entity("Entity identified; null where it is not known", typed=False, known=False),
    ),
)

PROJECT_LINKS = Table(
    name="project_links",
    description="A project continues, or is part of, a related one",
    key=("project_id", "related_project_id", "relation", "doc_id"),
    order=(*BY_PLACE, "project_id", "related_project_id", "relation"),
    indexes=(("doc_id",), ("related_project_id",)),
    fact=True,
    columns=(
        reference("project_id", "projects", "Project", nullable=False),
        reference("related_project_id", "projects", "The project it relates to", nullable=False),
        code("relation", get_args(records.Relation), "How they relate"),
        *PROVENANCE,
    ),
)
