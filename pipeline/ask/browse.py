"""Datasette over the SQLite file: descriptions, facets and ten questions, made from the schema."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from pipeline.ask.frames import complete_run
from pipeline.errors import PipelineError
from pipeline.tables.answers import DOUBTFUL, VIEWS, View
from pipeline.tables.schema import LICENCE, TABLES, Table
from pipeline.tables.sqlite import DATABASE, FOUND, NUMBERED

FACETS = {
    "documents": ["status", "language"],
    "projects": ["kind"],
    "organisations": ["type"],
    "areas": ["type"],
    "roles": ["role_code"],
    "participations": ["part"],
    "dates": ["kind", "precision"],
    "budgets": ["kind"],
    "identifiers": ["scheme"],
    "checks": ["severity", "check"],
    "resolutions": ["rule"],
}

# Ten questions; ``:year`` and so on are asked for on the page.
QUERIES = {
    "kaynnissa": (
        "Mitkä hankkeet ovat käynnissä vuonna … ja kuka niitä johtaa",
        "SELECT name, start, \"end\", lead, contact FROM overview WHERE kind = 'project' "
        "AND coalesce(start, \"end\") <= :year || '-12-31' "
        "AND coalesce(\"end\", start) >= :year || '-01-01' ORDER BY start",
    ),
    "rahoittajat": (
        "Kuka rahoittaa ja paljonko, jokainen euro kerran",
        "SELECT funder, sum(eur) AS eur, count(DISTINCT project_id) AS projects FROM funding "
        "WHERE counted GROUP BY funder_id ORDER BY eur DESC",
    ),
    "vaki": (
        "Ketkä työskentelevät hankkeessa …",
        "SELECT project, person, role, organisation, email, phone FROM staff "
        "WHERE project LIKE '%' || :project || '%' ORDER BY project, person",
    ),
    "aikajana": (
        "Mitä hankkeessa … tapahtui ja milloin",
        'SELECT project, day, kind, start, "end", text FROM timeline '
        "WHERE project LIKE '%' || :project || '%' ORDER BY project, day",
    ),
    "alueittain": (
        "Hankkeet alueittain: region, subregion, municipality tai wellbeing_county",
        "SELECT area, code, projects, project_names, latitude, longitude FROM by_area "
        "WHERE level = :level ORDER BY projects DESC",
    ),
    "kumppanit": (
        "Kuka tekee yhteistyötä organisaation … kanssa",
        "SELECT organisation, other, projects, project_names FROM partners "
        "WHERE organisation LIKE '%' || :name || '%' OR other LIKE '%' || :name || '%' "
        "ORDER BY projects DESC",
    ),
    "uutta": (
        "Mitä on julkaistu päivästä … alkaen (2023-01-01)",
        "SELECT published, title, source, status FROM documents WHERE published >= :since "
        "ORDER BY published DESC",
    ),
    "haku": (
        "Missä tiedotteissa lukee … (sellaisenaan tai perusmuodossa)",
        "SELECT documents.title, documents.published, documents.source, "
        "substr(documents.text, 1, 300) AS begins FROM documents "
        f"WHERE {FOUND.format(words=':words')} ORDER BY published DESC LIMIT 100",
    ),
    "epavarmat": (
        "Mitkä tiedot ovat epävarmoja, ja mistä lauseesta ne on luettu",
        'SELECT f."table", f.project, f.confidence, f.rule, '
        "substr(d.text, max(1, f.start_char - 60), f.end_char - f.start_char + 120) AS words, "
        "f.source FROM facts AS f JOIN documents AS d USING (doc_id) "
        f"WHERE f.confidence < {DOUBTFUL} ORDER BY f.confidence, f.source, f.start_char",
    ),
    "tarkistettavaa": (
        "Mikä tiedotteissa tai niiden luennassa näyttää väärältä",
        'SELECT severity, "check", message_fi, source FROM checks JOIN documents USING (doc_id) '
        "ORDER BY CASE severity WHEN 'error' THEN 0 WHEN 'warning' THEN 1 ELSE 2 END",
    ),
}


def metadata() -> dict[str, Any]:
    """What Datasette says of the tables, views and questions."""
    tables: dict[str, Any] = {}
    everything: tuple[Table | View, ...] = (*TABLES, *VIEWS)
    for told in everything:
        tables[told.name] = {
            "description": told.description,
            "columns": {
                column.name: f"{column.description}{f' ({column.unit})' if column.unit else ''}"
                for column in told.columns
            },
        }
        if told.name in FACETS:
            tables[told.name]["facets"] = FACETS[told.name]
    for name in ("document_lemmas", "document_search", "documents_fts"):
        tables[name] = {"hidden": True}
    tables[NUMBERED] |= {"fts_table": "documents_fts", "fts_pk": "rowid"}
    queries = {
        name: {"title": title, "sql": sql, "hide_sql": True}
        for name, (title, sql) in QUERIES.items()
    }
    return {
        "title": "Hankkeet tiedotteista",
        "license": LICENCE["title"],
        "license_url": LICENCE["path"],
        "databases": {Path(DATABASE).stem: {"tables": tables, "queries": queries}},
    }


def browse(outputs: Path, port: int) -> int:
    """Serve a run's SQLite file on this machine until stopped; returns the exit code.

    Raises ``PipelineError`` when Datasette is not installed, ``OutputUnusable`` without a run.
    """
    if find_spec("datasette") is None:
        raise PipelineError(
            "Datasette is not installed. In this folder `make browse` does it; elsewhere: "
            "pip install 'hankepoimuri[browse]'."
        )
    file = complete_run(outputs) / DATABASE
    with TemporaryDirectory() as folder:
        described = Path(folder) / "metadata.json"
        described.write_text(json.dumps(metadata(), ensure_ascii=False), encoding="utf-8")
        command = [sys.executable, "-m", "datasette", "serve", "--immutable", str(file)]
        command += ["--metadata", str(described), "--host", "127.0.0.1", "--port", str(port)]
        return subprocess.run(command, check=False).returncode
