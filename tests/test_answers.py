"""The views answer questions once, in SQL; no euro is counted twice."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import duckdb
import msgspec
import openpyxl
import pandas as pd
import pytest
from money_cases import BRIDGE, FIRM, ROAD, TOWN, Money, announced, loaded
from record_cases import area, organisation, person, project, record

from pipeline.ask.changes import changes
from pipeline.ask.frames import complete_run
from pipeline.ask.loaded import Loaded
from pipeline.tables.answers import VIEWS
from pipeline.tables.package import recipes
from pipeline.tables.schema import TABLES


def test_each_view_has_the_columns_it_promises(tmp_path: Path) -> None:
    found = loaded(tmp_path, [announced("a", Money("p", "total", 100.0))])
    for view in VIEWS:
        frame = found._view(view.name)
        assert list(frame.columns) == [column.name for column in view.columns]
        for column in view.columns:
            assert column.description


LIST = [  # "377 600 euroa": of three projects, booked on the first
    Money("p", "grant", 377_600.0, "l"),
    Money("p", "grant", 128_000.0, "l"),
    Money("q", "grant", 174_000.0, "l"),
    Money("r", "grant", 75_600.0, "l"),
]
CASES = {
    "a sum of several projects in front": (LIST, {"Kuusamaan liitto": 377_600.0}),
    "that sum behind": ([*LIST[1:], LIST[0]], {"Kuusamaan liitto": 377_600.0}),
    "a total beside its parts": (
        [
            Money("p", "total", 100_000.0),
            Money("p", "grant", 70_000.0, "l"),
            Money("p", "own", 30_000.0, "o"),
        ],
        {"Kuusamaan liitto": 70_000.0, "Kuusamäen kaupunki": 30_000.0},
    ),
    "a share beside its amount": (
        [
            Money("p", "total", 100_000.0),
            Money("p", "share", None, "l", 70.0),
            Money("p", "grant", 70_000.0, "l"),
        ],
        {"Kuusamaan liitto": 70_000.0},
    ),
    "a share of a known total": (
        [Money("p", "total", 100_000.0), Money("p", "share", None, "l", 70.0)],
        {"Kuusamaan liitto": 70_000.0},
    ),
    "a share of nothing known": ([Money("p", "share", None, "l", 70.0)], {}),
    "a total alone": ([Money("p", "total", 100_000.0)], {None: 100_000.0}),
    "said again without its payer": (
        [Money("p", "grant", 70_000.0, "l"), Money("p", "grant", 70_000.0)],
        {"Kuusamaan liitto": 70_000.0},
    ),
    "two payers of the same amount": (
        [Money("p", "own", 5_000.0, "o"), Money("p", "own", 5_000.0, "y")],
        {"Kuusamäen kaupunki": 5_000.0, "Kivijoen Paja Oy": 5_000.0},
    ),
    "the whole grant and who gives which part of it": (
        [
            Money("p", "grant", 90_000.0),
            Money("p", "grant", 60_000.0, "l"),
            Money("p", "grant", 30_000.0, "o"),
        ],
        {"Kuusamaan liitto": 60_000.0, "Kuusamäen kaupunki": 30_000.0},
    ),
    "of no project": ([Money(None, "grant", 9_000.0, "l"), Money("p", "other", 8.0)], {}),
}


@pytest.mark.parametrize("case", CASES)
def test_money_by_funder_counts_no_euro_twice(tmp_path: Path, case: str) -> None:
    amounts, expected = CASES[case]
    summed = loaded(tmp_path, [announced("a", *amounts)]).funding().sum_by("funder")
    names = [None if pd.isna(name) else name for name in summed["funder"]]
    assert dict(zip(names, summed["eur"], strict=True)) == expected


@pytest.mark.parametrize("case", CASES)
def test_whoever_adds_the_euros_up_by_themselves_counts_none_twice(
    tmp_path: Path, case: str
) -> None:
    amounts, expected = CASES[case]
    found = loaded(tmp_path, [announced("a", *amounts)])
    funding = found.funding()
    in_pandas = funding.groupby("funder", dropna=False)["eur"].sum().items()
    in_sql = found._database.execute("SELECT funder, sum(eur) FROM funding GROUP BY funder")
    for sums in (in_pandas, in_sql):
        assert {None if pd.isna(name) else name: eur for name, eur in sums if eur} == expected
    assert (funding["eur"].notna() == funding["counted"]).all()


def test_a_row_that_is_not_counted_still_says_its_euros(tmp_path: Path) -> None:
    found = loaded(tmp_path, [announced("a", *CASES["a share beside its amount"][0])]).funding()
    share = found[found["kind"] == "share"].iloc[0]
    assert pd.isna(share["eur"])
    assert (share["said_eur"], share["why_not"]) == (70_000.0, "share")


def test_one_sum_that_two_pay_together_is_counted_once(tmp_path: Path) -> None:
    made = announced("a", Money("p", "own", 7_700.0, "o"))
    (one,) = made.budgets
    both = (one, msgspec.structs.replace(one, organisation="y"))
    found = loaded(tmp_path, [msgspec.structs.replace(made, budgets=both)]).funding()
    assert found.sum_by("project")["eur"].tolist() == [7_700.0]
    assert sorted(found["why_not"].dropna()) == ["repeated"]


def test_what_several_announcements_say_is_counted_once_and_the_latest_counts(
    tmp_path: Path,
) -> None:
    first = announced("a", Money("p", "grant", 70_000.0, "l"), published=date(2022, 1, 1))
    again = announced("b", Money("p", "grant", 70_000.0, "l"), published=date(2022, 2, 1))
    more = announced("c", Money("p", "grant", 85_000.0, "l"), published=date(2023, 1, 1))
    found = loaded(tmp_path, [first, again, more]).funding()
    assert found.sum_by("project")["eur"].tolist() == [85_000.0]
    assert set(found["why_not"].dropna()) <= {"superseded", "repeated"}
    assert found["counted"].sum() == 1
    with pytest.raises(ValueError, match="funder, project"):
        found.sum_by("colour")


@pytest.mark.parametrize(
    ("days", "confidences"),
    [
        ((None,) * 4, (0.6, 0.9, 0.7, 0.8)),
        ((date(2023, 1, 1),) * 3, (0.6, 0.9, 0.7)),
        ((date(2022, 1, 1), date(2023, 1, 1)), (0.9, 0.6)),  # the earlier one is surer
        ((date(2022, 1, 1), None), (0.6, 0.9)),
    ],
)
@pytest.mark.parametrize("kind", ["grant", "total"])
def test_a_sum_said_again_is_counted_once_whenever_and_however_surely(
    tmp_path: Path, days: Sequence[date | None], confidences: Sequence[float], kind: str
) -> None:
    posts = []
    for number, (day, sure) in enumerate(zip(days, confidences, strict=True)):
        made = announced(f"{number}", Money("p", kind, 50_000.0, "l"), published=day)
        (amount,) = made.budgets
        surely = msgspec.structs.replace(amount, confidence=sure)
        posts.append(msgspec.structs.replace(made, budgets=(surely,)))
    found = loaded(tmp_path, posts).funding()
    assert found.sum_by("project")["eur"].tolist() == [50_000.0]
    assert found["counted"].sum() == 1


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    """Two announcements of one project, its staff and its place."""
    aino = person("h", "Aino Esimerkki", email="aino@esimerkki.fi", phone="+358401234567")
    facts = [
        ("part", "p", "o", "lead"),
        ("part", "p", "y", "partner"),
        ("role", "h", "projektipäällikkö", "p", "o"),
        ("date", "p", "project_start", date(2023, 1, 1), date(2023, 1, 1)),
        ("date", "p", "project_end", date(2024, 6, 30), date(2024, 6, 30)),
        ("total", "p", 100_000.0),
        ("area", "p", "a"),
    ]
    kaavi = area("a", "Kaavi", "204")
    posts = [
        record("a.txt", [BRIDGE, TOWN, FIRM, aino, kaavi], facts, date(2023, 2, 1)),
        record("b.txt", [BRIDGE, TOWN, ROAD], [("part", "p", "o", "lead")], date(2023, 3, 1)),
    ]
    return loaded(tmp_path_factory.mktemp("town"), posts)


def test_a_project_at_a_glance(town: Loaded) -> None:
    (row,) = town.overview().query("name == 'Uudet sillat'").to_dict("records")
    assert (row["lead"], row["partners"]) == ("Kuusamäen kaupunki", "Kivijoen Paja Oy")
    assert (row["areas"], row["announcements"], row["total_eur"]) == ("Kaavi", 2, 100_000.0)
    assert row["contact"] == "Aino Esimerkki (aino@esimerkki.fi / +358401234567)"
    assert (row["start"], row["end"]) == (pd.Timestamp(2023, 1, 1), pd.Timestamp(2024, 6, 30))


def test_who_coordinates_leads_where_nobody_else_does(tmp_path: Path) -> None:
    facts = [("part", "p", "o", "coordinator"), ("part", "p", "o", "partner")]
    facts.append(("part", "p", "y", "partner"))
    found = loaded(tmp_path, [record("a.txt", [BRIDGE, TOWN, FIRM], facts, date(2023, 2, 1))])
    (row,) = found.overview().to_dict("records")
    assert (row["lead"], row["partners"]) == ("Kuusamäen kaupunki", "Kivijoen Paja Oy")


@pytest.mark.parametrize(
    ("parts", "lead", "partners"),
    [
        ([("o", "implementer"), ("y", "partner")], "Kuusamäen kaupunki", "Kivijoen Paja Oy"),
        # Nobody is the one of two; nor where somebody leads or coordinates.
        (
            [("o", "implementer"), ("y", "implementer")],
            None,
            "Kivijoen Paja Oy; Kuusamäen kaupunki",
        ),
        ([("o", "implementer"), ("y", "lead")], "Kivijoen Paja Oy", "Kuusamäen kaupunki"),
        ([("o", "implementer"), ("y", "coordinator")], "Kivijoen Paja Oy", "Kuusamäen kaupunki"),
    ],
)
def test_who_alone_carries_a_project_out_leads_it(
    tmp_path: Path, parts: list[tuple[str, str]], lead: str | None, partners: str
) -> None:
    facts = [("part", "p", *part) for part in parts]
    found = loaded(tmp_path, [record("a.txt", [BRIDGE, TOWN, FIRM], facts, date(2023, 2, 1))])
    (row,) = found.overview().to_dict("records")
    assert (None if pd.isna(row["lead"]) else row["lead"]) == lead
    assert row["partners"] == partners


def test_who_grants_money_funds_and_the_leads_own_share_is_no_grant(tmp_path: Path) -> None:
    amounts = [
        Money("p", "total", 100_000.0),
        Money("p", "grant", 60_000.0, "y"),
        Money("p", "share", None, "o", 40.0),
    ]
    found = loaded(tmp_path, [announced("a.txt", *amounts)])
    (row,) = found.overview().query("name == 'Uudet sillat'").to_dict("records")
    assert set(row["funders"].split("; ")) == {"Kuusamaan liitto", "Kivijoen Paja Oy"}
    assert row["granted_eur"] == 60_000.0


def test_words_with_marks_are_searched_for_as_they_are(town: Loaded) -> None:
    assert town.search("a-b").empty
    assert len(town.search("Uudet sillat")) == len(town.search("Uudet, sillat.")) > 0
    assert len(town.search("Uudet – sillat")) == len(town.search("(Uudet), “sillat”")) > 0
    for query in ('"a', '"a, b', "sillat AND", "(sillat"):
        with pytest.raises(ValueError, match="cannot be searched"):
            town.search(query)


def test_running_staff_timeline_and_partners(town: Loaded) -> None:
    assert town.running(2024)["name"].tolist() == ["Uudet sillat"]
    assert town.running(2025).empty
    (row,) = town.staff("uudet SILLAT").to_dict("records")
    assert (row["person"], row["organisation"]) == ("Aino Esimerkki", "Kuusamäen kaupunki")
    assert town.timeline("Uudet sillat")["kind"].tolist() == ["project_start", "project_end"]
    (pair,) = town.partners().to_dict("records")
    assert (pair["organisation"], pair["other"]) == ("Kivijoen Paja Oy", "Kuusamäen kaupunki")
    assert len(town.staff("”Uudet sillat” -hanke")) == 1
    with pytest.raises(LookupError, match="no project is called 'Uusi silta'; like it are Uudet"):
        town.staff("Uusi silta")


def test_a_municipality_counts_in_the_areas_around_it(town: Loaded) -> None:
    for level, name in (
        ("municipality", "Kaavi"),
        ("subregion", "Koillis-Savo"),
        ("region", "Pohjois-Savo"),
        ("wellbeing_county", "Pohjois-Savon hyvinvointialue"),
    ):
        found = town.by_area(level)
        assert found["area"].tolist() == [name]
        assert found["projects"].tolist() == [1]
        assert found["latitude"].notna().all()
    parents = town.areas.set_index("name")["parent_id"]
    ids = town.areas.set_index("name")["area_id"]
    assert parents["Kaavi"] == ids["Koillis-Savo"]
    assert parents["Koillis-Savo"] == ids["Pohjois-Savo"]
    assert town.areas.set_index("name")["nuts3"]["Kaavi"] == "FI1DB"
    with pytest.raises(ValueError, match="subregion"):
        town.by_area("planet")


def test_the_sentence_behind_a_row_is_shown_with_its_words_marked(town: Loaded) -> None:
    told = town.evidence(town.staff().iloc[0])
    assert str(told) == "[Aino Esimerkki] (a.txt; test, 0.90)"
    assert "<mark>Aino Esimerkki</mark>" in told._repr_html_()
    with pytest.raises(ValueError, match="doc_id"):
        town.evidence({"name": "x"})


def test_doubtful_facts_come_with_their_sentences(town: Loaded) -> None:
    assert town.doubtful(0.5).empty
    found = town.doubtful(0.95)
    assert set(found["table"]) >= {"roles", "participations"}
    assert found["sentence"].str.contains(r"\[", regex=True).all()


def test_tables_are_attributes_and_entries(town: Loaded) -> None:
    assert list(town) == [table.name for table in TABLES]
    assert set(Loaded.__annotations__) == {table.name for table in TABLES}
    assert town.projects is town["projects"]
    assert "projects 2" in repr(town)


def test_a_workbook_has_every_view_and_table_and_keeps_codes(town: Loaded, tmp_path: Path) -> None:
    path = town.to_excel(tmp_path / "out.xlsx")
    book = openpyxl.load_workbook(path, read_only=True)
    assert book.sheetnames[0] == "overview"
    assert set(book.sheetnames) == {told.name for told in (*VIEWS, *TABLES)}
    noted = openpyxl.load_workbook(path)["overview"]
    assert noted["B1"].comment is not None
    assert "Fullest known name" in noted["B1"].comment.text
    rows = list(book["areas"].iter_rows(values_only=True))
    code = rows[0].index("code")
    assert "204" in [row[code] for row in rows]
    people = list(book["people"].iter_rows(values_only=True))
    assert "+358401234567" in people[1]


def test_csv_recipes_keep_leading_zeros(town: Loaded, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(town.folder)
    for table in TABLES:
        told = recipes(table)
        frame = eval(told["pandas"], {"pandas": pd})  # our own words, not anybody's
        rows = duckdb.sql(told["duckdb"]).fetchall()
        assert len(frame) == len(rows) == len(town[table.name])
        if table.name == "areas":
            at = table.column_names.index("code")
            assert set(frame["code"].dropna()) == {"204", "113", "11", "13"}
            assert {row[at] for row in rows} == {"204", "113", "11", "13"}


def test_what_changed_since_is_told_in_words(tmp_path: Path) -> None:
    loaded(tmp_path / "one", [announced("a", Money("p", "total", 100_000.0))])
    later = [
        announced("a", Money("p", "total", 120_000.0)),
        record("b", [project("p", "Aivan uusi hanke")]),
    ]
    found = loaded(tmp_path / "two", later)
    told = str(found.changes(tmp_path / "one")).splitlines()
    assert told == [
        "announcement b came",
        "project Aivan uusi hanke came",
        "project Uudet sillat: total budget was 100\u00a0000\u00a0€, is 120\u00a0000\u00a0€",
    ]
    same = changes(complete_run(tmp_path / "one"), complete_run(tmp_path / "one"))
    assert str(same) == "Nothing changed."


def test_facts_that_no_overview_tells_are_told_one_by_one(tmp_path: Path) -> None:
    firm = [organisation("y", "Kivijoen Paja Oy", subtype="company"), BRIDGE]
    made = [organisation("y", "Kivijoen Paja Oy", subtype="association"), BRIDGE]
    loaded(
        tmp_path / "one",
        [
            announced("a", Money("p", "own", 30_000.0, "o")),
            record("b", firm, [("part", "p", "y", "implementer")]),
        ],
    )
    found = loaded(
        tmp_path / "two",
        [
            announced("a", Money("p", "own", 40_000.0, "o"), Money(None, "grant", 5_000.0, "l")),
            record("b", made, [("part", "p", "y", "coordinator")]),
        ],
    )
    assert str(found.changes(tmp_path / "one")).splitlines() == [
        "organisation Kivijoen Paja Oy: type was company, is association",
        "part Kivijoen Paja Oy, coordinator, Uudet sillat came",
        "part Kivijoen Paja Oy, implementer, Uudet sillat went",
        "sum grant, 5\u00a0000\u00a0€, Kuusamaan liitto came",
        "sum own, 40\u00a0000\u00a0€, Uudet sillat, Kuusamäen kaupunki came",
        "sum own, 30\u00a0000\u00a0€, Uudet sillat, Kuusamäen kaupunki went",
    ]
