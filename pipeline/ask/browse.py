"""Datasette over the SQLite file: descriptions, facets and ten questions, made from the schema."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import suppress
from errno import EADDRINUSE
from importlib.util import find_spec
from pathlib import Path
from socket import SO_REUSEADDR, SOL_SOCKET, socket
from tempfile import TemporaryDirectory
from typing import Any

import msgspec

from pipeline.ask.frames import complete_run
from pipeline.errors import PipelineError, PortUnusable
from pipeline.tables.answers import BY_NAME as VIEW
from pipeline.tables.answers import DOUBTFUL, VIEWS, View
from pipeline.tables.schema import LICENCE, PROVENANCE, TABLES, Table
from pipeline.tables.sqlite import DATABASE, FOUND, NUMBERED, listed

HOST, PORT = "127.0.0.1", 8001
PORTS = 50  # tried one after the other, where none was asked for
ANY_FORM = "any_form"  # the SQL function that ``boxes`` gives to Datasette


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """A question to choose from; ``:year`` and so on in its SQL are asked for on the page.

    One of a ``view`` shows what the view has for people: its rows ``where`` that holds, by
    ``order``. Others have ``sql`` of their own.
    """

    name: str
    finnish: str
    english: str
    view: str = ""
    where: str = ""
    order: str = ""
    sql: str = ""

    @property
    def title(self) -> str:
        """What is asked, in both languages."""
        return f"{self.finnish} / {self.english}"

    @property
    def query(self) -> str:
        """The whole SQL."""
        if not self.view:
            return self.sql
        columns = listed(shown(VIEW[self.view]))
        return f'SELECT {columns} FROM "{self.view}" WHERE {self.where} ORDER BY {self.order}'


def shown(view: View) -> tuple[str, ...]:
    """The columns of a view that tell people something: neither ids nor places in texts."""
    places = {column.name for column in PROVENANCE}
    names = (column.name for column in view.columns)
    return tuple(n for n in names if not n.endswith(("_id", "_ids")) and n not in places)


def facets(told: Table | View) -> list[str]:
    """The columns whose values the schema enumerates: codes, and what is true or false."""
    return [column.name for column in told.columns if column.enum or column.type == "boolean"]


QUESTIONS = (
    Question(
        name="kaynnissa",
        finnish="Mitkä hankkeet ovat käynnissä vuonna … ja kuka niitä johtaa",
        english="Which projects run in the year …, and who leads them",
        view="overview",
        where="kind = 'project' AND coalesce(start, \"end\") <= :year || '-12-31' "
        "AND coalesce(\"end\", start) >= :year || '-01-01'",
        order="start, name",
    ),
    Question(
        name="rahoittajat",
        finnish="Kuka rahoittaa ja paljonko, jokainen euro kerran",
        english="Who funds, and how much, each euro once",
        sql="SELECT funder, sum(eur) AS eur, count(DISTINCT project_id) AS projects FROM funding "
        "WHERE counted GROUP BY funder_id ORDER BY eur DESC",
    ),
    Question(
        name="vaki",
        finnish="Ketkä työskentelevät hankkeessa …",
        english="Who works in the project …",
        view="staff",
        where="project LIKE '%' || :project || '%'",
        order="project, person",
    ),
    Question(
        name="aikajana",
        finnish="Mitä hankkeessa … tapahtui ja milloin",
        english="What happened in the project …, and when",
        view="timeline",
        where="project LIKE '%' || :project || '%'",
        order="project, day",
    ),
    Question(
        name="alueittain",
        finnish="Hankkeet alueittain: region, subregion, municipality tai wellbeing_county",
        english="Projects by area: region, subregion, municipality or wellbeing_county",
        view="by_area",
        where="level = :level",
        order="projects DESC, area",
    ),
    Question(
        name="kumppanit",
        finnish="Kuka tekee yhteistyötä organisaation … kanssa",
        english="Who works together with the organisation …",
        view="partners",
        where="organisation LIKE '%' || :name || '%' OR other LIKE '%' || :name || '%'",
        order="projects DESC, organisation, other",
    ),
    Question(
        name="uutta",
        finnish="Mitä on julkaistu päivästä … alkaen (2023-01-01)",
        english="What was published since the day … (2023-01-01)",
        sql="SELECT published, title, source, status FROM documents WHERE published >= :since "
        "ORDER BY published DESC",
    ),
    Question(
        name="haku",
        finnish="Missä tiedotteissa lukee … missä muodossa tahansa",
        english="Which announcements say … in any form",
        sql="SELECT documents.title, documents.published, documents.source, "
        "substr(documents.text, 1, 300) AS begins FROM documents "
        f"WHERE {FOUND.format(words=f'{ANY_FORM}(:words)')} ORDER BY published DESC LIMIT 100",
    ),
    Question(
        name="epavarmat",
        finnish="Mitkä tiedot ovat epävarmoja, ja mistä lauseesta ne on luettu",
        english="Which facts are unsure, and the sentences they were read in",
        sql='SELECT f."table", f.project, f.confidence, f.rule, '
        "substr(d.text, max(1, f.start_char - 60), f.end_char - f.start_char + 120) AS words, "
        "f.source FROM facts AS f JOIN documents AS d USING (doc_id) "
        f"WHERE f.confidence < {DOUBTFUL} ORDER BY f.confidence, f.source, f.start_char",
    ),
    Question(
        name="tarkistettavaa",
        finnish="Mikä tiedotteissa tai niiden luennassa näyttää väärältä",
        english="What looks wrong in announcements, or in how they were read",
        sql='SELECT severity, "check", message_fi, source FROM checks '
        "JOIN documents USING (doc_id) "
        "ORDER BY CASE severity WHEN 'error' THEN 0 WHEN 'warning' THEN 1 ELSE 2 END",
    ),
)


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
        if facets(told):
            tables[told.name]["facets"] = facets(told)
    for name in ("document_lemmas", "document_search", "documents_fts"):
        tables[name] = {"hidden": True}
    tables[NUMBERED] |= {"fts_table": "documents_fts", "fts_pk": "rowid"}
    queries = {
        one.name: {"title": one.title, "sql": one.query, "hide_sql": True} for one in QUESTIONS
    }
    return {
        "title": "Hankkeet tiedotteista",
        "license": LICENCE["title"],
        "license_url": LICENCE["path"],
        "databases": {Path(DATABASE).stem: {"tables": tables, "queries": queries}},
    }


def write_plugins(folder: Path) -> Path:
    """Write what Datasette is to load of this package into a folder; returns that folder."""
    folder.mkdir()
    plugin = f"from {__name__.rpartition('.')[0]}.boxes import prepare_connection\n"
    (folder / "boxes.py").write_text(plugin, encoding="utf-8")
    return folder


def usable_port(asked: int | None) -> int:
    """The port that was asked for, or else the first free one from ``PORT`` on.

    Raises ``PortUnusable`` where there is none.
    """
    if asked is not None:
        return _usable(asked)
    for port in range(PORT, PORT + PORTS):
        with suppress(PortUnusable):
            return _usable(port)
    return _usable(PORT)


def _usable(port: int) -> int:
    """The port itself. Raises ``PortUnusable`` where nothing can be served on it."""
    with socket() as trial:
        # As servers do: what a server left a moment ago is free.
        trial.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)
        try:
            trial.bind((HOST, port))
        except OSError as error:
            taken = error.errno == EADDRINUSE
            why = "another program has it" if taken else error.strerror or str(error)
            raise PortUnusable(port, why) from error
    return port


def browse(outputs: Path, port: int | None = None) -> int:
    """Serve a run's SQLite file on this machine until stopped; returns the exit code.

    Raises ``PipelineError`` when Datasette is not installed, ``OutputUnusable`` without a run,
    ``PortUnusable``.
    """
    if find_spec("datasette") is None:
        raise PipelineError(
            "Datasette is not installed. In this folder `make browse` does it; elsewhere: "
            "pip install 'hankepoimuri[browse]'."
        )
    file = complete_run(outputs) / DATABASE
    port = usable_port(port)
    with TemporaryDirectory() as folder:
        described = Path(folder) / "metadata.json"
        described.write_text(json.dumps(metadata(), ensure_ascii=False), encoding="utf-8")
        plugins = write_plugins(Path(folder) / "plugins")
        command = [sys.executable, "-m", "datasette", "serve", "--immutable", str(file)]
        command += [
            "--metadata",
            str(described),
            "--plugins-dir",
            str(plugins),
            "--host",
            HOST,
            "--port",
            str(port),
        ]
        return subprocess.run(command, check=False).returncode
