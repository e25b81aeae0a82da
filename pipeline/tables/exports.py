"""The projects as others in the field exchange them: a list like a register's, and JSON-LD.

``exports/projects_eura.csv`` has a row a project under the columns of the structural funds' public
project list; ``exports/projects.jsonld`` has schema.org ``ResearchProject`` and ``Grant``.
"""

from __future__ import annotations

import csv
import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from pipeline.tables.spreadsheets import guarded_text
from pipeline.tables.sqlite import DATABASE

FOLDER = "exports"
# Columns of the structural funds' project list (2014-2020, as the Finnish managing authority
# published it), then our own; behind each the view ``overview``'s column, or what is worked out.
EURA = {
    "Koodi": "code",
    "Rahasto": "funds",
    "Hankkeen nimi": "name",
    "Viranomainen": "authorities",
    "Aloituspvm": "start",
    "Päättymispvm": "end",
    "Toteuttajan nimi": "lead",
    "Myönnetty EU- ja valtion rahoitus": "granted_eur",
    "Kokonaisrahoitus": "total_eur",
    "Muut toteuttajat": "partners",
    "Sijainti": "areas",
    "Yhteyshenkilö": "contact",
    "Lähde": "sources",
}
_FUNDERS = """
SELECT project_id, fund, group_concat(name, '; ') AS names FROM (
    SELECT DISTINCT p.project_id, coalesce(o.type = 'fund', 0) AS fund, o.name
    FROM (SELECT project_id, organisation_id FROM participations WHERE part = 'funder'
          UNION SELECT project_id, funder_id FROM funding WHERE granted AND counted) AS p
    JOIN organisations AS o USING (organisation_id)
    -- Whoever carries the project out is no authority over it, whatever it pays.
    WHERE p.project_id IS NOT NULL AND (o.type = 'fund' OR NOT EXISTS (
        SELECT 1 FROM participations AS f
        WHERE f.project_id = p.project_id AND f.organisation_id = p.organisation_id
          AND f.part IN ('lead', 'coordinator', 'implementer')))
    ORDER BY o.name) GROUP BY project_id, fund
"""
_CODES = """
SELECT entity_id, group_concat(value, '; ') FROM (
    SELECT DISTINCT entity_id, value FROM identifiers
    WHERE scheme = 'hankekoodi' AND entity_type = 'project' ORDER BY value) GROUP BY entity_id
"""
_SOURCES = """
SELECT entity_id, group_concat(place, '; ') FROM (
    SELECT DISTINCT m.entity_id, coalesce(d.url, d.source) AS place
    FROM mentions AS m JOIN documents AS d USING (doc_id)
    WHERE m.entity_type = 'project' ORDER BY place) GROUP BY entity_id
"""
_GRANTS = """
SELECT project_id, funder, eur FROM funding
WHERE granted AND counted ORDER BY project_id, eur DESC, budget_id
"""


def write_exports(run: Path) -> None:
    """Write both exports below a run's folder, from its SQLite file."""
    folder = run / FOLDER
    folder.mkdir()
    with closing(sqlite3.connect(f"{(run / DATABASE).absolute().as_uri()}?mode=ro", uri=True)) as c:
        c.row_factory = sqlite3.Row
        codes = {row[0]: row[1] for row in c.execute(_CODES)}
        sources = {row[0]: row[1] for row in c.execute(_SOURCES)}
        funders = {(row["project_id"], row["fund"]): row["names"] for row in c.execute(_FUNDERS)}
        grants: dict[str, list[sqlite3.Row]] = {}
        for row in c.execute(_GRANTS):
            grants.setdefault(row["project_id"], []).append(row)
        projects = [
            {
                **dict(row),
                "code": codes.get(row["project_id"]),
                "sources": sources.get(row["project_id"]),
                "funds": funders.get((row["project_id"], 1)),
                "authorities": funders.get((row["project_id"], 0)),
            }
            for row in c.execute("SELECT * FROM overview WHERE kind = 'project' ORDER BY name, 1")
        ]
    _eura(folder / "projects_eura.csv", projects)
    graph = [_json_ld(project, grants.get(project["project_id"], [])) for project in projects]
    document = {"@context": "https://schema.org", "@graph": graph}
    text = json.dumps(document, ensure_ascii=False, indent=1)
    (folder / "projects.jsonld").write_text(f"{text}\n", encoding="utf-8")


def _eura(path: Path, projects: list[dict[str, Any]]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";", lineterminator="\n")
        writer.writerow(EURA)
        for project in projects:
            writer.writerow([_cell(project[column]) for column in EURA.values()])


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.2f}".replace(".", ",")
    return guarded_text(str(value))


def _json_ld(project: dict[str, Any], grants: list[sqlite3.Row]) -> dict[str, Any]:
    """A project; what is not known is left out."""
    funding = [
        _known(
            {
                "@type": "MonetaryGrant",
                "funder": _organisation(row["funder"]),
                "amount": {"@type": "MonetaryAmount", "currency": "EUR", "value": row["eur"]},
            }
        )
        for row in grants
    ]
    others = _split(project["partners"])
    return _known(
        {
            "@type": "ResearchProject",
            "@id": f"urn:hankepoimuri:{project['project_id']}",
            "name": project["name"],
            "alternateName": _split(project["other_names"]),
            "identifier": _split(project["code"]),
            "foundingDate": project["start"],
            "dissolutionDate": project["end"],
            "parentOrganization": [_organisation(name) for name in _split(project["lead"])],
            "member": [_organisation(name) for name in others],
            "funding": funding,
            "areaServed": [{"@type": "Place", "name": name} for name in _split(project["areas"])],
            "subjectOf": _split(project["sources"]),
        }
    )


def _organisation(name: str | None) -> dict[str, str] | None:
    return {"@type": "Organization", "name": name} if name else None


def _split(text: str | None) -> list[str]:
    return text.split("; ") if text else []


def _known(found: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in found.items() if value not in (None, [], "")}
