"""SQL that makes each table without people from the table with them.

``was`` holds the tables as they were, ``masked`` the announcements with names masked,
``people_map`` the people's new ids and names, ``masked_names`` names of others that held one.
"""

from __future__ import annotations

from pipeline.tables.schema import Column, Table

_PERSON = "t.entity_type = 'person'"
_SLICE = "substring(d.text, t.start_char + 1, t.end_char - t.start_char)"
_WAS_SLICE = "substring(o.text, t.start_char + 1, t.end_char - t.start_char)"
_NOTHING = "CAST(NULL AS VARCHAR)"
# Columns of text, by table, that may repeat the name of something that holds a person's.
SENTENCES = {
    "checks": ("message_fi", "message_en"),
    "register_matches": ("name", "lead", "differences"),
}
_PRIVATE = ("given_name", "family_name", "degree", "email", "phone")


def statement(table: Table) -> str:
    """The query for a table's rows, in its order."""
    columns = ", ".join(f'{_value(table, column)} AS "{column.name}"' for column in table.columns)
    joins = [f"was.{table.name} AS t"]
    if "person_id" in table.column_names:
        joins.append("LEFT JOIN people_map AS p ON p.person_id = t.person_id")
    if "entity_id" in table.column_names:
        joins.append(f"LEFT JOIN people_map AS e ON {_PERSON} AND e.person_id = t.entity_id")
    if "name" in table.column_names:
        joins.append("LEFT JOIN masked_names AS n ON n.name = t.name")
    order = ", ".join(f'"{name}"' for name in table.order)
    where = ""
    if table.fact:
        joins.append("JOIN masked AS d ON d.doc_id = t.doc_id")
        joins.append("JOIN was.documents AS o ON o.doc_id = t.doc_id")
        order = order.replace('"doc_id"', 'place, "doc_id"', 1)
        columns += ", d.source AS place"
    if table.name == "identifiers":
        where = f" WHERE t.scheme NOT IN ('email', 'phone') AND {_SLICE} = {_WAS_SLICE}"
    query = f"SELECT DISTINCT {columns} FROM {' '.join(joins)}{where}"
    if table.name == "names":
        # A person's names become one.
        query = (
            f"SELECT * FROM ({query}) QUALIFY row_number() OVER "
            "(PARTITION BY entity_type, entity_id, name ORDER BY kind) = 1"
        )
    names = ", ".join(f'"{name}"' for name in table.column_names)
    return f"SELECT {names} FROM ({query}) ORDER BY {order}"


def _value(table: Table, column: Column) -> str:
    name = column.name
    plain = f't."{name}"'
    if name == "person_id":
        return "p.id"
    if table.name == "people":
        return "p.label" if name == "name" else _NOTHING if name in _PRIVATE else plain
    if name in SENTENCES.get(table.name, ()):
        return f"coalesce((SELECT s.masked FROM masked_names AS s WHERE s.name = {plain}), {plain})"
    if name == "entity_id":
        return f"CASE WHEN {_PERSON} THEN e.id ELSE {plain} END"
    if name == "name":
        masked = f"coalesce(n.masked, {plain})"
        persons = f"CASE WHEN {_PERSON} THEN e.label ELSE {masked} END"
        return persons if "entity_type" in table.column_names else masked
    if name == "local_key":
        number = "row_number() OVER (PARTITION BY t.doc_id ORDER BY t.entity_type, t.local_key)"
        return f"CASE WHEN {_PERSON} THEN 'person ' || {number} ELSE {plain} END"
    if name == "evidence":
        return _NOTHING  # what joined two may be a name
    if name == "text":
        return _SLICE
    if name == "lemma":
        return f"CASE WHEN {_SLICE} = {_WAS_SLICE} THEN {plain} END"
    return plain
