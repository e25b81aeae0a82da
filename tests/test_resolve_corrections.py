"""What people decide outlives every rebuild: the same is joined, the different kept apart."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from record_cases import organisation, person, project, record

from pipeline.errors import CorrectionsUnusable
from pipeline.resolve import read_corrections, resolve
from pipeline.resolve.clusters import join_apart
from pipeline.resolve.corrections import Correction
from pipeline.tables.check import problems
from pipeline.tables.tables import Tables

HEAD = "decision,entity_type,document,name,other_document,other_name,comment\n"
IDS = "decision,entity_type,document,id,name,other_document,other_id,other_name\n"


def decided(folder: Path, *lines: str, head: str = HEAD) -> tuple[Correction, ...]:
    path = folder / "corrections.csv"
    path.write_text(head + "".join(line + "\n" for line in lines), encoding="utf-8")
    return read_corrections(path)


def test_the_same_body_under_two_names_is_one(tmp_path: Path) -> None:
    posts = [
        record("a", [organisation("o", "Kivijoen Paja Oy")]),
        record("b", [organisation("o", "Kivijoen työpaja")]),
    ]
    said = decided(tmp_path, "same,organisation,,Kivijoen paja oy,,Kivijoen työpaja,renamed")
    with resolve(posts) as before, resolve(posts, said) as after:
        assert (before.count("organisations"), after.count("organisations")) == (2, 1)
        rules = after.arrow("resolutions").to_pandas()
        assert set(rules["rule"]) == {"correction"}
        assert problems(after) == []


def test_two_people_of_one_name_and_employer_are_two(tmp_path: Path) -> None:
    posts = [
        record(
            source,
            [person("h", "Aino Esimerkki"), organisation("o", "Kivijoen lukio")],
            [("role", "h", "opettaja", None, "o")],
            day,
        )
        for source, day in (
            ("a", date(2020, 1, 1)),
            ("b", date(2021, 1, 1)),
            ("c", date(2022, 1, 1)),
        )
    ]
    said = decided(tmp_path, "different,person,b,Aino Esimerkki,,Aino Esimerkki,")
    with resolve(posts) as before, resolve(posts, said) as after:
        assert (before.count("people"), after.count("people")) == (1, 2)
        found = after.arrow("resolutions").to_pandas().query("entity_type == 'person'")
        groups = found.groupby("entity_id")["doc_id"].nunique()
        assert sorted(groups) == [1, 2]
        assert problems(after) == []
        assert before.arrow("people")["person_id"][0] in after.arrow("people")["person_id"]


def test_the_different_stay_apart_whatever_joins_them(tmp_path: Path) -> None:
    def post(source: str, *names: str) -> object:
        bodies = [organisation(f"o{n}", name) for n, name in enumerate(names)]
        people = [person("h", "Aino Esimerkki", email="aino@esimerkki.fi")]
        roles = [("role", "h", "opettaja", None, f"o{n}") for n in range(len(names))]
        return record(source, [*people, *bodies], roles)

    posts = [post("a", "Yksi oy"), post("b", "Yksi oy", "Kaksi oy"), post("c", "Kaksi oy")]
    said = decided(tmp_path, "different,person,a,Aino Esimerkki,c,Aino Esimerkki,")
    with resolve(posts, said) as tables, resolve(reversed(posts), said) as again:  # type: ignore[arg-type]
        assert tables.count("people") == 2
        assert tables.arrow("people").equals(again.arrow("people"))
        assert tables.arrow("resolutions").equals(again.arrow("resolutions"))


def test_a_whole_name_can_be_told_from_another(tmp_path: Path) -> None:
    acronym = ("KUUSI", "short")
    town = organisation("o", "Kuusamäen kaupunki")
    posts = [
        record(
            "a", [project("p", "Kuusten siltojen tie", acronym), town], [("part", "p", "o", "lead")]
        ),
        record(
            "b", [project("p", "Kuusi uutta siltaa", acronym), town], [("part", "p", "o", "lead")]
        ),
    ]
    said = decided(tmp_path, "different,project,,Kuusten siltojen tie,,Kuusi uutta siltaa,")
    with resolve(posts) as before, resolve(posts, said) as after:
        assert (before.count("projects"), after.count("projects")) == (1, 2)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (HEAD + "equal,person,,A B,,A C,\n", "line 2.*equal"),
        (HEAD + "same,thing,,A B,,A C,\n", "line 2.*thing"),
        (HEAD + "same,person,,,,A C,\n", "line 2.*name"),
        (HEAD + "\nsame,person,,A B,,,\n", "line 3.*other_name is empty"),
        (HEAD + "same,person,,A B,,A C,one, two\n", "line 2.*more cells"),
        (HEAD + 'same,person,,"A B,,A C,\n', "line 2.*end of data"),
        (HEAD + "same,person,,\udce4,,A C,\n", "line 2: not UTF-8"),
        ("", "columns are missing"),
        ("decision,name\n", "columns are missing: document, entity_type"),
    ],
)
def test_mistakes_are_told_with_their_line(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "corrections.csv"
    path.write_text(text, encoding="utf-8", errors="surrogateescape")
    with pytest.raises(CorrectionsUnusable, match=rf"corrections.csv.*{told}"):
        read_corrections(path)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_what_spreadsheets_save_is_read(tmp_path: Path, delimiter: str, ending: str) -> None:
    lines = [HEAD.strip(), 'same,organisation,,"Kivijoen Paja",,Kivijoen työpaja,', ""]
    text = ending.join(lines).replace(",", delimiter)
    (tmp_path / "corrections.csv").write_text(text, encoding="utf-8-sig", newline="")
    assert read_corrections(tmp_path / "corrections.csv") == (
        Correction("same", "organisation", None, "Kivijoen Paja", None, "Kivijoen työpaja"),
    )


def test_names_that_nobody_has_are_told(tmp_path: Path) -> None:
    posts = [record("a", [organisation("o", "Kivijoen Paja Oy")])]
    said = decided(
        tmp_path,
        "same,organisation,,Kivijoen Paja Oy,,Kivijoen työpaja,",
        "different,person,a,Aino Esimerkki,,Aino Esimerkki,",
    )
    with resolve(posts, said) as tables:
        assert tables.remarks == (
            "correction without effect: no organisation is called 'Kivijoen työpaja'",
            "correction without effect: no person is called 'Aino Esimerkki' in a",
            "correction without effect: no person is called 'Aino Esimerkki'",
        )


def test_keys_join_in_order_save_across_a_decision() -> None:
    keys = [(1, 7), (2, 7), (2, 8), (3, 8), (4, 9), (3, 9)]
    assert join_apart(keys, []) == {1: 1, 2: 1, 3: 1, 4: 1}
    assert join_apart(keys, [(0, 0, 1), (0, 1, 3)]) == {1: 1, 2: 1, 3: 3, 4: 3}
    # Members of one key who may not be one still join others of that key.
    assert join_apart([(1, 7), (2, 7), (3, 7)], [(0, 0, 1), (0, 1, 2)]) == {1: 1, 2: 2, 3: 1}


# By their ids ------------------------------------------------------------------------------------


def ids(made: Tables, table: str, column: str) -> dict[str, list[str]]:
    """Ids by name."""
    found: dict[str, list[str]] = {}
    for row in made.arrow(table).to_pylist():
        found.setdefault(row["name"], []).append(row[column])
    return found


def test_ids_join_and_stay_what_they_were_when_copied(tmp_path: Path) -> None:
    posts = [
        record("a", [organisation("o", "Kivijoen Paja Oy")], published=date(2020, 1, 1)),
        record("b", [organisation("o", "Kivijoen työpaja")], published=date(2021, 1, 1)),
        record("c", [organisation("o", "Kivijoen työpaja")], published=date(2022, 1, 1)),
    ]
    with resolve(posts) as before:
        known = ids(before, "organisations", "organisation_id")
    one, other = known["Kivijoen Paja Oy"][0], known["Kivijoen työpaja"][0]
    for pair in ((one, other), (other, one)):
        said = decided(tmp_path, f"same,organisation,,{pair[0]},,,{pair[1]},", head=IDS)
        with resolve(posts, said) as after:
            assert after.remarks == ()
            assert after.count("organisations") == 1
            assert set(after.arrow("resolutions").to_pandas()["rule"]) == {"correction"}
            assert problems(after) == []


def test_namesakes_are_told_apart_and_joined_by_id_alone(tmp_path: Path) -> None:
    posts = [
        record(source, [person("h", "Aino Esimerkki")], published=day)
        for source, day in (
            ("a", date(2020, 1, 1)),
            ("b", date(2021, 1, 1)),
            ("c", date(2022, 1, 1)),
        )
    ]
    with resolve(posts) as before:
        first, second, third = ids(before, "people", "person_id")["Aino Esimerkki"]
    said = decided(tmp_path, f"same,person,,{first},x,,{second},y", head=IDS)
    with resolve(posts, said) as after:
        left = ids(after, "people", "person_id")["Aino Esimerkki"]
        assert len(left) == 2
        assert third in left
    apart = decided(
        tmp_path,
        "same,person,,,Aino Esimerkki,,,Aino Esimerkki",
        f"different,person,,{third},,,{first},",
        head=IDS,
    )
    with resolve(posts, apart) as after:
        assert problems(after) == []


def test_where_an_id_is_gone_the_name_counts(tmp_path: Path) -> None:
    posts = [
        record("a", [organisation("o", "Kivijoen Paja Oy")]),
        record("b", [organisation("o", "Kivijoen työpaja")]),
    ]
    gone = "o-0123456789abcdef"
    row = f"same,organisation,,{gone},Kivijoen paja oy,,,Kivijoen työpaja"
    with resolve(posts, decided(tmp_path, row, head=IDS)) as after:
        assert after.count("organisations") == 1
    row = f"same,organisation,,{gone},,,,Kivijoen työpaja"
    with resolve(posts, decided(tmp_path, row, head=IDS)) as after:
        assert after.count("organisations") == 2
        assert after.remarks == (f"correction without effect: no organisation has the id {gone}",)


def test_an_id_of_another_type_is_named_by_its_line(tmp_path: Path) -> None:
    with pytest.raises(CorrectionsUnusable, match="line 2: id is 'p-1', no id of a person"):
        decided(tmp_path, "same,person,,p-1,,,,Aino Esimerkki", head=IDS)
