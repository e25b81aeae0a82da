"""Identifiers as registers write them, and numbers that only look like them."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.fi import ytunnus

from pipeline.contact_forms import is_office
from pipeline.extract.identifiers import find_identifiers

CASES = Path(__file__).parent / "cases" / "identifiers.csv"


def cases() -> list[dict[str, str]]:
    lines = CASES.read_text(encoding="utf-8").splitlines()
    return list(csv.DictReader(line for line in lines if not line.startswith("#")))


@pytest.mark.parametrize("case", cases(), ids=lambda case: case["text"])
def test_cases(case: dict[str, str]) -> None:
    text = case["text"]
    finds = [
        (find.scheme, text[find.start : find.end], find.value, find.valid)
        for find in find_identifiers(text)
    ]
    if not case["scheme"]:
        assert finds == []
        return
    valid = {"true": True, "false": False, "": None}[case["valid"]]
    assert finds == [(case["scheme"], case["found"] or text, case["value"], valid)]


def test_a_contact_line_gives_its_parts_in_order() -> None:
    text = "projektipäällikkö Ilma Testi, puh. 040 000 1234, ilma.testi(at)esimerkki.fi, www.x.fi/a"
    assert [find.scheme for find in find_identifiers(text)] == ["phone", "email", "url"]


def test_two_numbers_side_by_side_stay_apart() -> None:
    text = "puh. 040 000 1234, 050 000 0606 tai 014 000 0808"
    assert [find.value for find in find_identifiers(text)] == [
        "+358400001234",
        "+358500000606",
        "+358140000808",
    ]


def with_check_digit(body: str) -> str | None:
    for digit in "0123456789":
        if ytunnus.is_valid(f"{body}-{digit}"):
            return f"{body}-{digit}"
    return None  # remainder 1: no such number is given out


@pytest.mark.parametrize(
    ("address", "office"),
    [
        ("info@kunta.example", True),
        ("Kirjaamo.Oulu@kunta.example", True),
        ("hame_toimisto@kunta.example", True),
        ("viestinta[at]kunta.example", True),
        ("outi.koivuranta@kunta.example", False),
        ("outi@info.example", False),
        ("informatiikka@kunta.example", False),
        ("info", False),
    ],
)
def test_addresses_of_offices(address: str, *, office: bool) -> None:
    assert is_office(address) is office


@given(st.from_regex(r"[0-3]\d{6}", fullmatch=True))
def test_a_business_id_with_its_check_digit_is_found_without_a_label(body) -> None:
    number = with_check_digit(body)
    if number is None:
        return
    (find,) = find_identifiers(f"Kuusela Oy ({number}) vastaa hankkeesta.")
    assert (find.scheme, find.value, find.valid) == ("y_tunnus", number, True)


@given(st.from_regex(r"0(?:4[0-6]|50)", fullmatch=True), st.integers(0, 9_999_999))
def test_a_mobile_number_is_one_value_in_every_grouping(prefix, number) -> None:
    digits = f"{number:07}"
    value = f"+358{prefix[1:]}{digits}"
    for written in (
        f"{prefix} {digits[:3]} {digits[3:]}",
        f"{prefix}-{digits}",
        f"{prefix}{digits}",
        f"+358 {prefix[1:]} {digits}",
        f"+358{prefix[1:]}{digits}",
        f"{prefix} {digits[:3]} {digits[3:5]} {digits[5:]}",
    ):
        (find,) = find_identifiers(f"Soita {written}.")
        assert (find.scheme, find.value) == ("phone", value)


LOCAL = st.from_regex(r"[a-z]{2,10}(?:\.[a-z]{2,10})?", fullmatch=True)


@given(LOCAL, st.from_regex(r"[a-z]{2,12}\.fi", fullmatch=True))
def test_an_address_is_one_value_however_it_is_hidden(local, domain) -> None:
    for at in ("@", "(at)", " (at) ", "[at]", " @ "):
        finds = find_identifiers(f"Lisätietoja: {local}{at}{domain}, kiitos")
        if local in ("etunimi", "etunimi.sukunimi"):
            continue
        assert [find.value for find in finds] == [f"{local}@{domain}"]


PIECES = st.sampled_from([case["text"] for case in cases()] + [",", "\n", "(", "0", "/", "-"])


@given(st.lists(PIECES, max_size=8))
def test_finds_are_in_order_and_never_cross(pieces) -> None:
    check_spans(" ".join(pieces))


@given(st.text(max_size=200))
def test_any_text_is_safe(text) -> None:
    check_spans(text)


def check_spans(text: str) -> None:
    last = 0
    for find in find_identifiers(text):
        assert last <= find.start < find.end <= len(text)
        assert text[find.start : find.end].strip() == text[find.start : find.end]
        assert find.value == find.value.strip()
        last = find.end
