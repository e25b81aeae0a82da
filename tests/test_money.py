"""Amounts of money and percentages in every notation, and numbers that are neither."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.extract.finds import MoneyFind, PercentFind
from pipeline.extract.money import find_money
from pipeline.extract.numerals import read_digits, read_written

CASES = Path(__file__).parent / "cases" / "money.csv"


def cases() -> list[dict[str, str]]:
    lines = CASES.read_text(encoding="utf-8").splitlines()
    return list(csv.DictReader(line for line in lines if not line.startswith("#")))


def shown(find: MoneyFind | PercentFind) -> tuple[str, str]:
    """Value and currency as the table of cases writes them."""
    if isinstance(find, PercentFind):
        return f"{find.percent:g}%", ""
    low, high = f"{find.low:.12g}", f"{find.high:.12g}"
    return (low if low == high else f"{low}-{high}"), find.currency


@pytest.mark.parametrize("case", cases(), ids=lambda case: case["text"])
def test_cases(case: dict[str, str]) -> None:
    text = case["text"]
    finds = find_money(text)
    if not case["amount"]:
        assert finds == []
        return
    found = case["found"].split("|") if case["found"] else [text]
    assert [text[find.start : find.end] for find in finds] == found
    amounts, currencies = case["amount"].split("|"), case["currency"].split("|")
    assert [shown(find) for find in finds] == list(zip(amounts, currencies, strict=True))


@pytest.mark.parametrize(
    ("text", "approximate"),
    [
        ("noin 27 000 euroa", True),
        ("n. 5 000 €", True),
        ("vajaat 20 000 euroa", True),
        ("yli 90 euroa", True),
        ("27 000 euroa", False),
        ("enintään 18 500 euroa", False),  # exact, though a ceiling
    ],
)
def test_words_that_make_an_amount_approximate(text: str, approximate: bool) -> None:
    (find,) = find_money(text)
    assert isinstance(find, MoneyFind)
    assert find.approximate is approximate
    assert text[find.start].isdigit()  # the word itself stays outside


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("Kokonaiskustannukset: 786 500", 786_500),
        ("Kustannusarvio (€)\n120 000", 120_000),
        ("Myönnetty EU- ja valtion rahoitus:\n\n165 443,20\n", 165_443.2),
        ("Rahoitus: 80", None),  # too small to be sure
        ("Avustusvuosi: 2021", None),
        ("Osallistujia: 1 200", None),
        ("Tuki-%: 2021", None),
        ("Kustannusarvio (€) 120 000", 120_000),
    ],
)
def test_a_number_alone_behind_a_money_label(text: str, amount: float | None) -> None:
    finds = find_money(text)
    assert [find.amount for find in finds if isinstance(find, MoneyFind)] == (
        [amount] if amount else []
    )


def test_a_lone_percentage_behind_its_label() -> None:
    assert [shown(find) for find in find_money("Tukiprosentti: 70\nTuki-%\n80\nTuki-% 90,5")] == [
        ("70%", ""),
        ("80%", ""),
        ("90.5%", ""),
    ]


def test_a_range_of_thousands_of_parts_is_read_to_its_end() -> None:
    finds = find_money("–".join(["50"] * 3_000) + " %")
    assert shown(finds[-1]) == ("50%", "")


TABLE = """\
HANKE\tHAKIJA\tTUKI, €\tTUKI-%\tKESTO
Kylä soi\tKuuselan kyläyhdistys ry\t164 918\t70\t2022–2024
Laituri 2\tKuuselan kunta\t8 400\t100\t2023

Osallistujia oli 1 200.
"""


def test_columns_of_a_table_take_their_unit_from_the_heading() -> None:
    finds = find_money(TABLE)
    assert [(TABLE[find.start : find.end], *shown(find)) for find in finds] == [
        ("164 918", "164918", "EUR"),
        ("70", "70%", ""),
        ("8 400", "8400", "EUR"),
        ("100", "100%", ""),
    ]


def test_a_heading_may_scale_its_column() -> None:
    finds = find_money("Hanke | Kustannukset (1 000 €)\nKylä soi | 165,5\n")
    assert [shown(find) for find in finds] == [("165500", "EUR")]


def test_a_table_without_money_gives_nothing() -> None:
    assert find_money("Kunta\tAsukkaita\nKuusela\t12 400\n") == []


def test_an_amount_may_break_over_a_line_but_not_over_a_paragraph() -> None:
    assert len(find_money("kuntaosuus on 72 000\neuroa")) == 1
    assert find_money("sivu 72 000\n\neuroa") == []


SPACES = st.sampled_from([" ", "\u00a0", "\u202f", "\u2009", ".", ""])


def grouped(value: int, space: str) -> str:
    return f"{value:,}".replace(",", space)


@given(st.integers(1, 10**10), SPACES, st.sampled_from([" euroa", " €", "€", " EUR", "\u00a0€"]))
def test_a_whole_amount_is_read_back(value, space, unit) -> None:
    text = f"Avustus on {grouped(value, space)}{unit}, josta"
    (find,) = find_money(text)
    assert isinstance(find, MoneyFind)
    assert (find.amount, find.low, find.high) == (value, value, value)
    assert text[find.start : find.end] == grouped(value, space) + unit


@given(st.integers(1, 10**9), st.integers(0, 99), SPACES)
def test_cents_are_read_back(whole, cents, space) -> None:
    (find,) = find_money(f"{grouped(whole, space)},{cents:02} euroa")
    assert isinstance(find, MoneyFind)
    assert find.amount == pytest.approx(whole + cents / 100)


@given(st.integers(1, 999), st.integers(0, 99), st.sampled_from([" milj. euroa", " M€", " MEUR"]))
def test_millions_are_read_back(whole, hundredths, unit) -> None:
    (find,) = find_money(f"{whole},{hundredths:02}{unit}")
    assert isinstance(find, MoneyFind)
    assert find.amount == pytest.approx((whole + hundredths / 100) * 1_000_000)


@given(st.integers(1, 500_000), st.integers(1, 500_000), st.sampled_from(["–", "-", " – "]))
def test_a_range_is_read_back(low, length, dash) -> None:
    high = low + length
    text = f"{low}{dash}{high} euroa"
    (find,) = find_money(text)
    assert isinstance(find, MoneyFind)
    assert find.high == high
    assert find.low in (low, low * 1000)  # "5–10 000" means thousands


ONES = [
    "",
    "yksi",
    "kaksi",
    "kolme",
    "neljä",
    "viisi",
    "kuusi",
    "seitsemän",
    "kahdeksan",
    "yhdeksän",
]


def written(number: int) -> str:
    """The nominative of a whole number below a million."""
    if number >= 1000:
        head, tail = divmod(number, 1000)
        return ("tuhat" if head == 1 else written(head) + "tuhatta") + written(tail)
    if number >= 100:
        head, tail = divmod(number, 100)
        return ("sata" if head == 1 else ONES[head] + "sataa") + written(tail)
    if number >= 20:
        return ONES[number // 10] + "kymmentä" + ONES[number % 10]
    if number > 10:
        return ONES[number - 10] + "toista"
    return "kymmenen" if number == 10 else ONES[number]


@given(st.integers(1, 999_999))
def test_a_written_number_is_read_back(number) -> None:
    assert read_written(written(number)) == number


@pytest.mark.parametrize("word", ["toista", "hanke", "kolmivuotinen", "", "viisikko", "sadas"])
def test_words_that_are_no_numbers(word: str) -> None:
    assert read_written(word) is None


def test_a_point_groups_unless_a_multiplier_follows() -> None:
    assert read_digits("1.250") == 1250
    assert read_digits("1.250", scaled=True) == 1.25


PIECES = st.sampled_from([case["text"] for case in cases()] + ["–", ",", "ja", "\n", "2021", "%"])


@given(st.lists(PIECES, max_size=10))
def test_finds_are_in_order_and_never_cross(pieces) -> None:
    check_spans(" ".join(pieces))


@given(st.text(max_size=200))
def test_any_text_is_safe(text) -> None:
    check_spans(text)


def check_spans(text: str) -> None:
    last = 0
    for find in find_money(text):
        assert last <= find.start < find.end <= len(text)
        assert text[find.start : find.end].strip() == text[find.start : find.end]
        last = find.end
