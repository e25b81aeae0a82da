"""Who works with whom, and where."""

from __future__ import annotations

from pipeline.tables.answers.view import View, count, number, text
from pipeline.tables.codes import AREA_TYPES
from pipeline.tables.columns import code

_PARTNERS = """
WITH doing AS (
    SELECT DISTINCT f.project_id, p.name AS project, f.organisation_id, o.name
    FROM participations AS f
    JOIN projects AS p ON p.project_id = f.project_id
    JOIN organisations AS o ON o.organisation_id = f.organisation_id
    WHERE f.part <> 'funder'
)
SELECT one.organisation_id, one.name, other.organisation_id, other.name, count(*),
       group_concat(one.project, '; ')
FROM doing AS one
JOIN doing AS other ON other.project_id = one.project_id
 AND (other.name, other.organisation_id) > (one.name, one.organisation_id)
GROUP BY one.organisation_id, other.organisation_id
ORDER BY 5 DESC, 2, 4
"""

PARTNERS = View(
    name="partners",
    description="Pairs of organisations that take part in the same projects (funding aside)",
    columns=(
        text("organisation_id", "One of the two"),
        text("organisation", "Its name"),
        text("other_id", "The other"),
        text("other", "Its name"),
        count("projects", "In how many projects both take part"),
        text("project_names", "Which, `; ` between"),
    ),
    sql=_PARTNERS,
)

# The counties come from municipalities only: a sub-region may lie in several.
_AREAS = """
WITH RECURSIVE above (project_id, area_id) AS (
    SELECT project_id, area_id FROM project_areas
    UNION
    SELECT above.project_id, up.area_id
    FROM above JOIN areas AS here ON here.area_id = above.area_id
    JOIN areas AS up ON up.area_id IN (here.parent_id, here.wellbeing_county_id)
)
SELECT a.type, a.area_id, a.name, a.code, a.latitude, a.longitude, count(*),
       sum(p.total_budget_eur),
       group_concat(p.name, '; '), group_concat(p.project_id, '; ')
FROM (SELECT * FROM above ORDER BY project_id) AS above
JOIN areas AS a ON a.area_id = above.area_id
JOIN projects AS p ON p.project_id = above.project_id
WHERE p.kind = 'project'
GROUP BY a.area_id
ORDER BY a.type, 7 DESC, a.name, a.area_id
"""

BY_AREA = View(
    name="by_area",
    description="Projects by area; a project in a municipality is in its sub-region, region and "
    "wellbeing services county, too, and counts in each area that it reaches",
    columns=(
        code("level", AREA_TYPES, "Type of the area, as in areas"),
        text("area_id", "Id of the area"),
        text("area", "Its name"),
        text("code", "Its code"),
        number("latitude", "Latitude of a point that stands for it", "degrees north (WGS 84)"),
        number("longitude", "Longitude of a point that stands for it", "degrees east (WGS 84)"),
        count("projects", "How many projects"),
        number(
            "total_eur", "Their total budgets where known; a project counts in each area", "EUR"
        ),
        text("project_names", "Which, `; ` between"),
        text("project_ids", "Their ids, `; ` between"),
    ),
    sql=_AREAS,
)
