"""Entities across announcements: what joins and what stays apart."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import pytest
from msgspec.structs import replace
from record_cases import area, organisation, person, project, record
from resolved import AINO, FUNDS, IN_BODY, IN_PROJECT, LEAD, LONG, OTHER_TOWN, TOWN, frames, names

from pipeline.records import Record
from pipeline.resolve.near import near

# Organisations -----------------------------------------------------------------------------------


def test_an_acronym_alone_is_the_body_defined_with_it_elsewhere() -> None:
    found = frames(
        [
            record("a", [organisation("o", "Metsäkylien kehitysyhtiö", ("MKY", "acronym"))]),
            record("b", [organisation("o", "MKY")]),
            record("c", [organisation("o", "MKY", own_kind="acronym")]),
        ]
    )
    (row,) = found["organisations"].to_dict("records")
    assert (row["name"], row["acronym"]) == ("Metsäkylien kehitysyhtiö", "MKY")
    rules = found["resolutions"].set_index("name")["rule"]
    assert set(rules["MKY"]) == {"organisation_known_acronym"}


@pytest.mark.parametrize("kind", ["alias", "short"])
def test_a_nickname_is_the_body_that_bears_it(kind: str) -> None:
    body = organisation("o", "Kuusamäen seudun osaamiskeskus", ("Kuuska", kind))
    found = frames([record("a", [body]), record("b", [organisation("o", "Kuuska")])])
    assert names(found, "organisations") == ["Kuusamäen seudun osaamiskeskus"]


def test_an_acronym_of_two_bodies_joins_neither() -> None:
    found = frames(
        [
            record("a", [organisation("o", "Metsäkylien kehitysyhtiö", ("MKY", "acronym"))]),
            record("b", [organisation("o", "Merenkurkun kalayhdistys", ("MKY", "acronym"))]),
            record("c", [organisation("o", "MKY")]),
            record("d", [organisation("o", "MKY")]),
        ]
    )
    assert names(found, "organisations") == [
        "MKY",
        "MKY",
        "Merenkurkun kalayhdistys",
        "Metsäkylien kehitysyhtiö",
    ]


def test_spellings_of_one_definition_leave_an_acronym_unambiguous() -> None:
    found = frames(
        [
            record("a", [organisation("o", "Metsäkylien kehitysyhtiö", ("MKY", "acronym"))]),
            record("b", [organisation("o", "Metsäkylien kehitys-yhtiö", ("MKY", "acronym"))]),
            record("c", [organisation("o", "MKY")]),
        ]
    )
    assert len(found["organisations"]) == 1


@pytest.mark.parametrize(
    ("one", "other", "count"),
    [
        # Typography, letter case and legal form don't make another body …
        ("Ala-Kivijoen kunta", "Ala–Kivijoen kunta", 1),
        ("Kivijoen Nuoret ry", "Kivijoen nuoret ry", 1),
        ("Kivijoen Paja Oy", "Kivijoen Paja", 1),
        # … a word more or a letter less does.
        ("Kivijoen Paja Oy", "Kivijoen Paja ry", 2),
        ("Kivijoen lukio", "Kivijoen lukion tuki", 2),
        ("Kivijoen kaupunki", "Kivijärven kaupunki", 2),
        # A word that any body could be called joins nothing.
        ("Kuntayhtymä", "Kuntayhtymä", 2),
    ],
)
def test_organisations_by_name(one: str, other: str, count: int) -> None:
    records = [record("a", [organisation("o", one)]), record("b", [organisation("o", other)])]
    assert len(frames(records)["organisations"]) == count


def test_a_name_without_its_legal_form_joins_none_of_two_forms() -> None:
    three = ["Kivijoen Paja Oy", "Kivijoen Paja ry", "Kivijoen Paja"]
    records = [record(name, [organisation("o", name)]) for name in three]
    assert len(frames(records)["organisations"]) == 3


def test_an_alias_doesnt_join_bodies_of_different_types() -> None:
    school = organisation("o", "Kivijoen opisto", ("Kivijoen kaupunki", "alias"), subtype="school")
    town = organisation("o", "Kivijoen kaupunki", subtype="municipality")
    assert len(frames([record("a", [school]), record("b", [town])])["organisations"]) == 2


def test_one_stray_alias_doesnt_join_two_well_known_bodies() -> None:
    many = [record(f"a{n}", [organisation("o", "Kivijoen kaupunki")]) for n in range(60)]
    many += [record(f"b{n}", [organisation("o", "Ahdelahden kaupunki")]) for n in range(60)]
    stray = organisation("o", "Kivijoen kaupunki", ("Ahdelahden kaupunki", "alias"))
    assert len(frames([*many, record("c", [stray])])["organisations"]) == 2


def test_a_valid_business_id_in_the_text_is_the_bodys() -> None:
    post = record(
        "a",
        [organisation("o", "Kivijoen Paja Oy")],
        [("id", "y_tunnus", "1234567-1", "organisation", "o")],
    )
    (identifier,) = post.identifiers
    for valid, expected in ((True, "1234567-1"), (False, None)):
        told = replace(post, identifiers=(replace(identifier, valid=valid),))
        (found,) = frames([told])["organisations"]["business_id"]
        assert (None if pd.isna(found) else found) == expected


# Projects ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "count", "why"),
    [
        # (name, organisation, facts) of two announcements
        ((LONG, TOWN, [LEAD]), ("KUUSI – Kuusamäen uudet sillat -hanke", None, []), 1, "name"),
        ((LONG, None, []), ('"KUUSI" - Kuusamäen uudet sillat', None, []), 1, "typography"),
        ((LONG, TOWN, [LEAD]), ("KUUSI", None, []), 1, "its name begins with the acronym"),
        ((LONG, TOWN, [LEAD]), ("KUUSI-hanke", TOWN, [LEAD]), 1, "and the lead is shared"),
        ((LONG, TOWN, [LEAD]), ("KUUSI", OTHER_TOWN, [LEAD]), 2, "but another body leads"),
        ((LONG, TOWN, [LEAD]), ("KUUSI 2", TOWN, [LEAD]), 2, "another phase"),
        (("KUUSI", TOWN, [LEAD]), ("KUUSI 2", TOWN, [LEAD]), 2, "another phase"),
        (("KUUSI II", TOWN, [LEAD]), ("KUUSI 2", TOWN, [LEAD]), 1, "the same phase"),
        (("KUUSI 2.0", TOWN, [LEAD]), ("KUUSI 3.0", TOWN, [LEAD]), 2, "another phase"),
        (("Kuusi", None, []), ("Kuusi", None, []), 2, "a common word alone"),
        (("Kuusi", TOWN, [LEAD]), ("Kuusi", TOWN, [LEAD]), 1, "the lead is shared"),
        (("Kuusi", TOWN, [FUNDS]), ("Kuusi", TOWN, [FUNDS]), 2, "a funder proves nothing"),
        (("Kuusi", TOWN, [LEAD]), ("Kuusi", OTHER_TOWN, [LEAD]), 2, "other bodies lead"),
        (("Uudet sillat", TOWN, [LEAD]), ("Uudet sillat", None, []), 1, "two words tell enough"),
        (("Uudet sillat", TOWN, [LEAD]), ("Uudet sillat", OTHER_TOWN, [LEAD]), 2, "leads differ"),
        (
            ("Uudet sillat Kuusamäelle", TOWN, [LEAD]),
            ("Uudet sillat Kuusamäellä", TOWN, [LEAD]),
            1,
            "two forms of one name, one lead",
        ),
        (
            ("Uudet sillat Kuusamäelle", None, []),
            ("Uudet sillat Kuusamäellä", None, []),
            2,
            "two forms alone tell too little",
        ),
        (
            ("Uudet sillat Kuusamäelle", TOWN, [LEAD]),
            ("Uudet tiet Kuusamäelle", TOWN, [LEAD]),
            2,
            "another word",
        ),
        (("Kehittämishanke", TOWN, [LEAD]), ("Kehittämishanke", TOWN, [LEAD]), 2, "no name"),
    ],
)
def test_projects(
    one: tuple[str, Any, Any], other: tuple[str, Any, Any], count: int, why: str
) -> None:
    records = [
        record(source, [project("p", name), *([body] if body else [])], facts)
        for source, (name, body, facts) in (("a", one), ("b", other))
    ]
    assert len(frames(records)["projects"]) == count, why


def test_a_short_name_and_a_person_in_it_make_one_project_and_one_person() -> None:
    def post(source: str) -> Record:
        leader = person("h", "Aino Esimerkki")
        return record(
            source, [project("p", "Kuusi"), leader], [("role", "h", "projektipäällikkö", "p")]
        )

    found = frames([post("a"), post("b")])
    assert len(found["projects"]) == len(found["people"]) == 1


def test_a_code_of_a_register_corroborates_a_short_name() -> None:
    def post(source: str, code: str) -> Record:
        return record(source, [project("p", "Kuusi")], [("id", "hankekoodi", code, "project", "p")])

    assert len(frames([post("a", "S1"), post("b", "S1")])["projects"]) == 1
    assert len(frames([post("a", "S1"), post("b", "S2")])["projects"]) == 2


def test_a_shared_sequel_corroborates_but_a_shared_programme_doesnt() -> None:
    def post(source: str, related: Any, relation: str) -> Record:
        return record(source, [project("p", "Kuusi"), related], [("link", "p", "q", relation)])

    sequel = project("q", "Kuusi 2")
    assert len(frames([post(s, sequel, "continues") for s in "ab"])["projects"]) == 2
    before = project("q", "Vanhat sillat")
    assert len(frames([post(s, before, "continues") for s in "ab"])["projects"]) == 2
    programme = project("q", "Siltojen Suomi", subtype="programme")
    assert len(frames([post(s, programme, "part_of") for s in "ab"])["projects"]) == 3


def test_programmes_join_by_name_and_acronym() -> None:
    def programme(name: str, *others: tuple[str, str]) -> Any:
        return project("p", name, *others, subtype="programme")

    found = frames(
        [
            record("a", [programme("Siltojen Suomi", ("SISU", "acronym"))]),
            record("b", [programme("SISU")]),
            record("c", [programme("Siltojen Suomi -ohjelma")]),
            record("d", [project("p", "SISU")]),
        ]
    )
    assert sorted(found["projects"][["name", "kind"]].itertuples(index=False, name=None)) == [
        ("SISU", "project"),
        ("Siltojen Suomi", "programme"),
    ]


def test_a_project_is_called_by_its_fullest_name_without_its_head() -> None:
    found = frames(
        [
            record("a", [project("p", "KUUSI-hanke", ("KUUSI", "short")), TOWN], [LEAD]),
            record("b", [project("p", LONG, ("KUUSI", "short")), TOWN], [LEAD]),
        ]
    )
    assert names(found, "projects") == [LONG]
    assert set(found["names"].query("entity_type == 'project'")["name"]) == {LONG, "KUUSI"}


def test_the_latest_announcement_tells_the_period_and_the_budget() -> None:
    def post(source: str, day: date | None, year: int, amount: float) -> Record:
        period = ("date", "p", "project_period", date(year, 1, 1), date(year + 1, 12, 31))
        return record(source, [project("p", LONG)], [period, ("total", "p", amount)], day)

    found = frames(
        [
            post("a", date(2021, 5, 1), 2021, 200.0),
            post("b", date(2022, 5, 1), 2022, 300.5),
            post("c", None, 2023, 400.0),
        ]
    )
    (row,) = found["projects"].to_dict("records")
    assert (row["start_date"], row["end_date"]) == (date(2022, 1, 1), date(2023, 12, 31))
    assert (row["start_precision"], row["total_budget_eur"]) == ("day", 300.5)


def test_a_lone_end_leaves_the_start_unknown() -> None:
    ends = ("date", "p", "project_end", date(2024, 12, 1), date(2024, 12, 31))
    (row,) = frames([record("a", [project("p", LONG)], [ends])])["projects"].to_dict("records")
    assert (row["start_date"], row["end_date"]) == (None, date(2024, 12, 31))


def test_of_an_end_before_the_start_the_later_told_counts() -> None:
    def post(source: str, day: date, kind: str, month: int) -> Record:
        told = ("date", "p", kind, date(2024, month, 1), date(2024, month, 28))
        return record(source, [project("p", LONG)], [told], day)

    start, end = "project_start", "project_end"
    old, new = date(2023, 1, 1), date(2023, 6, 1)
    (row,) = frames([post("a", old, start, 9), post("b", new, end, 5)])["projects"].to_dict(
        "records"
    )
    assert (row["start_date"], row["end_date"]) == (None, date(2024, 5, 28))
    (row,) = frames([post("a", new, start, 9), post("b", old, end, 5)])["projects"].to_dict(
        "records"
    )
    assert (row["start_date"], row["end_date"]) == (date(2024, 9, 1), None)


# People ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "count", "why"),
    [
        (([AINO], []), ([AINO], []), 2, "a name alone: namesakes"),
        (([AINO, TOWN], [IN_BODY]), ([AINO, TOWN], [IN_BODY]), 1, "the same employer"),
        (([AINO, TOWN], [IN_BODY]), ([AINO, OTHER_TOWN], [IN_BODY]), 2, "another employer"),
        (([AINO, TOWN], [IN_BODY]), ([AINO, TOWN], []), 2, "the town is only mentioned"),
        (
            ([AINO, project("p", LONG)], [IN_PROJECT]),
            ([AINO, project("p", LONG)], []),
            1,
            "the only project of each announcement",
        ),
        (
            ([AINO, project("p", "Uudet sillat")], [IN_PROJECT]),
            ([AINO, project("p", "Vanhat tiet")], [IN_PROJECT]),
            2,
            "other projects",
        ),
        (
            ([person("h", "Aino Esimerkki", email="aino@esimerkki.fi")], []),
            ([person("h", "Aino Esimerkki", email="Aino@esimerkki.fi")], []),
            1,
            "the same address",
        ),
        (
            ([person("h", "Aino Esimerkki", phone="+358 40 123 4567")], []),
            ([person("h", "Aino Esimerkki", phone="040 1234567")], []),
            1,
            "the same number",
        ),
        (
            ([person("h", "Anna Esimerkki", email="anna.esimerkki@x.fi")], []),
            ([person("h", "Anna-Maija Esimerkki", email="anna.esimerkki@x.fi")], []),
            1,
            "an address of that family name",
        ),
        (
            ([person("h", "Anna Esimerkki", email="toimisto@x.fi")], []),
            ([person("h", "Eino Esimerkki", email="toimisto@x.fi")], []),
            2,
            "an address that anybody may use",
        ),
        (
            ([person("h", "Aino"), TOWN], [IN_BODY]),
            ([person("h", "Aino"), TOWN], [IN_BODY]),
            2,
            "a first name alone never leaves its announcement",
        ),
        (
            ([person("h", "Anna-Maija Esimerkki"), TOWN], [IN_BODY]),
            ([person("h", "Anna Maija Esimerkki"), TOWN], [IN_BODY]),
            1,
            "the hyphen doesn't matter",
        ),
    ],
)
def test_people(one: Any, other: Any, count: int, why: str) -> None:
    found = frames([record("a", *one), record("b", *other)])
    assert len(found["people"]) == count, why
    assert found["people"]["person_id"].is_unique


def test_projects_that_continue_one_another_corroborate_a_person() -> None:
    first, second = project("p", "Uudet sillat"), project("p", "Uudet sillat 2")
    link = record(
        "c",
        [project("p", "Uudet sillat 2"), project("q", "Uudet sillat")],
        [("link", "p", "q", "continues")],
    )
    posts = [record("a", [AINO, first], [IN_PROJECT]), record("b", [AINO, second], [IN_PROJECT])]
    assert len(frames(posts)["people"]) == 2
    assert len(frames([*posts, link])["people"]) == 1


def test_a_namesake_added_later_leaves_a_persons_id_as_it_was() -> None:
    mine = record("a", [AINO, TOWN], [IN_BODY], date(2020, 1, 1))
    namesake = record("b", [AINO, OTHER_TOWN], [IN_BODY], date(2021, 1, 1))
    again = record("c", [AINO, TOWN], [IN_BODY], date(2022, 1, 1))
    before = frames([mine])["people"]["person_id"].item()
    after = frames([mine, namesake, again])["people"]["person_id"]
    assert len(after) == 2
    assert before in set(after)


# Areas -------------------------------------------------------------------------------------------


def test_areas_join_by_code_or_by_name_and_type() -> None:
    found = frames(
        [
            record("a", [area("k", "Kuusamäki", "999"), area("j", "Kuusjärvi", kind="other")]),
            record("b", [area("k", "Kuusamäki"), area("j", "Kuusjärvi", kind="other")]),
            record("c", [area("k", "Kuusamäki", kind="region"), area("j", "Kuusjärvi", "998")]),
        ]
    )
    named = found["areas"][found["areas"]["name"].str.startswith("Kuus")]
    assert len(named) == 4
    assert sorted(named["code"].dropna()) == ["998", "999"]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("hyvää arkea kuusamäelle", "hyvää arkea kuusamäellä", True),
        ("hyvinvointia itä-suomeen", "hyvinvointi itä-suomeen", True),
        ("hyvää arkea", "hyvä arkea", False),
        ("hyvää arkea etelä-kuusamäelle", "hyvää arkea pohjois-kuusamäelle", False),
        ("polku työhön 2021", "polku työhön 2022", False),
        ("polku työhön a", "polku työhön b", False),
        ("kivijoen polku työhön", "kivijärven polku työhön", False),
        ("yksi kaksi kolme", "yksi kaksi kolme neljä", False),
    ],
)
def test_near_names(one: str, other: str, expected: bool) -> None:
    assert near(one, other) is near(other, one) is expected
