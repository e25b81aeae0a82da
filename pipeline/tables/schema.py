"""The one definition of every table: columns, types, units, keys, codes and their meaning.

Arrow schemas, SQLite DDL, the data package, pandas dtypes, checks and ``docs/tables.md`` are all
made from ``TABLES``; nothing else in the project lists columns.
"""

from __future__ import annotations

from typing import Literal, get_args

import msgspec

from pipeline import records
from pipeline.tables import checks
from pipeline.tables.rules import RULES

Type = Literal["string", "integer", "number", "boolean", "date"]


class ForeignKey(msgspec.Struct, frozen=True):
    """``column`` holds ids of ``table``."""

    table: str
    column: str


class Column(msgspec.Struct, frozen=True, kw_only=True):
    """One column; ``enum`` lists the only values allowed, ``minimum``/``maximum`` the range."""

    name: str
    type: Type = "string"
    description: str
    nullable: bool = True
    unit: str | None = None
    enum: tuple[str, ...] = ()
    foreign: ForeignKey | None = None
    minimum: float | None = None
    maximum: float | None = None


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """One table; ``key`` names the columns of its primary key, ``order`` those it is sorted by."""

    name: str
    description: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    order: tuple[str, ...]
    indexes: tuple[tuple[str, ...], ...] = ()
    fact: bool = False

    def column(self, name: str) -> Column:
        """The column of that name; raises ``KeyError`` when there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"{self.name}.{name}")

    @property
    def column_names(self) -> tuple[str, ...]:
        """Names of the columns in order."""
        return tuple(column.name for column in self.columns)


LICENCE = {
    "name": "CC-BY-4.0",
    "path": "https://creativecommons.org/licenses/by/4.0/",
    "title": "Creative Commons Attribution 4.0",
}

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
PRECISIONS = get_args(records.Precision)
SCHEMES = ("hankekoodi", "diaarinumero", "y_tunnus", "url", "email", "phone")


def _text(name: str, description: str, *, nullable: bool = True) -> Column:
    return Column(name=name, description=description, nullable=nullable)


def _code(
    name: str, values: tuple[str, ...], description: str, *, nullable: bool = False
) -> Column:
    return Column(name=name, description=description, enum=values, nullable=nullable)


def _date(name: str, description: str) -> Column:
    return Column(name=name, type="date", description=description)


def _id(name: str, what: str) -> Column:
    return Column(name=name, description=f"Id of the {what}, derived from content", nullable=False)


def _ref(name: str, table: str, description: str, *, nullable: bool = True) -> Column:
    foreign = ForeignKey(table, name if not name.startswith("related_") else name[8:])
    return Column(name=name, description=description, nullable=nullable, foreign=foreign)


_ENTITY_TYPE = "Which entity table the id belongs to"

PROVENANCE = (
    Column(
        name="doc_id",
        description="Announcement the fact was read in",
        nullable=False,
        foreign=ForeignKey("documents", "doc_id"),
    ),
    Column(
        name="start_char",
        type="integer",
        unit="code points",
        nullable=False,
        minimum=0,
        description="Where the evidence starts in documents.text",
    ),
    Column(
        name="end_char",
        type="integer",
        unit="code points",
        nullable=False,
        minimum=0,
        description="Where the evidence ends in documents.text (not included)",
    ),
    Column(name="rule", nullable=False, description="Name of the rule or model that read it"),
    Column(
        name="confidence",
        type="number",
        unit="probability",
        nullable=False,
        minimum=0,
        maximum=1,
        description="How sure the reading is, from 0 to 1",
    ),
)

_ORDER = ("doc_id", "start_char", "end_char")

DOCUMENTS = Table(
    name="documents",
    description="Every announcement of the input, also those skipped or failed",
    key=("doc_id",),
    order=("source", "doc_id"),
    indexes=(("published",),),
    columns=(
        _id("doc_id", "announcement"),
        _text("source", "Path below the input folder, or the post's address", nullable=False),
        _text("url", "Web address of the announcement, where the feed or page gives one"),
        _text("title", "Title of the announcement"),
        _text("language", "ISO 639-1 code, or unknown"),
        _code("status", get_args(records.Status), "Whether facts were read"),
        _text("reason", "Why it was skipped or failed, or what was left out of it"),
        _date("published", "Day of publication"),
        _date("updated", "Day of the last update"),
        _text("repairs", "Repair steps that changed the text, with ; between"),
        Column(
            name="char_count",
            type="integer",
            unit="code points",
            minimum=0,
            nullable=False,
            description="Length of the repaired text",
        ),
        _text("raw_sha256", "SHA-256 of the raw bytes"),
        _text("text", "Repaired text; all offsets count its code points"),
    ),
)

PROJECTS = Table(
    name="projects",
    description="Named projects and programmes",
    key=("project_id",),
    order=("name", "project_id"),
    indexes=(("name",),),
    columns=(
        _id("project_id", "project"),
        _text("name", "Fullest known name, nominative, generic head dropped", nullable=False),
        _code("kind", PROJECT_KINDS, "Project, or programme that funds or contains projects"),
        _date("start_date", "First day it can have started"),
        _code("start_precision", PRECISIONS, "How exactly the start is known", nullable=True),
        _date("end_date", "Last day it can have ended"),
        _code("end_precision", PRECISIONS, "How exactly the end is known", nullable=True),
        Column(
            name="total_budget_eur",
            type="number",
            unit="EUR",
            minimum=0,
            description="Total budget",
        ),
    ),
)

PEOPLE = Table(
    name="people",
    description="People named in the announcements",
    key=("person_id",),
    order=("name", "person_id"),
    indexes=(("name",),),
    columns=(
        _id("person_id", "person"),
        _text("name", "Fullest known name, nominative, without titles or degrees", nullable=False),
        _text("given_name", "Given name"),
        _text("family_name", "Family name"),
        _text("degree", "Degree, as written"),
        _text("email", "E-mail address"),
        _text("phone", "Telephone number"),
    ),
)

ORGANISATIONS = Table(
    name="organisations",
    description="Named bodies: municipalities as actors, agencies, companies, funds, …",
    key=("organisation_id",),
    order=("name", "organisation_id"),
    indexes=(("name",),),
    columns=(
        _id("organisation_id", "organisation"),
        _text("name", "Name in the nominative", nullable=False),
        _text("acronym", "Acronym"),
        _code("type", ORGANISATION_TYPES, "What kind of body", nullable=True),
        _text("business_id", "Business ID (Y-tunnus), as text: 1234567-8"),
    ),
)

AREAS = Table(
    name="areas",
    description="Areas that announcements name, and those around them",
    key=("area_id",),
    order=("name", "area_id"),
    indexes=(("type", "code"), ("parent_id",)),
    columns=(
        _id("area_id", "area"),
        _text("name", "Name in the nominative", nullable=False),
        _code("type", AREA_TYPES, "What kind of area"),
        _text("code", "Statistics Finland's code as text: municipality 3 digits, others 2 or 3"),
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
        _text("nuts3", "Code of the NUTS 3 region it is or lies in"),
    ),
)

NAMES = Table(
    name="names",
    description="Every normalised name of every entity, the canonical one too",
    key=("entity_type", "entity_id", "name"),
    order=("entity_type", "entity_id", "name"),
    indexes=(("name",),),
    columns=(
        _code("entity_type", ENTITY_TYPES, _ENTITY_TYPE),
        _text("entity_id", "Id in the entity table of that type", nullable=False),
        _text("name", "A name in the nominative", nullable=False),
        _code("kind", NAME_KINDS, "What kind of name it is"),
    ),
)

MENTIONS = Table(
    name="mentions",
    description="Spans of text that name an entity",
    key=("mention_id",),
    order=(*_ORDER, "mention_id"),
    indexes=(("doc_id",), ("entity_type", "entity_id")),
    fact=True,
    columns=(
        _id("mention_id", "mention"),
        *PROVENANCE,
        _text("text", "The words as they stand in documents.text", nullable=False),
        _text("label", "Label of the rule or model", nullable=False),
        _code("entity_type", ENTITY_TYPES, _ENTITY_TYPE),
        _text("entity_id", "Entity named; null where it is not known which"),
        _text("lemma", "The words in the nominative"),
    ),
)

ROLES = Table(
    name="roles",
    description="Roles of people in projects and organisations",
    key=("role_id",),
    order=(*_ORDER, "role_id"),
    indexes=(("doc_id",), ("person_id",), ("project_id",), ("organisation_id",)),
    fact=True,
    columns=(
        _id("role_id", "role"),
        *PROVENANCE,
        _ref("person_id", "people", "Who has the role", nullable=False),
        _text("role", "Role in lower-case nominative singular, as titled", nullable=False),
        _code("role_code", ROLE_CODES, "Role in a controlled vocabulary"),
        _ref("project_id", "projects", "Project the role is in, where the text says"),
        _ref("organisation_id", "organisations", "Organisation, where the text says"),
    ),
)

PARTICIPATIONS = Table(
    name="participations",
    description="What part an organisation has in a project",
    key=("participation_id",),
    order=(*_ORDER, "participation_id"),
    indexes=(("doc_id",), ("project_id",), ("organisation_id",)),
    fact=True,
    columns=(
        _id("participation_id", "participation"),
        *PROVENANCE,
        _ref("project_id", "projects", "Project; null where the text names none"),
        _ref("organisation_id", "organisations", "Organisation", nullable=False),
        _code("part", get_args(records.Part), "Its part in the project"),
    ),
)

DATES = Table(
    name="dates",
    description="Dates and periods, with the first and last day an expression can mean",
    key=("date_id",),
    order=(*_ORDER, "date_id"),
    indexes=(("doc_id",), ("project_id",)),
    fact=True,
    columns=(
        _id("date_id", "date"),
        *PROVENANCE,
        _ref("project_id", "projects", "Project the date belongs to"),
        _code("kind", get_args(records.DateKind), "What the date is of"),
        _date("start", "First day; null where the start is open or unresolved"),
        _date("end", "Last day, included; null where the end is open or unresolved"),
        _code("precision", PRECISIONS, "How exactly the text says it"),
        _text("text", "The expression as it stands in documents.text", nullable=False),
    ),
)

BUDGETS = Table(
    name="budgets",
    description="Amounts of money and shares of a budget",
    key=("budget_id",),
    order=(*_ORDER, "budget_id"),
    indexes=(("doc_id",), ("project_id",), ("organisation_id",)),
    fact=True,
    columns=(
        _id("budget_id", "budget"),
        *PROVENANCE,
        _ref("project_id", "projects", "Project the money belongs to"),
        _code("kind", get_args(records.BudgetKind), "What the money is"),
        Column(
            name="amount",
            type="number",
            unit="whole units of currency",
            minimum=0,
            description="Amount; exact to the cent up to 90 trillion",
        ),
        _text("currency", "ISO 4217 code"),
        Column(
            name="share_pct",
            type="number",
            unit="percent",
            minimum=0,
            maximum=100,
            description="Share of the budget",
        ),
        _ref("organisation_id", "organisations", "Who pays, where the text says"),
        _text("text", "The expression as it stands in documents.text", nullable=False),
    ),
)

PROJECT_AREAS = Table(
    name="project_areas",
    description="Where a project is carried out or whom it serves",
    key=("project_id", "area_id", "doc_id"),
    order=(*_ORDER, "project_id", "area_id"),
    indexes=(("doc_id",), ("area_id",)),
    fact=True,
    columns=(
        _ref("project_id", "projects", "Project", nullable=False),
        _ref("area_id", "areas", "Area", nullable=False),
        *PROVENANCE,
    ),
)

IDENTIFIERS = Table(
    name="identifiers",
    description="Identifiers as registers write them",
    key=("identifier_id",),
    order=(*_ORDER, "identifier_id"),
    indexes=(("doc_id",), ("scheme", "value"), ("entity_type", "entity_id")),
    fact=True,
    columns=(
        _id("identifier_id", "identifier"),
        *PROVENANCE,
        _code("scheme", SCHEMES, "What kind of identifier"),
        _text("value", "The identifier as text", nullable=False),
        Column(
            name="valid",
            type="boolean",
            description="Whether its checksum holds; null where the scheme has none",
        ),
        _code("entity_type", ENTITY_TYPES, _ENTITY_TYPE, nullable=True),
        _text("entity_id", "Entity identified; null where it is not known"),
    ),
)

PROJECT_LINKS = Table(
    name="project_links",
    description="A project continues, or is part of, a related one",
    key=("project_id", "related_project_id", "relation", "doc_id"),
    order=(*_ORDER, "project_id", "related_project_id", "relation"),
    indexes=(("doc_id",), ("related_project_id",)),
    fact=True,
    columns=(
        _ref("project_id", "projects", "Project", nullable=False),
        _ref("related_project_id", "projects", "The project it relates to", nullable=False),
        _code("relation", get_args(records.Relation), "How they relate"),
        *PROVENANCE,
    ),
)

RESOLUTIONS = Table(
    name="resolutions",
    description="Why each announcement's entity is the entity it is: one row for each of its parts",
    key=("entity_type", "entity_id", "doc_id", "local_key"),
    order=("entity_type", "entity_id", "doc_id", "local_key"),
    indexes=(("doc_id",),),
    columns=(
        _code("entity_type", ENTITY_TYPES, _ENTITY_TYPE),
        _text("entity_id", "Id in the entity table of that type", nullable=False),
        Column(
            name="doc_id",
            description="Announcement that names the entity",
            nullable=False,
            foreign=ForeignKey("documents", "doc_id"),
        ),
        _text("local_key", "The entity's key within that announcement", nullable=False),
        _text("name", "Its name there", nullable=False),
        _code("rule", tuple(RULES), "Rule that joined it to the others"),
        _text("evidence", "What the rule saw"),
        Column(
            name="announcements",
            type="integer",
            unit="announcements",
            minimum=1,
            nullable=False,
            description="How many announcements share that evidence, this one included",
        ),
    ),
)

CHECKS = Table(
    name="checks",
    description="What looks wrong in the announcements, or in our reading of them",
    key=("check_id",),
    order=(*_ORDER, "check_id"),
    indexes=(("doc_id",), ("entity_type", "entity_id")),
    columns=(
        _id("check_id", "remark"),
        _code("check", checks.NAMES, "What was checked"),
        _code("severity", checks.SEVERITIES, "How grave it is"),
        _code("entity_type", ENTITY_TYPES, _ENTITY_TYPE, nullable=True),
        _text("entity_id", "Entity it is about"),
        _text("source_table", "Table whose row shows it", nullable=False),
        *PROVENANCE[:3],
        _text("message_fi", "What is wrong, in Finnish", nullable=False),
        _text("message_en", "What is wrong, in English", nullable=False),
    ),
)

REGISTER_MATCHES = Table(
    name="register_matches",
    description="Rows of a register (`--register`) that are projects of the announcements",
    key=("project_id", "code"),
    order=("code", "project_id"),
    indexes=(("code",),),
    columns=(
        _ref("project_id", "projects", "Project", nullable=False),
        _text("code", "Its code in the register", nullable=False),
        _text("name", "Its name in the register", nullable=False),
        _text("lead", "Who leads it, in the register"),
        _date("start", "First day, in the register"),
        _date("end", "Last day, in the register"),
        Column(
            name="granted_eur",
            type="number",
            unit="EUR",
            minimum=0,
            description="Granted, in the register",
        ),
        _code("matched_by", ("code", "name"), "What ties them"),
        _text("differences", "Where announcements and register differ, `; ` between"),
    ),
)

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
