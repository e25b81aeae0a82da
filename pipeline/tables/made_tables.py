"""What is made of all that: why entities are one, what looks wrong, what a register says."""

from __future__ import annotations

from pipeline.tables import checks
from pipeline.tables.columns import (
    BY_PLACE,
    PROVENANCE,
    Column,
    Table,
    code,
    day,
    entity,
    euros,
    identity,
    reference,
    text,
)
from pipeline.tables.rules import RULES

RESOLUTIONS = Table(
    name="resolutions",
    description="Why each announcement's entity is the entity it is: one row for each of its parts",
    key=("entity_type", "entity_id", "doc_id", "local_key"),
    order=("entity_type", "entity_id", "doc_id", "local_key"),
    indexes=(("doc_id",),),
    columns=(
        *entity("Id in the entity table of that type"),
        reference("doc_id", "documents", "Announcement that names the entity", nullable=False),
        text("local_key", "The entity's key within that announcement", nullable=False),
        text("name", "Its name there", nullable=False),
        code("rule", tuple(RULES), "Rule that joined it to the others"),
        text("evidence", "What the rule saw"),
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
    order=(*BY_PLACE, "check_id"),
    indexes=(("doc_id",), ("entity_type", "entity_id")),
    columns=(
        identity("check_id", "remark"),
        code("check", checks.NAMES, "What was checked"),
        code("severity", checks.SEVERITIES, "How grave it is"),
        *entity("Entity it is about", typed=False, known=False),
        text("source_table", "Table whose row shows it", nullable=False),
        *PROVENANCE[:3],
        text("message_fi", "What is wrong, in Finnish", nullable=False),
        text("message_en", "What is wrong, in English", nullable=False),
    ),
)

REGISTER_MATCHES = Table(
    name="register_matches",
    description="Rows of a register (`--register`) that are projects of the announcements",
    key=("project_id", "code"),
    order=("code", "project_id"),
    indexes=(("code",),),
    columns=(
        reference("project_id", "projects", "Project", nullable=False),
        text("code", "Its code in the register", nullable=False),
        text("name", "Its name in the register", nullable=False),
        text("lead", "Who leads it, in the register"),
        day("start", "First day, in the register"),
        day("end", "Last day, in the register"),
        euros("granted_eur", "Granted, in the register"),
        code("matched_by", ("code", "name"), "What ties them"),
        text("differences", "Where announcements and register differ, `; ` between"),
    ),
)
