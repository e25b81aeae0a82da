"""What a project is granted: named payers' parts, and what they leave of a whole of no payer."""

from __future__ import annotations

import csv
import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

import msgspec
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from money_cases import Money, announced, loaded

from pipeline.ask.loaded import Loaded
from pipeline.tables.answers.funding import FUNDING
from pipeline.tables.schema import TABLES

TOTAL = Money("p", "total", 200_000.0)
A, B = "Kuusamaan liitto", "Kivijoen Paja Oy"  # "l" and "y"; "o" leads
# Announcements, each later than the one before; who granted how much; why not the rest.
CASES: dict[str, tuple[list[list[Money]], dict[str | None, float], list[str]]] = {
    "a share of no payer, and whose shares it is the sum of": (
        [
            [
                TOTAL,
                Money("p", "share", None, None, 80.0),
                Money("p", "share", None, "l", 60.0),
                Money("p", "share", None, "y", 20.0),
            ]
        ],
        {A: 120_000.0, B: 40_000.0},
        ["sum_of_parts"],
    ),
    "a share of no payer, and whose amounts it is the sum of": (
        [
            [
                TOTAL,
                Money("p", "share", None, None, 80.0),
                Money("p", "grant", 120_000.0, "l"),
                Money("p", "share", None, "y", 20.0),
            ]
        ],
        {A: 120_000.0, B: 40_000.0},
        ["sum_of_parts"],
    ),
    "a grant, and a later announcement tells who gives which part": (
        [
            [Money("p", "grant", 160_000.0)],
            [Money("p", "grant", 120_000.0, "l"), Money("p", "grant", 40_000.0, "y")],
        ],
        {A: 120_000.0, B: 40_000.0},
        ["sum_of_parts"],
    ),
    "who gives which part, and a later announcement tells the grant": (
        [
            [Money("p", "grant", 120_000.0, "l"), Money("p", "grant", 40_000.0, "y")],
            [Money("p", "grant", 160_000.0)],
        ],
        {A: 120_000.0, B: 40_000.0},
        ["sum_of_parts"],
    ),
    "a grant of which one part is told": (
        [[Money("p", "grant", 100_000.0), Money("p", "grant", 60_000.0, "l")]],
        {A: 60_000.0, None: 40_000.0},
        [],
    ),
    "one part in each of two announcements, and the grant in a third": (
        [
            [Money("p", "grant", 60_000.0, "l")],
            [Money("p", "grant", 100_000.0)],
            [Money("p", "grant", 30_000.0, "y")],
        ],
        {A: 60_000.0, B: 30_000.0, None: 10_000.0},
        [],
    ),
    "a part of no payer beside who gave more": (
        [[Money("p", "grant", 120_000.0, "l"), Money("p", "grant", 40_000.0)]],
        {A: 120_000.0},
        ["may_be_part"],
    ),
    "two amounts of no payer": (
        [[Money("p", "grant", 69_000.0), Money("p", "grant", 48_300.0)]],
        {None: 69_000.0},
        ["may_be_part"],
    ),
    "the same grant in two announcements": (
        [[Money("p", "grant", 70_000.0)], [Money("p", "grant", 70_000.0)]],
        {None: 70_000.0},
        ["repeated"],
    ),
    "another grant in a later announcement": (
        [[Money("p", "grant", 90_000.0)], [Money("p", "grant", 70_000.0)]],
        {None: 70_000.0},
        ["superseded"],
    ),
    "another grant as a share in a later announcement": (
        [[Money("p", "grant", 90_000.0)], [TOTAL, Money("p", "share", None, None, 40.0)]],
        {None: 80_000.0},
        ["superseded"],
    ),
    "a later part of no payer is no other whole": (
        [
            [Money("p", "grant", 160_000.0)],
            [Money("p", "grant", 120_000.0, "l"), Money("p", "grant", 40_000.0)],
        ],
        {A: 120_000.0, None: 40_000.0},
        ["may_be_part"],
    ),
    "a named part in two announcements": (
        [
            [Money("p", "grant", 100_000.0), Money("p", "grant", 60_000.0, "l")],
            [Money("p", "grant", 60_000.0, "l")],
        ],
        {A: 60_000.0, None: 40_000.0},
        ["repeated"],
    ),
    "the lead's own share is no part of a grant": (
        [
            [
                TOTAL,
                Money("p", "grant", 160_000.0),
                Money("p", "share", None, "o", 20.0),
                Money("p", "grant", 120_000.0, "l"),
            ]
        ],
        {A: 120_000.0, None: 40_000.0},
        [],
    ),
    "nor is own funding": (
        [[Money("p", "grant", 100_000.0), Money("p", "own", 60_000.0, "y")]],
        {None: 100_000.0},
        [],
    ),
    "a named whole beside named parts, and alone": (
        [
            [Money("p", "grant", 90_000.0, "l")],
            [
                Money("p", "grant", 90_000.0, "l"),
                Money("p", "grant", 60_000.0, "y"),
                Money("p", "grant", 30_000.0, "o"),
            ],
            [Money("p", "grant", 90_000.0, "l")],
        ],
        {B: 60_000.0, "Kuusamäen kaupunki": 30_000.0},
        ["repeated", "repeated", "sum_of_parts"],
    ),
    "a named whole beside parts of no payer": (
        [
            [
                Money("p", "grant", 90_000.0, "l"),
                Money("p", "grant", 60_000.0),
                Money("p", "grant", 30_000.0),
            ]
        ],
        {A: 90_000.0},
        ["may_be_part", "may_be_part"],
    ),
    "a sum of several projects in one announcement, alone in another": (
        [
            [Money("p", "grant", 100_000.0)],
            [
                Money("p", "grant", 100_000.0),
                Money("p", "grant", 70_000.0, "l"),
                Money("q", "grant", 30_000.0, "l"),
            ],
        ],
        {A: 70_000.0},
        ["sum_of_projects", "sum_of_projects"],
    ),
}


def told(folder: Path, announcements: list[list[Money]]) -> Loaded:
    posts = [
        announced(f"{number}", *amounts, published=date(2020 + number, 1, 1))
        for number, amounts in enumerate(announcements)
    ]
    return loaded(folder, posts)


@pytest.mark.parametrize("case", CASES)
def test_a_whole_counts_what_its_named_parts_leave_of_it(tmp_path: Path, case: str) -> None:
    announcements, expected, why_not = CASES[case]
    found = told(tmp_path, announcements)
    of_bridge = found.funding("Uudet sillat").query("granted")
    assert sorted(of_bridge["why_not"].dropna()) == why_not
    sums = of_bridge[of_bridge["counted"]].sum_by("funder")
    names = [None if pd.isna(name) else name for name in sums["funder"]]
    assert dict(zip(names, sums["eur"], strict=True)) == expected
    (row,) = found.overview().query("name == 'Uudet sillat'").to_dict("records")
    assert row["granted_eur"] == sum(expected.values())
    with (found.folder / "exports" / "projects_eura.csv").open(encoding="utf-8-sig") as file:
        (listed,) = (
            line["Myönnetty EU- ja valtion rahoitus"]
            for line in csv.DictReader(file, delimiter=";")
            if line["Hankkeen nimi"] == "Uudet sillat"
        )
    assert listed == f"{row['granted_eur']:.2f}".replace(".", ",")


AMOUNTS = st.lists(
    st.tuples(
        st.sampled_from(["p", "q"]),
        st.sampled_from(["d1", "d2", "d3"]),
        st.sampled_from(["grant", "share", "own", "applied", "total"]),
        st.integers(1, 9),
        st.sampled_from([None, None, "o", "l", "y"]),
    ),
    max_size=9,
)
Amount = tuple[str, str, str, int, str | None]


def funding(amounts: list[Amount]) -> list[tuple[str, str | None, float, float]]:
    """Project, payer, said and counted euros of each grant; projects cost 100 €, ``o`` leads."""
    with closing(sqlite3.connect(":memory:")) as file:
        for table in TABLES:
            columns = ", ".join(f'"{name}"' for name in table.column_names)
            file.execute(f"CREATE TABLE {table.name} ({columns})")
        file.executemany(
            "INSERT INTO documents (doc_id, published) VALUES (?, ?)",
            [("d1", "2021-01-01"), ("d2", "2022-01-01"), ("d3", None)],
        )
        file.executemany(
            "INSERT INTO projects (project_id, name, kind, total_budget_eur) "
            "VALUES (?, ?, 'project', 100.0)",
            [("p", "P"), ("q", "Q")],
        )
        file.executemany(
            "INSERT INTO organisations (organisation_id, name) VALUES (?, ?)",
            [(key, key.upper()) for key in "oly"],
        )
        file.execute(
            "INSERT INTO participations (project_id, organisation_id, part) VALUES ('p','o','lead')"
        )
        for at, (project, doc, kind, tens, payer) in enumerate(amounts):
            euros, share = (None, 10.0 * tens) if kind == "share" else (10.0 * tens, None)
            file.execute(
                "INSERT INTO budgets (budget_id, project_id, doc_id, start_char, kind, amount, "
                "share_pct, organisation_id, confidence) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0.9)",
                (f"b{at}", project, doc, at, kind, euros, share, payer),
            )
        file.execute(FUNDING.ddl)
        return file.execute(
            "SELECT project_id, funder_id, said_eur, coalesce(eur, 0) FROM funding WHERE granted"
        ).fetchall()


@given(AMOUNTS)
def test_granted_is_at_most_what_the_named_give_or_the_largest_whole(amounts: list[Amount]) -> None:
    rows = funding(amounts)
    for project in ("p", "q"):
        own = [row for row in rows if row[0] == project]
        named = sum(said for _, payer, said, _ in own if payer)
        unnamed = max((said for _, payer, said, _ in own if not payer), default=0)
        assert 0 <= sum(eur for *_, eur in own) <= max(named, unnamed)
        assert all(0 <= eur <= said for _, _, said, eur in own)


@given(AMOUNTS)
def test_no_grant_of_one_announcement_is_lost(amounts: list[Amount]) -> None:
    rows = funding([("p", "d1", "grant", tens, payer) for *_, tens, payer in amounts])
    assert sum(eur for *_, eur in rows) >= max((said for _, _, said, _ in rows), default=0)


def test_what_came_to_be_of_a_grant_is_no_second_one(tmp_path: Path) -> None:
    text = (
        "Myönnetty EU- ja valtion rahoitus: 318 450\n"
        "Toteutunut EU- ja valtion rahoitus: 301 207\n"
        "Hankkeessa on toteutunut kaikki.\n"
        "Kunnan tuki: 20 000"
    )
    made = announced(
        "a",
        Money("p", "grant", 318_450.0, "l"),
        Money("p", "grant", 301_207.0, "l"),
        Money("p", "grant", 20_000.0, "y"),
    )
    places = [text.index(said) for said in ("318 450", "301 207", "20 000")]
    record = msgspec.structs.replace(
        made,
        announcement=msgspec.structs.replace(made.announcement, text=text),
        budgets=tuple(
            msgspec.structs.replace(one, start=at, end=at + 6)
            for one, at in zip(made.budgets, places, strict=True)
        ),
    )
    money = loaded(tmp_path, [record]).funding()
    assert sorted(money["eur"].dropna()) == [20_000.0, 318_450.0]
    assert set(money["why_not"].dropna()) == {"came_to_be"}
