"""The announcements, the entities that they name, and the names of these."""

from __future__ import annotations

from typing import get_args

from pipeline import records
from pipeline.tables.codes import (
    AREA_TYPES,
    NAME_KINDS,
    ORGANISATION_TYPES,
    PRECISIONS,
    PROJECT_KINDS,
)
from pipeline.tables.columns import (
    Column,
    ForeignKey,
    Table,
    code,
    day,
    entity,
    euros,
    identity,
    text,
)

DOCUMENTS = Table(
    name="documents",
    description="Every announcement of the input, also those skipped or failed",
    key=("doc_id",),
    order=("source", "doc_id"),
    indexes=(("published",),),
    columns=(
        identity("doc_id", "announcement"),
        text("source", "Path below the input folder, or the post's address", nullable=False),
        text(
            "url",
            "Web address of the announcement, where the feed or page gives one, or it was fetched",
        ),
        text("title", "Title of the announcement"),
        text("language", "ISO 639-1 code, or unknown"),
        code("status", get_args(records.Status), "Whether facts were read"),
        text("reason", "Why it was skipped or failed, or what was left out of it"),
        day("published", "Day of publication"),
        day("updated", "Day of the last update"),
        text("repairs", "Repair steps that changed the text, with ; between"),
        Column(
            name="char_count",
            type="integer",
            unit="code points",
            minimum=0,
            nullable=False,
            description="Length of the repaired text",
        ),
        text("raw_sha256", "SHA-256 of the raw bytes"),
        text("text", "Repaired text; all offsets count its code points"),
    ),
)

PROJECTS = Table(
    name="projects",
    description="Named projects and programmes",
    key=("project_id",),
    order=("name", "project_id"),
    indexes=(("name",),),
    columns=(
        identity("project_id", "project"),
        text("name", "Fullest known name, nominative, generic head dropped", nullable=False),
        code("kind", PROJECT_KINDS, "Project, or programme that funds or contains projects"),
        day("start_date", "First day it can have started"),
        code("start_precision", PRECISIONS, "How exactly the start is known", nullable=True),
        day("end_date", "Last day it can have ended"),
        code("end_precision", PRECISIONS, "How exactly the end is known", nullable=True),
        euros("total_budget_eur", "Total budget"),
    ),
)

PEOPLE = Table(
    name="people",
    description="People named in the announcements",
    key=("person_id",),
    order=("name", "person_id"),
    indexes=(("name",),),
    columns=(
        identity("person_id", "person"),
        text("name", "Fullest known name, nominative, without titles or degrees", nullable=False),
        text("given_name", "Given name"),
        text("family_name", "Family name"),
        text("degree", "Degree, as written"),
        text("email", "E-mail address"),
        text("phone", "Telephone number"),
    ),
)

ORGANISATIONS = Table(
    name="organisations",
    description="Named bodies: municipalities as actors, agencies, companies, funds, …",
    key=("organisation_id",),
    order=("name", "organisation_id"),
    indexes=(("name",),),
    columns=(
        identity("organisation_id", "organisation"),
        text("name", "Name in the nominative", nullable=False),
        text("acronym", "Acronym"),
        code("type", ORGANISATION_TYPES, "What kind of body", nullable=True),
        text("business_id", "Business ID (Y-tunnus), as text: 1234567-8"),
    ),
)

AREAS = Table(
    name="areas",
    description="Areas that announcements name, and those around them",
    key=("area_id",),
    order=("name", "area_id"),
    indexes=(("type", "code"), ("parent_id",)),
    columns=(
        identity("area_id", "area"),
        text("name", "Name in the nominative", nullable=False),
        code("type", AREA_TYPES, "What kind of area"),
        text("code", "Statistics Finland's code as text: municipality 3 digits, others 2 or 3"),
        Column(
            name="latitude",
            type="number",
            unit="degrees north (WGS 84)",
            minimum=-90,
            maximum=90,
            description="Latitude of a point that stands for the area",
        ),
        Column(
            name="longitude",
            type="number",
            unit="degrees east (WGS 84)",
            minimum=-180,
            maximum=180,
            description="Longitude of a point that stands for the area",
        ),
        Column(
            name="parent_id",
            description="A municipality's sub-region, that one's region; a village's municipality",
            foreign=ForeignKey("areas", "area_id"),
        ),
        Column(
            name="wellbeing_county_id",
            description="A municipality's wellbeing services county",
            foreign=ForeignKey("areas", "area_id"),
        ),
        text("nuts3", "Code of the NUTS 3 region it is or lies in"),
    ),
)

NAMES = Table(
    name="names",
    description="Every normalised name of every entity, the canonical one too",
    key=("entity_type", "entity_id", "name"),
    order=("entity_type", "entity_id", "name"),
    indexes=(("name",),),
    columns=(
        *entity("Id in the entity table of that type"),
        text("name", "A name in the nominative", nullable=False),
        code("kind", NAME_KINDS, "What kind of name it is"),
    ),
)
