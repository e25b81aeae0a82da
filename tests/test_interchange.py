"""What others read: the data package, Datasette, a list like a register's, JSON-LD."""

from __future__ import annotations

import asyncio
import csv
import json
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from socket import socket
from typing import Any
from urllib.parse import urlencode

import pytest
from datasette.app import Datasette
from frictionless import validate
from record_cases import area, organisation, person, project, record

from pipeline.ask import browse
from pipeline.ask.browse import QUESTIONS, facets, metadata, shown, write_plugins
from pipeline.ask.frames import database
from pipeline.cli import main
from pipeline.records import Record
from pipeline.resolve import resolve
from pipeline.tables import locked, write_outputs
from pipeline.tables.answers import BY_NAME as VIEW
from pipeline.tables.answers import VIEWS
from pipeline.tables.exports import EURA
from pipeline.tables.publish import current
from pipeline.tables.schema import TABLES


def made(folder: Path, *posts: Record) -> Path:
    """The folder of a run on those announcements."""
    with resolve(posts) as tables, locked(folder) as held:
        write_outputs(tables, held, lemmas=lambda texts: dict.fromkeys(texts, "silta uusi"))
    return current(folder)


def exported(run: Path) -> tuple[dict[str, str], dict[str, Any]]:
    """The one project of a run, as a row of the list and in JSON-LD."""
    with (run / "exports" / "projects_eura.csv").open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file, delimiter=";")
    (node,) = json.loads((run / "exports" / "projects.jsonld").read_text("utf-8"))["@graph"]
    return row, node


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of one run."""
    folder = tmp_path_factory.mktemp("outputs")
    entities = [
        project("p", "Uudet sillat", ("SILTA", "acronym")),
        organisation("o", "Kuusamäen kaupunki"),
        organisation("l", "=Kuusamaan liitto"),
        person("h", "Aino Esimerkki", phone="+358401234567"),
        area("a", "Kaavi", "204"),
    ]
    facts = [
        ("part", "p", "o", "lead"),
        ("part", "p", "l", "funder"),
        ("role", "h", "projektipäällikkö", "p", "o"),
        ("date", "p", "project_start", date(2023, 1, 1), date(2023, 1, 1)),
        ("date", "p", "project_end", date(2024, 6, 30), date(2024, 6, 30)),
        ("total", "p", 100_000.0),
        ("area", "p", "a"),
        ("id", "hankekoodi", "S23187", "project", "p"),
    ]
    return made(folder, record("a.txt", entities, facts, date(2023, 2, 1)))


def test_the_data_package_is_valid_in_every_row(run: Path) -> None:
    found = validate(str(run / "datapackage.json"))
    assert found.valid, found.flatten(["title", "fieldName", "rowNumber", "message"])
    assert len(found.tasks) == len(TABLES)


def test_datasette_shows_tables_views_and_questions(run: Path, tmp_path: Path) -> None:
    asked = {
        "year": "2024",
        "project": "sillat",
        "level": "region",
        "name": "Kuusamäen",
        "since": "2023-01-01",
        "words": "silloissa",
    }

    async def ask() -> dict[str, list[dict[str, object]]]:
        served = Datasette(
            immutables=[str(run / "hankkeet.sqlite")],
            metadata=metadata(),
            plugins_dir=str(write_plugins(tmp_path / "plugins")),
        )
        await served.invoke_startup()
        page = await served.client.get("/hankkeet")
        assert page.status_code == 200
        for told in (*TABLES, *VIEWS):
            table = await served.client.get(f"/hankkeet/{told.name}")
            assert table.status_code == 200, told.name
            assert told.description.split("`")[0] in table.text.replace("&#39;", "'"), told.name
        for words, sources in (
            ("sillat", ["a.txt"]),
            ("uusissa silloissa", ["a.txt"]),
            ("tie", []),
        ):
            box = urlencode({"_shape": "array", "_search": words})
            searched = await served.client.get(f"/hankkeet/documents.json?{box}")
            assert [row["source"] for row in searched.json()] == sources
        answers = {}
        for name in (one.name for one in QUESTIONS):
            answer = await served.client.get(
                f"/hankkeet/{name}.json?{urlencode({'_shape': 'array', **asked})}"
            )
            assert answer.status_code == 200, (name, answer.text)
            answers[name] = answer.json()
        return answers

    answers = asyncio.run(ask())
    assert len(answers) == 10
    assert answers["kaynnissa"][0]["lead"] == "Kuusamäen kaupunki"
    assert answers["rahoittajat"][0]["eur"] == 100_000.0
    assert answers["vaki"][0]["phone"] == "+358401234567"
    assert answers["alueittain"][0]["area"] == "Pohjois-Savo"
    assert "Uudet sillat" in str(answers["haku"][0]["begins"])
    assert list(answers["vaki"][0]) == list(shown(VIEW["staff"]))
    assert answers["uutta"][0]["source"] == "a.txt"


def test_facets_are_the_columns_that_the_schema_enumerates() -> None:
    told = metadata()["databases"]["hankkeet"]["tables"]
    for one in (*TABLES, *VIEWS):
        assert facets(one) == told[one.name].get("facets", [])
    assert told["documents"]["facets"] == ["status"]
    assert told["identifiers"]["facets"] == ["scheme", "valid", "entity_type"]
    assert "facets" not in told["people"]


def test_views_have_facets_too(run: Path) -> None:
    told = {view.name: set(facets(view)) for view in VIEWS}
    assert told["overview"] == {"kind"}
    assert told["staff"] == {"role_code"}
    assert told["timeline"] == {"kind", "precision"}
    assert told["by_area"] == {"level"}
    assert told["facts"] == {"table"}
    assert "counted" in told["funding"]
    # What the schema enumerates is all that a view has.
    with closing(database(run)) as connection:
        for view in VIEWS:
            for column in (column for column in view.columns if column.enum):
                query = f'SELECT DISTINCT "{column.name}" FROM "{view.name}"'
                assert {row[0] for row in connection.execute(query)} <= set(column.enum)


def test_questions_are_asked_in_two_languages_and_of_the_views_as_they_are() -> None:
    told = metadata()["databases"]["hankkeet"]["queries"]
    assert told["vaki"]["title"] == "Ketkä työskentelevät hankkeessa … / Who works in the project …"
    assert all(" / " in one["title"] for one in told.values())
    assert [one.name for one in QUESTIONS if one.view] == [
        "kaynnissa",
        "vaki",
        "aikajana",
        "alueittain",
        "kumppanit",
    ]
    assert "person_id" not in shown(VIEW["staff"])
    assert {"person", "email"} <= set(shown(VIEW["staff"]))


def test_every_project_is_a_row_under_the_registers_column_names(run: Path) -> None:
    row, _ = exported(run)
    assert list(row) == list(EURA)
    assert (row["Koodi"], row["Hankkeen nimi"]) == ("S23187", "Uudet sillat")
    assert (row["Aloituspvm"], row["Kokonaisrahoitus"]) == ("2023-01-01", "100000,00")
    assert (row["Viranomainen"], row["Rahasto"]) == ("'=Kuusamaan liitto", "")


def test_who_alone_carries_a_project_out_is_its_lead_and_no_authority(tmp_path: Path) -> None:
    entities = [
        project("p", "Uudet sillat"),
        organisation("o", "Kuusamäen kaupunki"),
        organisation("l", "Kuusamaan liitto"),
        organisation("e", "Euroopan aluekehitysrahasto", subtype="fund"),
    ]
    facts = [("part", "p", "o", "implementer")]
    facts += [
        ("part", "p", payer, "funder") for payer in ("o", "l", "e")
    ]  # a town pays itself, too
    row, node = exported(made(tmp_path, record("a.txt", entities, facts)))
    assert (row["Toteuttajan nimi"], row["Viranomainen"]) == (
        "Kuusamäen kaupunki",
        "Kuusamaan liitto",
    )
    assert row["Rahasto"] == "Euroopan aluekehitysrahasto"
    assert node["parentOrganization"] == [{"@type": "Organization", "name": "Kuusamäen kaupunki"}]
    assert "member" not in node


def test_json_ld_says_what_is_known_and_nothing_else(run: Path) -> None:
    document = json.loads((run / "exports" / "projects.jsonld").read_text("utf-8"))
    assert document["@context"] == "https://schema.org"
    (found,) = document["@graph"]
    assert (found["@type"], found["name"]) == ("ResearchProject", "Uudet sillat")
    assert found["alternateName"] == ["SILTA"]
    assert found["parentOrganization"] == [{"@type": "Organization", "name": "Kuusamäen kaupunki"}]
    assert found["foundingDate"] == "2023-01-01"
    assert "funding" not in found


@pytest.fixture
def busy(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """A port that another program has; it is where free ones are looked for from."""
    with socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        monkeypatch.setattr(browse, "PORT", other.getsockname()[1])
        yield other.getsockname()[1]


def test_a_port_that_is_taken_is_told_and_another_found_where_none_was_asked_for(
    run: Path, busy: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["browse", "--output", str(run.parents[1]), "--port", str(busy)]) == 2
    assert f"Port {busy} cannot be used: another program has it. Give another with --port" in (
        capsys.readouterr().err
    )
    assert busy < browse.usable_port(None) < busy + browse.PORTS
