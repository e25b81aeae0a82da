"""Charts with axes: what they count, that their SVG asks for nothing, and pages without them."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import altair as alt
import pytest
from record_cases import organisation, project, record

from pipeline.report import figures, write_report
from pipeline.report.figures import CHARTS, PAYERS, chart, money, running, svg
from pipeline.report.words import LANGUAGES, Words
from pipeline.resolve import resolve
from pipeline.tables import current, locked, write_outputs


@pytest.fixture
def run() -> Iterator[sqlite3.Connection]:
    """The views that charts are made of, with three projects and some money."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(
            """
            CREATE TABLE overview (kind, start, "end");
            INSERT INTO overview VALUES ('project', '2021-03-01', '2023-06-30'),
                ('project', '2023-01-01', NULL), ('project', NULL, NULL),
                ('programme', '2014-01-01', '2020-12-31');
            CREATE TABLE organisations (organisation_id, type);
            INSERT INTO organisations VALUES ('o-1', 'ministry'), ('o-2', 'parish'), ('o-3', NULL);
            CREATE TABLE funding (year, funder_id, eur, counted);
            INSERT INTO funding VALUES (2021, 'o-1', 100.0, 1), (2021, 'o-1', 50.0, 1),
                (2021, 'o-1', 999.0, 0), (2023, 'o-2', 10.0, 1), (2023, 'o-3', 5.0, 1),
                (2023, NULL, 7.0, 1), (NULL, 'o-1', 3.0, 1);
            """
        )
        yield connection


def test_projects_run_from_their_first_year_to_their_last(run: sqlite3.Connection) -> None:
    counted = {row["year"]: row["projects"] for row in running(run)}
    assert counted == {2021: 1, 2022: 1, 2023: 2}


def test_money_is_counted_once_by_year_and_kind_of_payer(run: sqlite3.Connection) -> None:
    assert money(run) == [
        {"year": 2021, "payer": "ministry", "eur": 150.0},
        {"year": 2023, "payer": "other", "eur": 15.0},
        {"year": 2023, "payer": "unknown", "eur": 7.0},
    ]


@pytest.mark.parametrize("name", CHARTS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_chart_is_one_picture_that_asks_for_nothing(
    run: sqlite3.Connection, name: str, language: str
) -> None:
    made = chart(run, name, language)
    assert isinstance(made, alt.Chart)
    drawn = svg(made, 'A "title" & more')
    assert drawn.startswith('<svg class="figure" viewBox="')
    assert 'aria-label="A &quot;title&quot; &amp; more"' in drawn
    assert not re.search(r"style=|<style|<script|href|https?:|@import|url\(", drawn)
    for year in ("2021", "2023"):
        assert f">{year}</text>" in drawn


def test_the_style_sheet_knows_every_colour_of_the_charts(run: sqlite3.Connection) -> None:
    sheet = Path(figures.__file__).parent / "static" / "style.css"
    drawn = "".join(svg(made(rows(run), Words("fi")), "") for rows, made in CHARTS.values())
    used = set(re.findall(r'(?:fill|stroke)="#[0-9a-f]{6}"', drawn))
    used |= {f'fill="{colour}"' for colour in PAYERS.values()}
    assert [one for one in sorted(used) if f".figure [{one}]" not in sheet.read_text("utf-8")] == []


def test_pages_are_whole_without_what_draws_charts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(figures, "drawable", lambda: False)
    post = record("a.txt", [project("p", "Uudet sillat"), organisation("o", "Kaavin kunta")])
    with resolve([post]) as tables, locked(tmp_path) as held:
        write_outputs(tables, held)
    page = write_report(current(tmp_path)).read_text("utf-8")
    assert 'class="figure"' not in page
    assert "a.txt" in page


def test_another_name_is_said_plainly(run: sqlite3.Connection) -> None:
    with pytest.raises(ValueError, match="charts are running, money"):
        chart(run, "pie")
