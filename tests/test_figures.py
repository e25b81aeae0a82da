"""Charts: what they count, that their SVG asks for nothing and links, and pages without them."""

from __future__ import annotations

import re
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from itertools import pairwise
from pathlib import Path

import altair as alt
import pytest
from record_cases import area, organisation, project, record

from pipeline import lexicon
from pipeline.errors import PipelineError
from pipeline.report import drawing, write_report
from pipeline.report.drawing import svg
from pipeline.report.figures import CHARTS, altair, chart, money, running
from pipeline.report.maps import (
    ON_DARK,
    ON_LIGHT,
    SHADES,
    sized_dots,
    tiles,
)
from pipeline.report.ranks import funders
from pipeline.report.specification import PAYERS, SIZE
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
            CREATE TABLE by_area (level, code, area, area_id, latitude, longitude, projects);
            INSERT INTO by_area VALUES ('municipality', '204', 'Kaavi', 'a-1', 62.97, 28.48, 2),
                ('municipality', '890', 'Utsjoki', 'a-2', 69.91, 27.03, 1),
                ('region', '11', 'Pohjois-Savo', 'a-3', 63.0, 27.7, 4),
                ('region', '19', 'Lappi', 'a-4', 67.5, 26.5, 1),
                ('wellbeing_county', '13', 'Pohjois-Savon hyvinvointialue', 'a-5', 63.0, 27.7, 2);
            CREATE TABLE partners (organisation, other, projects, project_names);
            INSERT INTO partners VALUES ('Kaavin kunta', 'Paja <Oy>', 2, 'Silta; Tie'),
                ('Kaavin kunta', 'Savonia', 1, 'Silta');
            CREATE TABLE organisations (organisation_id, type);
            INSERT INTO organisations VALUES ('o-1', 'ministry'), ('o-2', 'parish'), ('o-3', NULL);
            CREATE TABLE funding (project_id, funder, year, funder_id, eur, counted);
            INSERT INTO funding VALUES ('p', 'Ministeriö', 2021, 'o-1', 100.0, 1),
                ('q', 'Ministeriö', 2021, 'o-1', 50.0, 1),
                ('q', 'Ministeriö', 2021, 'o-1', 999.0, 0),
                ('q', 'Seurakunta', 2023, 'o-2', 10.0, 1), ('p', 'Paja', 2023, 'o-3', 5.0, 1),
                ('p', NULL, 2023, NULL, 7.0, 1), ('p', 'Ministeriö', NULL, 'o-1', 3.0, 1);
            """
        )
        yield connection


def test_projects_run_from_their_first_year_to_their_last(run: sqlite3.Connection) -> None:
    counted = {row["year"]: row["projects"] for row in running(run)}
    assert counted == {2021: 1, 2022: 1, 2023: 2}


def test_the_year_in_which_the_last_of_them_ends_is_shown(run: sqlite3.Connection) -> None:
    run.execute("INSERT INTO overview VALUES ('project', '2022-01-01', '2026-12-31')")
    assert [row["year"] for row in running(run)] == [2021, 2022, 2023, 2024, 2025, 2026]


def test_money_is_counted_once_by_year_and_kind_of_payer(run: sqlite3.Connection) -> None:
    assert money(run) == [
        {"year": 2021, "payer": "ministry", "eur": 150.0},
        {"year": 2023, "payer": "other", "eur": 15.0},
        {"year": 2023, "payer": "unknown", "eur": 7.0},
    ]


def test_funders_come_with_their_kind_and_the_largest_first(run: sqlite3.Connection) -> None:
    assert [(row["funder"], row["payer"], row["eur"], row["projects"]) for row in funders(run)] == [
        ("Ministeriö", "ministry", 153.0, 2),
        ("Seurakunta", "other", 10.0, 1),
        (None, "unknown", 7.0, 1),
        ("Paja", "other", 5.0, 1),
    ]


SHOWS = {  # what stands in the picture, written
    "running": ("2021", "2023"),
    "money": ("2021", "2023"),
    "funders": ("Ministeriö", "153", "Seurakunta"),
    "pairs": ("Kaavin kunta · Paja &lt;Oy&gt;", "2"),
    "municipalities": (),
    "regions": ("P-S", "4", "Lap", "1", "Ahv", "–"),
    "counties": ("P-S", "2", "V-K", "–"),
}


@pytest.mark.parametrize("name", CHARTS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_chart_is_one_picture_that_asks_for_nothing(
    run: sqlite3.Connection, name: str, language: str
) -> None:
    drawn = svg(CHARTS[name].made(CHARTS[name].rows(run), Words(language)), 'A "title" & more')
    assert drawn.startswith('<svg class="figure" viewBox="')
    assert 'aria-label="A &quot;title&quot; &amp; more"' in drawn
    assert not re.search(r"style=|<style|<script|<a |https?:|xmlns|@import|url\(", drawn)
    for said in SHOWS[name]:
        assert re.search(rf">[^<]*{re.escape(said)}[^<]*</text>", drawn), said


ENTRY = re.compile(  # of a legend: a swatch with its word behind it
    r'"translate\(([\d.]+),([\d.]+)\)"><g><g[^>]*><path [^>]*/></g><g[^>]*><text [^>]*'
    r"translate\(([\d.]+),[^>]*>([^<]+)</text>"
)
LETTER = 0.55 * SIZE  # pixels of a letter of a wide font


@pytest.mark.parametrize("name", ["money", "funders"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_words_of_a_legend_do_not_touch_the_next_swatch(name: str, language: str) -> None:
    rows = [{"year": 2021, "payer": kind, "eur": 5.0, "funder": kind} for kind in PAYERS]
    found = ENTRY.findall(svg(CHARTS[name].made(rows, Words(language)), "Rahaa"))
    assert len(found) == len(PAYERS)
    for (x, line, indent, word), (next_x, next_line, *_) in pairwise(found):
        if line == next_line:
            assert float(x) + float(indent) + LETTER * len(word) + 8 <= float(next_x), word


@pytest.mark.parametrize("name", CHARTS)
def test_a_chart_for_users_is_altairs_can_be_changed_and_looks_as_in_the_pages(
    run: sqlite3.Connection, name: str
) -> None:
    made = chart(run, name)
    assert isinstance(made, alt.Chart | alt.LayerChart)
    assert made.interactive().to_dict()["params"]
    spec = CHARTS[name].made(CHARTS[name].rows(run), Words("fi"))
    assert svg(made.to_dict(), "") == svg(spec, "")


def test_only_charts_for_users_need_altair(
    run: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    altair.cache_clear()
    monkeypatch.setitem(sys.modules, "altair", None)
    assert drawing.drawable()
    assert svg(CHARTS["money"].made(money(run), Words("fi")), "")
    with pytest.raises(PipelineError, match=r"hankepoimuri\[report\]"):
        chart(run, "money")


def test_a_notebook_shows_a_chart_without_the_network(run: sqlite3.Connection) -> None:
    shown = chart(run, "municipalities")._repr_mimebundle_(None, None)
    assert set(shown[0] if isinstance(shown, tuple) else shown) == {"image/svg+xml"}


@pytest.mark.parametrize(
    ("name", "links"),
    [
        ("municipalities", {"a-1": "Kaavi: 2", "a-2": "Utsjoki: 1"}),
        ("regions", {"a-3": "Pohjois-Savo: 4", "a-4": "Lappi: 1"}),
        ("counties", {"a-5": "Pohjois-Savon hyvinvointialue: 2"}),
    ],
)
def test_areas_with_projects_are_links_with_names(
    run: sqlite3.Connection, name: str, links: dict[str, str]
) -> None:
    rows = [row | {"href": row["area_id"] or ""} for row in CHARTS[name].rows(run)]
    drawn = svg(CHARTS[name].made(rows, Words("fi")), "Missä")
    assert 'role="group"' in drawn
    assert dict(re.findall(r'<a href="([^"]*)" aria-label="([^"]*)">', drawn)) == links
    assert all(f"<title>{said}</title>" in drawn for said in links.values())
    if name == "regions":
        assert "<title>Ahvenanmaa: 0</title>" in drawn


def test_dots_lie_where_the_municipalities_are(run: sqlite3.Connection) -> None:
    drawn = svg(CHARTS["municipalities"].made(CHARTS["municipalities"].rows(run), Words("fi")), "")
    places = re.findall(r'transform="translate\(([\d.]+),([\d.]+)\)" d="M[\d.]+,0A', drawn)
    (kaavi, utsjoki) = [(float(x), float(y)) for x, y in places]
    # 772 km north of the other and 61 km west of it, on a map of 2.2 km a pixel.
    assert kaavi[1] - utsjoki[1] == pytest.approx(772 / 2.18, abs=4)
    assert kaavi[0] - utsjoki[0] == pytest.approx(74 / 2.18, abs=4)


def test_dots_never_cover_the_map() -> None:
    (alone,) = sized_dots([{"projects": 1}])
    many = sized_dots([{"projects": 1 + 40 * (number % 2)} for number in range(300)])
    assert alone["r"] > 4
    assert sum(3.15 * dot["r"] ** 2 for dot in many) < 15_000
    assert many[1]["r"] > many[0]["r"] >= 1.6


@pytest.mark.parametrize(("level", "number"), [("region", 19), ("wellbeing_county", 21)])
def test_each_region_and_county_has_a_tile_of_its_own(level: str, number: int) -> None:
    found = tiles(level)
    known = {row["code"] for row in lexicon.table("area_tree") if row["type"] == level}
    assert {tile.code for tile in found} == known
    assert len(found) == len(known) == number
    assert len({(tile.column, tile.row) for tile in found}) == number
    assert len({tile.short for tile in found}) == number


def test_a_county_stands_where_its_region_does() -> None:
    regions = {tile.short: tile for tile in tiles("region")}
    for tile in tiles("wellbeing_county"):
        if tile.short in regions:
            assert tile[2:] == regions[tile.short][2:], tile
    assert {tile.short for tile in tiles("wellbeing_county")} - regions.keys() == {
        "L-U",
        "K-U",
        "I-U",
        "V-K",
    }


def test_the_style_sheet_knows_every_colour_of_the_charts(run: sqlite3.Connection) -> None:
    sheet = Path(drawing.__file__).parent / "static" / "style.css"
    drawn = "".join(svg(one.made(one.rows(run), Words("fi")), "") for one in CHARTS.values())
    used = set(re.findall(r'(?:fill|stroke)="#[0-9a-f]{6}"', drawn))
    used |= {f'fill="{colour}"' for colour in PAYERS.values()}
    # Shades of tiles and the letters on them are the same on light and on dark pages.
    used -= {f'fill="{colour}"' for colour in (*SHADES[1:], ON_LIGHT, ON_DARK)}
    assert [one for one in sorted(used) if f".figure [{one}]" not in sheet.read_text("utf-8")] == []


def test_pages_are_whole_without_what_draws_charts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drawing, "drawable", lambda: False)
    entities = [
        project("p", "Uudet sillat"),
        organisation("o", "Kaavin kunta"),
        area("a", "Kaavi", "204"),
    ]
    facts = [("area", "p", "a"), ("part", "p", "o", "funder"), ("total", "p", 100_000.0)]
    post = record("a.txt", entities, facts)
    with resolve([post]) as tables, locked(tmp_path) as held:
        write_outputs(tables, held)
    page = write_report(current(tmp_path)).read_text("utf-8")
    assert 'class="figure"' not in page
    assert "a.txt" in page
    told = re.sub(r"<[^>]+>|\s+", " ", page)
    for row in (
        "Kaavi 1",
        "Pohjois-Savo 1",
        "Pohjois-Savon hyvinvointialue 1",
        "100 000 € 1",
    ):
        assert re.search(row.replace(" ", " +"), told), row
    assert "<summary>" not in page
    assert Words("fi")("map_note") not in page


def test_another_name_is_said_plainly(run: sqlite3.Connection) -> None:
    with pytest.raises(ValueError, match="charts are running, money, funders, pairs"):
        chart(run, "pie")
