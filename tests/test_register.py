"""A register's rows are tied to projects by code or name, never by guess; differences told."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest
from money_cases import BRIDGE, Money, announced
from record_cases import organisation, project, record

from pipeline.records import Record
from pipeline.resolve import read_register, resolve
from pipeline.resolve.register import ALIASES, RegisterUnusable
from pipeline.tables.check import problems

HEAD = "code,name,lead,start,end,granted_eur,fund\n"
TOWN = organisation("o", "Kuusamäen kaupunki")


def matches(folder: Path, posts: list[Record], *lines: str) -> list[dict[str, Any]]:
    path = folder / "register.csv"
    path.write_text(HEAD + "".join(f"{line}\n" for line in lines), encoding="utf-8")
    with resolve(posts, read_register(path)) as tables:
        assert problems(tables) == []
        rows: list[dict[str, Any]] = tables.arrow("register_matches").to_pylist()
        return rows


def post(name: str, *facts: tuple[Any, ...]) -> Record:
    return record("a.txt", [project("p", name), TOWN], [("part", "p", "o", "lead"), *facts])


STARTS = ("date", "p", "project_start", date(2023, 1, 1), date(2023, 1, 1))


def test_a_code_ties_whatever_the_names(tmp_path: Path) -> None:
    posts = [post("Sillat", ("id", "hankekoodi", "s 23187", "project", "p"))]
    (row,) = matches(tmp_path, posts, "S23187,Uudet sillat kuntaan,,,,,ESR")
    assert (row["code"], row["matched_by"], row["differences"]) == ("S23187", "code", None)


def test_a_code_of_several_rows_ties_once(tmp_path: Path) -> None:
    posts = [post("Sillat", ("id", "hankekoodi", "S23187", "project", "p"))]
    (row,) = matches(tmp_path, posts, *ROWS)
    assert row["code"] == "S23187"


def test_a_telling_name_ties_and_differences_are_told(tmp_path: Path) -> None:
    line = "A1,UUDET SILLAT -hanke,Ahdelahden kunta,1.6.2023,31.12.2024,90000,EAKR"
    (row,) = matches(tmp_path, [post("Uudet sillat", STARTS)], line)
    assert row["matched_by"] == "name"
    assert row["differences"] == (
        "start 2023-01-01, register 2023-06-01; lead Kuusamäen kaupunki, register Ahdelahden kunta"
    )


def test_days_differ_where_the_announcement_does_not_leave_them_open(tmp_path: Path) -> None:
    line = "A1,Uudet sillat,,2023-01-16,2024-12-31,,"
    (row,) = matches(tmp_path, [post("Uudet sillat", STARTS)], line)
    assert row["differences"] == "start 2023-01-01, register 2023-01-16"
    in_january = post(
        "Uudet sillat", ("date", "p", "project_start", date(2023, 1, 1), date(2023, 1, 31))
    )
    dates = tuple(msgspec.structs.replace(one, precision="month") for one in in_january.dates)
    (row,) = matches(tmp_path, [msgspec.structs.replace(in_january, dates=dates)], line)
    assert row["differences"] is None
    (row,) = matches(
        tmp_path, [msgspec.structs.replace(in_january, dates=dates)], line.replace("01-16", "02-01")
    )
    assert row["differences"] == "start 2023-01-01, register 2023-02-01"


ROWS = ("S23187,Sillat,Kivijoen Paja Oy,,,,ESR", "S23187,Sillat,Kuusamäen kaupunki,,,,ESR")


def carried_out(*parts: tuple[str, str]) -> Record:
    facts = [("id", "hankekoodi", "S23187", "project", "p")]
    entities = [BRIDGE, TOWN, organisation("y", "Kivijoen Paja Oy")]
    return record("a.txt", entities, [*facts, *(("part", "p", *part) for part in parts)])


@pytest.mark.parametrize(
    ("parts", "differences"),
    [
        ([("o", "implementer")], "lead Kuusamäen kaupunki, register Kivijoen Paja Oy"),
        ([("o", "coordinator")], "lead Kuusamäen kaupunki, register Kivijoen Paja Oy"),
        (
            [("o", "lead"), ("y", "implementer")],
            "lead Kuusamäen kaupunki, register Kivijoen Paja Oy",
        ),
        ([("o", "implementer"), ("y", "implementer")], None),  # nobody is the one of two
        ([("o", "partner")], None),
        ([("y", "implementer")], None),
    ],
)
def test_who_leads_by_the_overview_is_compared_with_who_leads_by_the_register(
    tmp_path: Path, parts: list[tuple[str, str]], differences: str | None
) -> None:
    (row,) = matches(tmp_path, [carried_out(*parts)], ROWS[0])
    assert row["differences"] == differences


def test_of_the_rows_of_a_code_the_leads_is_compared(tmp_path: Path) -> None:
    (row,) = matches(tmp_path, [carried_out(("o", "implementer"))], *ROWS)
    assert (row["lead"], row["differences"]) == ("Kuusamäen kaupunki", None)


def granted(amount: float) -> str:
    return f"A1,Uudet sillat,,,,{amount},"


@pytest.mark.parametrize(
    "amounts",
    [
        [Money("p", "grant", 160_000.0, "l")],
        [Money("p", "grant", 120_000.0, "l"), Money("p", "grant", 40_000.0, "y")],
        [Money("p", "total", 200_000.0), Money("p", "share", None, "l", 80.0)],
        [Money("p", "grant", 160_000.0), Money("p", "grant", 60_000.0, "l")],
        [
            Money("p", "total", 200_000.0),
            Money("p", "share", None, None, 80.0),
            Money("p", "grant", 120_000.0, "l"),
            Money("p", "share", None, "y", 20.0),
            Money("p", "share", None, "o", 20.0),  # the lead's own
        ],
    ],
)
def test_what_the_overview_has_granted_is_compared_with_the_register(
    tmp_path: Path, amounts: list[Money]
) -> None:
    posts = [announced("a", *amounts)]
    (row,) = matches(tmp_path, posts, granted(161_000))  # less than 1 % off
    assert row["differences"] is None
    (row,) = matches(tmp_path, posts, granted(100_000))
    assert row["differences"] == "granted 160000 €, register 100000 €"


def test_where_nothing_is_known_to_be_granted_nothing_differs(tmp_path: Path) -> None:
    posts = [announced("a", Money("p", "total", 200_000.0), Money("p", "applied", 90_000.0, "l"))]
    (row,) = matches(tmp_path, posts, granted(100_000))
    assert row["differences"] is None


def test_a_single_word_needs_something_more(tmp_path: Path) -> None:
    assert matches(tmp_path, [post("Silta")], "A1,Silta,Ahdelahden kunta,,,,") == []
    (row,) = matches(tmp_path, [post("Silta")], "A1,Silta,Kuusamäen kaupunki,,,,")
    assert row["differences"] is None
    (row,) = matches(tmp_path, [post("Silta", STARTS)], "A1,Silta,,2023-02-01,,,")
    assert row["code"] == "A1"


def test_of_namesakes_the_one_in_its_time_is_meant_or_none(tmp_path: Path) -> None:
    early, late = "A1,Uudet sillat,,2011-01-01,,,", "A2,Uudet sillat,,2023-03-01,,,"
    (row,) = matches(tmp_path, [post("Uudet sillat", STARTS)], early, late)
    assert row["code"] == "A2"
    assert matches(tmp_path, [post("Uudet sillat")], early, late) == []
    assert matches(tmp_path, [post("Uudet sillat", STARTS)], early) == []


def test_a_register_may_have_the_finnish_column_names_of_the_public_list(tmp_path: Path) -> None:
    path = tmp_path / "hankkeet.csv"
    path.write_text(
        "Koodi;Rahasto;Hankkeen nimi;Aloituspvm;Päättymispvm;Toteuttajan nimi;"
        "Myönnetty EU- ja valtion rahoitus\n"
        "S23187;ESR;Uudet sillat;1.1.2023;31.12.2024;Kuusamäen kaupunki;90 000,50\n",
        encoding="utf-8-sig",
    )
    (row,) = read_register(path)
    assert (row.code, row.name, row.lead) == ("S23187", "Uudet sillat", "Kuusamäen kaupunki")
    assert (row.start, row.end) == (date(2023, 1, 1), date(2024, 12, 31))
    assert row.granted_eur == 90_000.5


def test_a_column_under_both_its_names_is_read_by_ours(tmp_path: Path) -> None:
    path = tmp_path / "register.csv"
    path.write_text("code;name;Koodi\nA1;Silta;vanha\n", encoding="utf-8")
    assert [row.code for row in read_register(path)] == ["A1"]


def test_our_own_list_of_projects_is_such_a_register() -> None:
    assert {ours: finnish for finnish, ours in ALIASES.items()} == {
        "code": "Koodi",
        "name": "Hankkeen nimi",
        "lead": "Toteuttajan nimi",
        "start": "Aloituspvm",
        "end": "Päättymispvm",
        "granted_eur": "Myönnetty EU- ja valtion rahoitus",
    }


def test_without_a_register_there_are_no_rows() -> None:
    with resolve([post("Uudet sillat")]) as tables:
        assert tables.count("register_matches") == 0


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name,lead\nx,y\n", "columns are missing: code"),
        (HEAD + "A1,,,,,,\n", "line 2: a row needs a code and a name"),
        (HEAD + "A1,Silta,,soon,,,\n", "line 2: start is 'soon', no date"),
        (HEAD + "A1,Silta,,,,much,\n", "line 2: granted_eur is 'much', no number"),
        (HEAD + "A1,Silta,,,,-5,\n", "line 2: granted_eur is '-5', no amount"),
    ],
)
def test_mistakes_are_told_with_their_line(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "register.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(RegisterUnusable, match=f"register.csv.*{said}"):
        read_register(path)
    with pytest.raises(RegisterUnusable, match="cannot be read"):
        read_register(tmp_path / "none.csv")
