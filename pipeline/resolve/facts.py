"""Facts with the entities' ids in place of each announcement's own keys, duplicates collapsed."""

from __future__ import annotations

import duckdb
import msgspec


class FactTable(msgspec.Struct, frozen=True):
    """How one fact table is made: its id column, entity columns, value columns, what is distinct.

    ``entities`` maps an output column to the local column it comes from; ``required`` names the
    output columns that must not be null; ``once`` those whose values make two rows of one
    announcement the same fact (empty where every span counts).
    """

    name: str
    identity: str | None
    entities: tuple[tuple[str, str], ...]
    values: tuple[tuple[str, str], ...]
    once: tuple[str, ...] = ()


def _same(*names: str) -> tuple[tuple[str, str], ...]:
    return tuple((name, name) for name in names)


FACTS = (
    FactTable(
        "mentions",
        "mention_id",
        (("entity_id", "entity"),),
        _same("text", "label", "entity_type", "lemma"),
    ),
    FactTable(
        "roles",
        "role_id",
        (("person_id", "person"), ("project_id", "project"), ("organisation_id", "organisation")),
        _same("role", "role_code"),
        ("person_id", "role", "project_id", "organisation_id"),
    ),
    FactTable(
        "participations",
        "participation_id",
        (("project_id", "project"), ("organisation_id", "organisation")),
        _same("part"),
        ("project_id", "organisation_id", "part"),
    ),
    FactTable(
        "dates",
        "date_id",
        (("project_id", "project"),),
        (*_same("kind"), ("start", "first"), ("end", "last"), *_same("precision", "text")),
    ),
    FactTable(
        "budgets",
        "budget_id",
        (("project_id", "project"), ("organisation_id", "organisation")),
        _same("kind", "amount", "currency", "share_pct", "text"),
        ("project_id", "kind", "amount", "currency", "share_pct", "organisation_id"),
    ),
    FactTable(
        "project_areas",
        None,
        (("project_id", "project"), ("area_id", "area")),
        (),
        ("project_id", "area_id"),
    ),
    FactTable(
        "identifiers",
        "identifier_id",
        (("entity_id", "entity"),),
        _same("scheme", "value", "valid", "entity_type"),
    ),
    FactTable(
        "project_links",
        None,
        (("project_id", "project"), ("related_project_id", "related")),
        _same("relation"),
        ("project_id", "related_project_id", "relation"),
    ),
)


def sql(fact: FactTable) -> str:
    """The statement that makes ``out_<name>``, with ``d`` to sort announcements by."""
    columns = ["docs.d", "docs.doc_id", "f.start_char", "f.end_char", "f.rule", "f.confidence"]
    columns.append(f"f.id AS {fact.identity or 'id'}")
    joins = ["JOIN docs ON docs.rec = f.rec"]
    for column, local in fact.entities:
        ref = f"ref_{local}"
        joins.append(f"LEFT JOIN ref AS {ref} ON {ref}.e = docs.base + f.{local}")
        columns.append(f"{ref}.entity_id AS {column}")
    columns += [f'f."{local}" AS "{column}"' for column, local in fact.values]
    select = f"SELECT {', '.join(columns)} FROM local_{fact.name} AS f {' '.join(joins)}"
    if fact.once:
        # The surest reading of a fact stays; of equals the first in the text.
        select = (
            f"SELECT * FROM ({select}) QUALIFY row_number() OVER (PARTITION BY d, "
            f"{', '.join(fact.once)} ORDER BY confidence DESC, start_char, end_char, "
            f"{fact.identity or 'id'}) = 1"
        )
    if fact.name == "project_links":
        select = f"SELECT * FROM ({select}) WHERE project_id <> related_project_id"
    return f"CREATE VIEW out_{fact.name} AS {select}"


def build(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the fact tables and ``documents`` once the entities have their ids."""
    for fact in FACTS:
        connection.execute(sql(fact))
    connection.execute(
        "CREATE VIEW out_documents AS "
        "SELECT docs.d, local.* EXCLUDE (rec) FROM local_documents AS local JOIN docs USING (rec)"
    )
