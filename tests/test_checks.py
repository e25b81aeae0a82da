"""What cannot be, in announcements or in our reading, is told with its place."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
from money_cases import BRIDGE, ROAD, TOWN, Money, announced, loaded
from record_cases import organisation, project, record

from pipeline.records import Record


def checked(tmp_path: Path, *posts: Record) -> pd.DataFrame:
    return loaded(tmp_path, posts).checks.set_index("check")


def test_money_that_cannot_be_is_told_with_its_place(tmp_path: Path) -> None:
    found = checked(
        tmp_path,
        announced(
            "a",
            Money("p", "total", 100_000.0),
            Money("p", "grant", 170_000.0, "l"),
            Money("p", "share", None, "l", 70.0),
            Money("p", "share", None, "o", 40.0),
            Money("q", "share", None, None, 40.0),
        ),
        announced("b", Money("p", "total", 130_000.0), published=date(2022, 1, 1)),
    )
    grant = found.loc["grant_above_total"]
    assert grant["message_fi"] == "Rahoitus 170 000 € on enemmän kuin kokonaisbudjetti 100 000 €."
    assert (grant["severity"], grant["start_char"]) == ("error", 1)
    assert "yhteensä 110 %." in found.loc["shares_above_100"]["message_fi"]
    assert "130 000 €" in found.loc["two_totals"]["message_fi"]
    assert found.loc["share_without_payer"]["message_fi"] == "Osuus 40 %, mutta kenen?"


def test_each_language_writes_numbers_and_days_its_own_way(tmp_path: Path) -> None:
    found = checked(
        tmp_path,
        announced(
            "a",
            Money("p", "total", 1_000.5),
            Money("p", "grant", 1_200_000.0, "l"),
            Money("q", "share", None, None, 12.5),
        ),
        record(
            "b",
            [ROAD],
            [
                ("date", "q", "project_start", date(2024, 2, 1), date(2024, 2, 1)),
                ("date", "q", "project_end", date(2023, 12, 31), date(2023, 12, 31)),
            ],
        ),
    )
    grant, share, end = (
        found.loc[check]
        for check in ("grant_above_total", "share_without_payer", "end_before_start")
    )
    assert grant["message_fi"] == (
        "Rahoitus 1 200 000 € on enemmän kuin kokonaisbudjetti 1 000,50 €."
    )
    assert grant["message_en"] == (
        "The funding of €1,200,000 is more than the total budget of €1,000.50."
    )
    assert share["message_fi"] == "Osuus 12,5 %, mutta kenen?"
    assert share["message_en"] == "A share of 12.5%, but whose?"
    assert end["message_fi"] == "Hanke päättyy (31.12.2023) ennen kuin se alkaa (1.2.2024)."
    assert end["message_en"] == "The project ends (2023-12-31) before it starts (2024-02-01)."


def test_two_periods_are_told_in_both_languages(tmp_path: Path) -> None:
    def post(source: str, *days: date) -> Record:
        return record(source, [BRIDGE], [("date", "p", "project_period", *days)])

    early, late = (date(2019, 6, 1), date(2020, 9, 30)), (date(2023, 1, 1), date(2024, 12, 31))
    told = checked(tmp_path, post("a", *early), post("b", *late)).loc["two_periods"]
    assert told["message_fi"].endswith("”Uudet sillat” ja 1.1.2023–31.12.2024.")
    assert told["message_en"].endswith("“Uudet sillat” and 2023-01-01–2024-12-31.")


def test_what_payers_give_together_is_at_most_the_total(tmp_path: Path) -> None:
    def remarks(source: str, *amounts: Money) -> list[str]:
        found = checked(tmp_path / source, announced(source, Money("p", "total", 100.0), *amounts))
        return found.index.tolist()

    one, other = Money("p", "grant", 70.0, "l"), Money("p", "own", 40.0, "o")
    assert remarks("a", one, other) == ["parts_above_total"]
    assert remarks("b", one, Money("p", "own", 30.0, "o")) == []
    assert remarks("c", one, Money("p", "grant", 70.0, "l")) == []  # said twice
    whole = Money("p", "grant", 100.0, "y")
    assert remarks("d", whole, Money("p", "grant", 60.0, "l"), Money("p", "own", 40.0, "o")) == []


def test_amounts_without_a_payer_are_parts_too(tmp_path: Path) -> None:
    def remarks(source: str, *amounts: Money) -> list[str]:
        found = checked(tmp_path / source, announced(source, Money("p", "total", 100.0), *amounts))
        return found.index.tolist()

    grant, own = Money("p", "grant", 70.0), Money("p", "own", 40.0, "o")
    assert remarks("a", grant, own) == ["parts_above_total"]
    assert remarks("b", grant, Money("p", "own", 40.0)) == ["parts_above_total"]
    assert remarks("c", grant, Money("p", "own", 30.0)) == []
    # Said again of its payer, and the sum of what two give.
    assert remarks("d", grant, Money("p", "grant", 70.0, "l"), Money("p", "own", 30.0, "o")) == []
    two = (Money("p", "grant", 50.0, "l"), Money("p", "grant", 20.0, "y"))
    assert remarks("e", grant, *two, Money("p", "own", 30.0, "o")) == []


def test_shares_that_one_payer_seems_to_give_add_up(tmp_path: Path) -> None:
    def remarks(source: str, *shares: float) -> list[str]:
        amounts = [Money("p", "share", None, "l", share) for share in shares]
        return checked(tmp_path / source, announced(source, *amounts)).index.tolist()

    assert remarks("a", 70.0, 40.0) == ["shares_above_100"]
    assert remarks("b", 70.0, 30.0) == []
    assert remarks("c", 70.0, 70.0) == []  # said twice


def test_a_share_of_no_payer_is_no_part_beside_those_it_is_the_sum_of(tmp_path: Path) -> None:
    def remarks(source: str, *shares: tuple[str | None, float]) -> list[str]:
        amounts = [Money("p", "share", None, payer, share) for payer, share in shares]
        found = checked(tmp_path / source, announced(source, *amounts))
        return found[found.index == "shares_above_100"]["message_en"].tolist()

    granted: list[tuple[str | None, float]] = [(None, 80.0), ("l", 60.0), ("y", 20.0)]
    assert remarks("a", *granted) == []
    assert remarks("b", *granted, ("o", 20.0)) == []  # what the lead pays itself is beside it
    assert remarks("c", *granted, ("o", 40.0)) == ["The shares of the funding add up to 120%."]
    assert remarks("d", (None, 80.0), (None, 30.0)) == ["The shares of the funding add up to 110%."]


def test_nobody_is_asked_whose_a_share_is_that_named_payers_add_up_to(tmp_path: Path) -> None:
    def asked(source: str, *shares: tuple[str | None, float]) -> list[str]:
        amounts = [Money("p", "share", None, payer, share) for payer, share in shares]
        found = checked(tmp_path / source, announced(source, *amounts))
        return found[found.index == "share_without_payer"]["message_en"].tolist()

    assert asked("a", (None, 80.0), ("l", 60.0), ("y", 20.0)) == []
    assert asked("b", (None, 80.0), ("l", 60.0)) == ["A share of 80%, but whose?"]
    assert asked("c", (None, 60.0), ("l", 60.0)) == []


def test_an_amount_of_no_payer_is_no_part_beside_named_ones(tmp_path: Path) -> None:
    def remarks(source: str, *amounts: Money) -> list[str]:
        found = checked(tmp_path / source, announced(source, Money("p", "total", 100.0), *amounts))
        return found.index.tolist()

    part, whole = Money("p", "grant", 60.0, "l"), Money("p", "grant", 80.0)
    assert remarks("a", part, whole, Money("p", "own", 20.0, "o")) == []
    assert remarks("b", part, whole, Money("p", "own", 30.0, "o")) == ["parts_above_total"]


def test_a_sum_for_several_projects_is_compared_with_their_totals_together(tmp_path: Path) -> None:
    post = announced(
        "a",
        Money("p", "total", 100_000.0),
        Money("q", "total", 120_000.0),
        Money("p", "grant", 176_000.0, "l"),
    )
    assert "grant_above_total" not in checked(tmp_path, post).index


def test_dates_leads_and_codes_that_cannot_be_are_told(tmp_path: Path) -> None:
    def post(source: str, start: date, end: date, published: date) -> Record:
        facts = [
            ("date", "p", "project_start", start, start),
            ("date", "p", "project_end", end, end),
            ("id", "hankekoodi", "?!", "project", "p"),
        ]
        return record(source, [BRIDGE], facts, published)

    found = checked(
        tmp_path,
        post("a", date(2023, 1, 1), date(2022, 1, 1), date(2023, 2, 1)),
        post("b", date(1923, 1, 1), date(2024, 1, 1), date(2023, 3, 1)),
    )
    assert "(1.1.2022)" in found.loc["end_before_start"]["message_fi"]
    assert "far off" in found.loc["far_date"]["message_en"]
    assert set(found.loc[["unknown_code"]]["severity"]) == {"warning"}


def test_two_sound_periods_of_two_announcements_end_before_no_start(tmp_path: Path) -> None:
    def post(source: str, *periods: tuple[date, date]) -> Record:
        return record(
            source, [BRIDGE], [("date", "p", "project_period", *days) for days in periods]
        )

    early, late = (date(2019, 6, 1), date(2021, 9, 30)), (date(2023, 1, 1), date(2055, 12, 31))
    apart = checked(tmp_path / "apart", post("a", early), post("b", late))
    assert "end_before_start" not in apart.index
    together = checked(tmp_path / "together", post("a", early, late))
    assert "end_before_start" in together.index


def test_a_lead_is_missed_only_where_much_is_told(tmp_path: Path) -> None:
    def post(source: str, *facts: tuple[object, ...]) -> Record:
        money_and_time = [
            ("total", "p", 100_000.0),
            ("date", "p", "project_start", date(2023, 1, 1), date(2023, 1, 1)),
        ]
        people = [organisation("o", "Kuusamäen kaupunki"), project("q", "Vanhat sillat")]
        return record(source, [BRIDGE, *people], [*money_and_time, *facts])

    def missed(*posts: Record) -> list[str]:
        found = checked(tmp_path / str(len(list(tmp_path.iterdir()))), *posts)
        return found[found.index == "no_lead"]["message_fi"].tolist()

    told = "Hankkeesta ”Uudet sillat” kerrotaan paljon, muttei kuka sen toteuttaa."
    assert missed(post("a"), post("b")) == [told]  # once a project; not of one only mentioned
    for part in ("lead", "coordinator", "implementer"):
        assert missed(post("a"), post("b", ("part", "p", "o", part))) == []
    assert missed(post("a", ("link", "q", "p", "continues"))) == []  # looked back on
    assert missed(post("a", ("part", "p", "o", "partner"))) == [told]


def test_sound_announcements_have_no_remarks(tmp_path: Path) -> None:
    facts = [
        ("part", "p", "o", "lead"),
        ("date", "p", "project_start", date(2023, 1, 1), date(2023, 1, 1)),
        ("date", "p", "project_end", date(2024, 1, 1), date(2024, 1, 1)),
        ("total", "p", 100_000.0),
        ("id", "hankekoodi", "S23187", "project", "p"),
    ]
    assert checked(tmp_path, record("a", [BRIDGE, TOWN], facts, date(2023, 2, 1))).empty
