"""Finnish date expressions: notations, cases, ranges, relative dates, and what is no date."""

from __future__ import annotations

import csv
import time
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import lexicon
from pipeline.extract.dates import find_dates, with_bare_years
from pipeline.extract.finds import DateFind

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared" / "eval" / "dates.csv"
MONTHS = {number: stem + "kuu" for stem, number in lexicon.settings("months")["stems"].items()}


def cases(path: Path) -> list[dict[str, str]]:
    if not path.exists():
        return []
    lines = path.read_text(encoding="utf-8").splitlines()
    return list(csv.DictReader(line for line in lines if not line.startswith("#")))


def day(raw: str) -> date | None:
    return date.fromisoformat(raw) if raw else None


@pytest.mark.parametrize(
    "case", cases(ROOT / "tests/cases/dates.csv"), ids=lambda c: f"{c['text']} {c['reference']}"
)
def test_own_cases(case: dict[str, str]) -> None:
    text = case["text"]
    finds = find_dates(text, day(case["reference"]))
    if not case["precision"]:
        assert finds == []
        return
    found = case["found"].split("|") if case["found"] else [text]
    ends = {"-": None, "?": None}
    expected = [
        (cut, ends.get(first, first), ends.get(last, last), precision)
        for cut, first, last, precision in zip(
            found,
            case["start"].split("|"),
            case["end"].split("|"),
            case["precision"].split("|"),
            strict=True,
        )
    ]
    assert [
        (
            text[find.start : find.end],
            find.first.isoformat() if find.first else None,
            find.last.isoformat() if find.last else None,
            find.precision,
        )
        for find in finds
    ] == expected
    if case["start"] == "?":
        assert all(find.relative for find in finds)


@pytest.mark.skipif(not SHARED.exists(), reason="the shared evaluation set isn't beside the repo")
@pytest.mark.parametrize("case", cases(SHARED), ids=lambda c: f"{c['text']} {c['reference']}")
def test_shared_cases(case: dict[str, str]) -> None:
    finds = find_dates(case["text"], day(case["reference"]))
    if case["precision"]:
        assert [(find.first, find.last, find.precision) for find in finds] == [
            (day(case["start"]), day(case["end"]), case["precision"])
        ]
    else:
        assert all(find.first is None and find.last is None for find in finds)


def test_shared_cases_are_all_there() -> None:
    if not SHARED.exists():
        pytest.skip("the shared evaluation set isn't beside the repo")
    assert len(cases(SHARED)) >= 62


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("1.2.2023 alkaen", "day-from"),
        ("keväästä 2022", "season-from"),
        ("vuoteen 2027", "year-until"),
        ("31.12.2025 mennessä", "day-until"),
        ("vuosina 2021–2023", "year-range"),
        ("toimintaohjelma Kestävä Kuusela 2021–2027", "name-years"),
        ("Kestävä ja elävä Kuusela 2021–2027 -ohjelma", "name-years"),
        ("hanke (2021–2027)", "year-range"),
        ("Hankkeen toteutusaika 2021–2027", "year-range"),
    ],
)
def test_the_rule_says_what_the_expression_bounds(text: str, rule: str) -> None:
    assert [find.rule for find in find_dates(text, None)] == [rule]


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("Ruutupaperi-sarjakuvapaja 2018", ["2018"]),
        ("Pajaa ajettiin Ylä-Savossa 2021. Siitä opittiin.", ["2021"]),
        ("Kyläpenkit | 2014 | Lahden seurakuntayhtymä", ["2014"]),
        ("Hanke alkoi vuonna 2020 ja toinen 1.3.2021.", []),  # these are dates already
        ("Vuosi 1850, paikka 2050, puhelin 20201", []),
    ],
)
def test_years_that_nothing_marks_are_found_apart(text: str, years: list[str]) -> None:
    dates = find_dates(text, None)
    found = [one for one in with_bare_years(text, dates) if one not in dates]
    assert [text[one.start : one.end] for one in found] == years
    assert all(one.first == date(int(y), 1, 1) for one, y in zip(found, years, strict=True))


def test_both_ends_have_their_own_precision() -> None:
    (find,) = find_dates("syksystä 2022 31.12.2024 asti", None)
    assert (find.first_precision, find.last_precision) == ("season", "day")
    assert find.is_range


def test_a_line_break_inside_prose_does_not_cut_a_date() -> None:
    text = "Kausi päättyy elokuun\nlopussa 2026."
    (find,) = find_dates(text, None)
    assert text[find.start : find.end] == "elokuun\nlopussa 2026"


def test_a_blank_line_ends_a_date() -> None:
    finds = find_dates("Luotu 9.3.2023 –\n\n17.5.2024", None)
    assert [find.rule for find in finds] == ["day-from", "day"]
    assert find_dates("elokuu\n\n2023", None)[0].relative


DAYS = st.dates(date(1950, 1, 1), date(2089, 12, 31))
DAY_NOTATIONS = [
    lambda d: f"{d.day}.{d.month}.{d.year}",
    lambda d: f"{d.day:02}.{d.month:02}.{d.year}",
    lambda d: f"{d.day}. {d.month}. {d.year}",
    lambda d: d.isoformat(),
    lambda d: f"{d.day}. {MONTHS[d.month]}ta {d.year}",
    lambda d: f"{d.day}. päivänä {MONTHS[d.month]}ta {d.year}",
    lambda d: f"{MONTHS[d.month]}n {d.day}. päivänä {d.year}",
]


@given(DAYS, st.sampled_from(DAY_NOTATIONS), st.dates())
def test_a_day_is_read_back_in_every_notation(day, notation, reference) -> None:
    written = notation(day)
    text = f"Kokous on {written} kirjastossa."
    (find,) = find_dates(text, reference)
    assert (find.first, find.last, find.precision) == (day, day, "day")
    assert text[find.start : find.end] == written


@given(DAYS, st.integers(1, 4000), st.sampled_from(["–", "-", " – ", " - ", "—"]))
def test_a_range_of_days_is_read_back(start, length, dash) -> None:
    end = start + timedelta(days=length)
    text = f"{start.day}.{start.month}.{start.year}{dash}{end.day}.{end.month}.{end.year}"
    (find,) = find_dates(text, None)
    assert (find.first, find.last, find.is_range) == (start, end, True)


@given(
    st.integers(1, 12),
    st.integers(1950, 2089),
    st.sampled_from(list(lexicon.settings("months")["forms"].values())),
)
def test_a_month_is_read_back_in_every_case(month, year, ending) -> None:
    text = f"{MONTHS[month].removesuffix('kuu')}{ending} {year}"
    (find,) = find_dates(text, None)
    assert find.first == date(year, month, 1)
    assert find.last is not None
    assert find.last + timedelta(days=1) == date(year + month // 12, month % 12 + 1, 1)


WORDS = st.sampled_from(
    [case["text"] for case in cases(ROOT / "tests/cases/dates.csv")]
    + ["Hanke", "alkoi", "ja", "–", "(", ")", ",", ".", "\n", "\n\n", "2021", "12", "3.", "/", ":"]
)


@given(st.lists(WORDS, max_size=12), st.one_of(st.none(), DAYS))
def test_finds_are_in_order_and_never_cross(words, reference) -> None:
    text = " ".join(words)
    finds = find_dates(text, reference)
    check_spans(text, finds)
    for find in finds:
        if find.first and find.last:
            assert find.first <= find.last
        if not find.relative:
            assert find.first or find.last


@given(st.text(max_size=200), DAYS)
def test_any_text_is_safe(text, reference) -> None:
    check_spans(text, find_dates(text, reference))


def check_spans(text: str, finds: list[DateFind]) -> None:
    last = 0
    for find in finds:
        assert last <= find.start < find.end <= len(text)
        assert text[find.start : find.end].strip() == text[find.start : find.end]
        last = find.end


def test_a_page_takes_milliseconds() -> None:
    page = "Hanke alkoi elokuussa 2022 ja päättyy 31.7.2024. Mukana on viisi kuntaa. " * 55
    find_dates(page, date(2023, 1, 1))
    begin = time.perf_counter()
    find_dates(page, date(2023, 1, 1))
    assert time.perf_counter() - begin < 0.25  # some 5 ms on an idle machine
