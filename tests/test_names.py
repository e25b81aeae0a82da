"""Nominatives of inflected names: cases, evidence from the document, what must stay as it is."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from pipeline.names import (
    candidates,
    inflect,
    is_given_name,
    is_surname,
    nominative,
    split_colon,
    split_person,
    strip_degrees,
)
from pipeline.names.__main__ import measure
from pipeline.names.likelihood import log_likelihood

CASES = Path(__file__).parent / "cases" / "names_inflected.csv"
FAILING = Path(__file__).parent / "cases" / "names_failing.csv"


def rows(path: Path) -> list[dict[str, str]]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return list(csv.DictReader(line for line in lines if not line.startswith("#")))


@pytest.mark.parametrize("half", ["dev", "held"])
def test_unlisted_names_come_back_to_the_nominative(half: str) -> None:
    figures = [pair for (h, _), pair in measure(CASES).items() if h == half]
    right, total = sum(r for r, _ in figures), sum(t for _, t in figures)
    assert total > 240
    assert right / total >= 0.97, f"{right} of {total}"


def test_listed_names_come_back_to_the_nominative() -> None:
    listed = [row for row in rows(CASES) if row["listed"] == "yes"]
    wrong = [r for r in listed if nominative(r["inflected"], r["kind"]) != r["nominative"]]
    assert len(wrong) / len(listed) <= 0.02, wrong


@pytest.mark.parametrize("row", rows(FAILING), ids=lambda row: row["inflected"])
@pytest.mark.xfail(strict=True, reason="known to fail: see the comment of its row")
def test_known_failures(row: dict[str, str]) -> None:
    assert nominative(row["inflected"], row["kind"]) == row["nominative"]


@pytest.mark.parametrize("row", rows(CASES)[::7], ids=lambda row: row["inflected"])
def test_a_nominative_stays_one(row: dict[str, str]) -> None:
    assert nominative(row["nominative"], row["kind"], case="Nom") == row["nominative"]


@pytest.mark.parametrize(
    ("text", "kind", "known", "case", "expected"),
    [
        ("Nurmen", "person", (), None, "Nurmi"),
        ("Salo", "person", (), None, "Salo"),
        ("Virta", "person", (), None, "Virta"),
        ("Lahti", "place", (), None, "Lahti"),
        ("Merran", "person", ("Kaarina Merta",), None, "Merta"),
        ("Autin", "person", ("Autti",), None, "Autti"),
        ("Autin", "person", ("Auti",), None, "Auti"),
        ("Nalkalan", "person", (), "Gen", "Nalkala"),
        ("Yhteisellä matkalla", "project", (), "Nom", "Yhteisellä matkalla"),
        ("Yhteisellä matkalla", "project", (), None, "Yhteinen matka"),
        ("Salmen Olavia", "person", (), None, "Olavi Salmi"),
        ("Merralle", "person", ("Merran",), None, "Merta"),
        # Another's given name is no evidence for a family name; nor are the name's own words.
        ("Kaisa Levin", "person", ("Levi Aho",), None, "Kaisa Levin"),
        ("Kaarina Merta", "person", ("Kaarina Meri",), None, "Kaarina Meri"),
        ("Kaarina Merta", "person", (), "Par", "Kaarina Meri"),
        ("Humakilta", "organisation", (), None, "Humak"),
        (
            "Kansallisessa koulutuksen arviointikeskuksessa",
            "organisation",
            (),
            None,
            "Kansallinen koulutuksen arviointikeskus",
        ),
        ("Kemin kaupungin", "organisation", (), None, "Kemin kaupunki"),
        ("Hämäläisen säätiön", "organisation", (), None, "Hämäläisen säätiö"),
        ("Silta töihin", "project", (), None, "Silta töihin"),
        ("Isoon-Britanniaan", "place", (), None, "Iso-Britannia"),
        ("”Kuntopolun”", "project", (), None, "Kuntopolku"),
        ("", "project", (), None, ""),
    ],
)
def test_evidence(
    text: str, kind: str, known: tuple[str, ...], case: str | None, expected: str
) -> None:
    assert nominative(text, kind, known, case) == expected


@pytest.mark.parametrize(
    ("name", "given", "family"),
    [
        ("Carl af Holmqvarn", "Carl", "af Holmqvarn"),
        ("Kaisa-Maria Rantajoki", "Kaisa-Maria", "Rantajoki"),
        ("Anna Liisa Heinonen-Tolonen", "Anna Liisa", "Heinonen-Tolonen"),
        ("Kaisa-Maria", "Kaisa-Maria", None),
        ("Korhonen", None, "Korhonen"),
        ("Rantaharju", None, "Rantaharju"),
    ],
)
def test_split_person(name: str, given: str | None, family: str | None) -> None:
    assert split_person(name) == (given, family)


def test_lists_of_people_s_names() -> None:
    assert is_given_name("Kaisa-Maria")
    assert is_given_name("Máret")
    assert is_surname("Heinonen-Tolonen")
    assert not is_given_name("Hanke")
    assert not is_surname("Kuntayhtymä")


def test_strip_degrees() -> None:
    assert strip_degrees("FM Maija Aho, KTM") == ("Maija Aho", ("FM", "KTM"))
    assert strip_degrees("Olli Aho, insinööri (AMK)") == ("Olli Aho", ("insinööri (AMK)",))
    assert strip_degrees("Maija Aho") == ("Maija Aho", ())


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("STM:ltä", ("STM", "Abl")),
        ("EU:hun", ("EU", "Ill")),
        ("ry:n", ("ry", "Gen")),
        ("SAMKissa", ("SAMK", "Ine")),
        ("klo:", None),
        ("Salo", None),
    ],
)
def test_split_colon(word: str, expected: tuple[str, str] | None) -> None:
    assert split_colon(word) == expected


def test_candidates_are_ranked_and_name_their_case() -> None:
    ranked = candidates("Ruuskankylältä", "place")
    assert (ranked[0].form, ranked[0].case, ranked[0].number) == ("Ruuskankylä", "Abl", "Sing")
    assert [c.score for c in ranked] == sorted((c.score for c in ranked), reverse=True)


@pytest.mark.parametrize(
    ("name", "kind", "case", "number", "expected"),
    [
        ("Vuolijoki", "person", "Par", "Sing", "Vuolijokea"),
        ("sosiaaliyhdistys", "organisation", "Gen", "Plur", "sosiaaliyhdistysten"),
        ("osahanke", "noun", "Ill", "Sing", "osahankkeeseen"),
        ("Pori", "place", "Ine", "Sing", "Porissa"),
        ("Tuomas", "person", "All", "Sing", "Tuomaalle"),
        ("STM", "organisation", "Gen", "Sing", "STM:n"),
    ],
)
def test_inflect(name: str, kind: str, case: str, number: str, expected: str) -> None:
    assert inflect(name, case, number, kind) == expected


@pytest.mark.parametrize("times", [1, 50, 400])
def test_words_of_any_length_have_a_likelihood(times: int) -> None:
    longer, shorter = ("mylläri" * (times + 1), "mylläri" * times)
    assert log_likelihood(longer, "family") < log_likelihood(shorter, "family")
