"""Every fact of every table in one list, with the words it was read from."""

from __future__ import annotations

from pipeline.tables.answers.view import View, count, number, text
from pipeline.tables.columns import code

DOUBTFUL = 0.7
"""Facts of less confidence than this are called unsure, wherever they are shown."""

# Of each table the rows, ``f``, that say something: no dates and amounts of nothing in particular.
SAYING = {
    "roles": "TRUE",
    "participations": "TRUE",
    "dates": "f.kind <> 'other' OR f.project_id IS NOT NULL",
    "budgets": "f.kind <> 'other' OR f.project_id IS NOT NULL",
    "project_areas": "TRUE",
    "project_links": "TRUE",
    "identifiers": "TRUE",
}
_PLACE = "doc_id, start_char, end_char, rule, confidence"


def _of(table: str, where: str) -> str:
    project = "project_id"
    if table == "identifiers":
        project = "CASE entity_type WHEN 'project' THEN entity_id END"
    columns = f"'{table}' AS of_table, {project} AS project_id, {_PLACE}"
    return f"SELECT {columns} FROM {table} AS f WHERE {where}"


_ALL = "\n    UNION ALL ".join(_of(table, where) for table, where in SAYING.items())

FACTS = View(
    name="facts",
    description="Every fact of every table with the words it was read from, the least sure first; "
    f"those of less confidence than {DOUBTFUL} are called unsure",
    columns=(
        code("table", tuple(SAYING), "Table that it is a row of"),
        text("project_id", "Project that it is about"),
        text("project", "Its name"),
        text("words", "The words it was read from"),
        text("source", "The announcement's file or address"),
        text("doc_id", "Announcement"),
        count("start_char", "Where the words start in documents.text"),
        count("end_char", "Where the words end in documents.text (not included)"),
        text("rule", "Rule or model that read it"),
        number("confidence", "How sure the reading is, from 0 to 1"),
    ),
    sql=f"""
SELECT f.of_table, f.project_id, p.name,
       substr(d.text, f.start_char + 1, f.end_char - f.start_char), d.source,
       f.doc_id, f.start_char, f.end_char, f.rule, f.confidence
FROM (
    {_ALL}
) AS f
JOIN documents AS d USING (doc_id)
LEFT JOIN projects AS p ON p.project_id = f.project_id
ORDER BY f.confidence, f.doc_id, f.start_char, f.end_char, f.of_table, f.project_id
""",
)
