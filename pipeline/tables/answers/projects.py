"""Projects at a glance, who works in them, what happened when."""

from __future__ import annotations

from pipeline.tables.answers.view import PLACE, View, count, day, euros, number, text
from pipeline.tables.codes import DATE_KINDS, PRECISIONS, PROJECT_KINDS, ROLE_CODES
from pipeline.tables.columns import code


def _joined(names: str) -> str:
    """The names that a query gives, in its order, as one text."""
    return f"(SELECT group_concat(name, '; ') FROM ({names}))"


def _bodies(facts: str) -> str:
    """The organisations of the project's rows of ``facts``, the surest first."""
    return _joined(f"""
        SELECT o.name FROM {facts} AS f JOIN organisations AS o USING (organisation_id)
        WHERE f.project_id = p.project_id
        GROUP BY o.organisation_id ORDER BY max(f.confidence) DESC, count(*) DESC, o.name""")


_OTHER_NAMES = """
    SELECT name FROM names WHERE entity_type = 'project' AND entity_id = p.project_id
    AND name <> p.name ORDER BY name"""
_AREAS = """
    SELECT DISTINCT a.name FROM project_areas AS f JOIN areas AS a USING (area_id)
    WHERE f.project_id = p.project_id ORDER BY a.name"""
# Who leads: where nobody is said to, who coordinates; or else the one body that carries it out.
LEADS = """
    SELECT * FROM participations WHERE part = 'lead'
    UNION ALL SELECT * FROM participations AS f WHERE part = 'coordinator' AND NOT EXISTS (
        SELECT 1 FROM participations AS l WHERE l.project_id = f.project_id AND l.part = 'lead')
    UNION ALL SELECT * FROM participations AS f WHERE part = 'implementer' AND NOT EXISTS (
        SELECT 1 FROM participations AS l WHERE l.project_id = f.project_id
        AND (l.part IN ('lead', 'coordinator')
             OR l.part = 'implementer' AND l.organisation_id <> f.organisation_id))
""".strip()
# Tables of facts that belong to projects.
_FACTS = "\n    UNION ALL ".join(
    f"SELECT project_id, doc_id, confidence FROM {table}"
    for table in ("roles", "participations", "dates", "budgets", "project_areas")
)

_OVERVIEW = f"""
WITH facts (project_id, doc_id, confidence) AS (
    {_FACTS}
    UNION ALL SELECT entity_id, doc_id, confidence FROM mentions WHERE entity_type = 'project'
), known AS (
    SELECT project_id, count(DISTINCT doc_id) AS announcements, min(confidence) AS lowest,
           min(d.published) AS first_published, max(d.published) AS last_published
    FROM facts JOIN documents AS d USING (doc_id)
    WHERE project_id IS NOT NULL GROUP BY project_id
), leads AS (
    {LEADS}
), others AS (
    SELECT * FROM participations AS f
    WHERE part IN ('coordinator', 'implementer', 'partner') AND NOT EXISTS (
        SELECT 1 FROM leads
        WHERE leads.project_id = f.project_id AND leads.organisation_id = f.organisation_id)
), grants AS (
    SELECT project_id, funder_id AS organisation_id, eur, confidence FROM funding
    WHERE granted AND counted
), funders AS (
    SELECT project_id, organisation_id, confidence FROM participations WHERE part = 'funder'
    UNION ALL SELECT project_id, organisation_id, confidence FROM grants
    WHERE organisation_id IS NOT NULL
), paid AS (
    SELECT project_id, sum(eur) AS granted FROM grants GROUP BY project_id
)
SELECT p.project_id, p.name,
       {_joined(_OTHER_NAMES)},
       p.kind, p.start_date, p.end_date,
       {_bodies("leads")},
       {_bodies("funders")},
       {_bodies("others")},
       p.total_budget_eur, paid.granted,
       {_joined(_AREAS)},
       (SELECT h.name || coalesce(' (' ||
                   coalesce(h.email || ' / ' || h.phone, h.email, h.phone) || ')', '')
        FROM roles AS f JOIN people AS h USING (person_id)
        WHERE f.project_id = p.project_id
        ORDER BY CASE f.role_code WHEN 'contact' THEN 0 WHEN 'project_manager' THEN 1
                 WHEN 'director' THEN 2 WHEN 'coordinator' THEN 3 ELSE 4 END,
                 h.email IS NULL, f.confidence DESC, h.name LIMIT 1),
       coalesce(known.announcements, 0), known.first_published, known.last_published, known.lowest
FROM projects AS p
LEFT JOIN known ON known.project_id = p.project_id
LEFT JOIN paid ON paid.project_id = p.project_id
ORDER BY p.name, p.project_id
"""

OVERVIEW = View(
    name="overview",
    description="A row a project or programme: what there is to know of it at a glance",
    columns=(
        text("project_id", "Id of the project"),
        text("name", "Fullest known name"),
        text("other_names", "Its other names, `; ` between"),
        code("kind", PROJECT_KINDS, "Project or programme"),
        day("start", "First day it can have started"),
        day("end", "Last day it can have ended"),
        text(
            "lead",
            "Who leads it, or else coordinates it, or else is the only one to carry it out; `; ` "
            "between, the surest first",
        ),
        text("funders", "Who funds it, or has granted it money"),
        text("partners", "Who else takes part, besides the lead and funders"),
        euros("total_eur", "Total budget"),
        euros(
            "granted_eur",
            "What funders have granted, no euro twice: the sum of the rows of `funding` that are "
            "`granted` and `counted`",
        ),
        text("areas", "Where it is carried out, or whom it serves"),
        text("contact", "Whom to ask: name (e-mail address / telephone number)"),
        count("announcements", "How many announcements know it"),
        day("first_published", "When the first of them was published"),
        day("last_published", "When the last of them was published"),
        number("lowest_confidence", "Confidence of the least sure fact about it"),
    ),
    sql=_OVERVIEW,
    needs=("funding",),
)

_STAFF = """
SELECT project_id, project, person_id, person, role, role_code, organisation_id, organisation,
       email, phone, announcements, doc_id, start_char, end_char, rule, confidence
FROM (
    SELECT f.project_id, p.name AS project, f.person_id, h.name AS person, f.role, f.role_code,
           coalesce(f.organisation_id, employer.organisation_id) AS organisation_id,
           o.name AS organisation, h.email, h.phone,
           said.announcements,
           f.doc_id, f.start_char, f.end_char, f.rule, f.confidence,
           row_number() OVER (PARTITION BY f.project_id, f.person_id, f.role
               ORDER BY f.confidence DESC, f.organisation_id IS NULL, f.doc_id, f.start_char
           ) AS best
    FROM roles AS f
    JOIN people AS h ON h.person_id = f.person_id
    LEFT JOIN projects AS p ON p.project_id = f.project_id
    -- Where a sentence names no employer, one that another sentence names.
    LEFT JOIN (SELECT person_id, min(organisation_id) AS organisation_id FROM roles
               WHERE organisation_id IS NOT NULL GROUP BY person_id
               HAVING count(DISTINCT organisation_id) = 1) AS employer
      ON employer.person_id = f.person_id
    LEFT JOIN organisations AS o
      ON o.organisation_id = coalesce(f.organisation_id, employer.organisation_id)
    JOIN (SELECT project_id, person_id, role, count(DISTINCT doc_id) AS announcements
          FROM roles GROUP BY project_id, person_id, role) AS said
      ON said.person_id = f.person_id AND said.role = f.role
     AND coalesce(said.project_id, '') = coalesce(f.project_id, '')
)
WHERE best = 1
ORDER BY project IS NULL, project, person, role
"""

STAFF = View(
    name="staff",
    description="People and their roles, a row a person, role and project",
    columns=(
        text("project_id", "Project the role is in; null where it is in an organisation only"),
        text("project", "Its name"),
        text("person_id", "Who has the role"),
        text("person", "Name of the person"),
        text("role", "Role as titled"),
        code("role_code", ROLE_CODES, "Role in a controlled vocabulary"),
        text("organisation_id", "Employer, where some announcement says"),
        text("organisation", "Its name"),
        text("email", "E-mail address"),
        text("phone", "Telephone number"),
        count("announcements", "How many announcements say so"),
        *PLACE,
    ),
    sql=_STAFF,
)

_TIMELINE = """
SELECT coalesce(f.start, f."end"), f.start, f."end", f.kind, f.project_id, p.name, f.precision,
       f.text, f.doc_id, f.start_char, f.end_char, f.rule, f.confidence
FROM dates AS f LEFT JOIN projects AS p ON p.project_id = f.project_id
WHERE coalesce(f.start, f."end") IS NOT NULL
ORDER BY 1, f.kind, p.name, f.doc_id, f.start_char
"""

TIMELINE = View(
    name="timeline",
    description="What happened when: every dated fact, in the order of time",
    columns=(
        day("day", "First day known of it"),
        day("start", "First day; null where the start is open"),
        day("end", "Last day, included; null where the end is open"),
        code("kind", DATE_KINDS, "What the date is of, as in dates"),
        text("project_id", "Project the date belongs to"),
        text("project", "Its name"),
        code("precision", PRECISIONS, "How exactly the text says it"),
        text("text", "The expression as it stands in the announcement"),
        *PLACE,
    ),
    sql=_TIMELINE,
)
