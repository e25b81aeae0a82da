"""Which area lies in which: villages lie in the municipality that lexicon or text says."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from msgspec.structs import replace
from record_cases import area, record
from resolved import frames

from pipeline import lexicon
from pipeline.records import Record

LEXICON = Path(lexicon.__file__).parent


def village(source: str, town: tuple[str, str, str], name: str, between: str = " ") -> Record:
    """A text that names a town (name, code, as written) and then, behind ``between``, a village."""
    made = record(source, [area("a", *town[:2]), area("v", name, None, "other")])
    text = f"{town[2]}{between}{name}"
    first, second = made.mentions
    start = len(town[2]) + len(between)
    return replace(
        made,
        announcement=replace(made.announcement, text=text),
        mentions=(
            replace(first, start=0, end=len(town[2]), text=town[2]),
            replace(second, start=start, end=start + len(name), text=name),
        ),
    )


def parent_of(name: str, *records: Record) -> str | None:
    """The name of the area that an area lies in."""
    areas = frames(records)["areas"].set_index("area_id")
    (parent,) = areas[areas["name"] == name]["parent_id"]
    return areas["name"].get(parent)


KAAVI, NURMES = ("Kaavi", "204", "Kaavin"), ("Nurmes", "541", "Nurmeksen")


def test_a_village_lies_in_the_municipality_before_it() -> None:
    assert parent_of("Luikonlahti", village("a", KAAVI, "Luikonlahti")) == "Kaavi"
    assert parent_of("Kaavi", village("a", KAAVI, "Luikonlahti")) == "Koillis-Savo"


def test_a_list_or_a_nominative_puts_no_village_anywhere() -> None:
    assert parent_of("Luikonlahti", village("a", KAAVI, "Luikonlahti", ", ")) is None
    assert parent_of("Luikonlahti", village("a", ("Kaavi", "204", "Kaavi"), "Luikonlahti")) is None


def test_namesakes_in_two_municipalities_lie_in_none() -> None:
    posts = [village("a", KAAVI, "Kirkonkylä"), village("b", NURMES, "Kirkonkylä")]
    assert parent_of("Kirkonkylä", *posts) is None


@pytest.mark.parametrize(
    ("name", "town"),
    [
        ("Joutseno", "Lappeenranta"),
        ("Hervanta", "Tampere"),
        ("Lepaa", "Hattula"),
        ("Sykäräinen", "Toholampi"),
        ("Suomenniemi", "Mikkeli"),
        ("Säräisniemi", "Vaala"),
        ("Lievestuore", "Laukaa"),
        ("Somerniemi", "Somero"),
    ],
)
def test_known_villages_need_no_text(name: str, town: str) -> None:
    assert parent_of(name, record("a", [area("v", name, None, "other")])) == town
    assert parent_of(name, village("a", KAAVI, name)) == town  # nor does a text change it


def test_the_list_of_villages_agrees_with_places_and_tree() -> None:
    tree = {(row["type"], row["code"]): row for row in lexicon.table("area_tree")}
    regions: dict[str, set[str]] = {}
    for row in lexicon.table("places"):
        regions.setdefault(row["name"], set()).add(row["region"])
    with (LEXICON / "village_municipalities.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(line for line in file if not line.startswith("#")))
    assert len(rows) > 400
    assert len({row["name"] for row in rows}) == len(rows)
    for row in rows:
        town = tree["municipality", row["municipality"]]
        assert town["name"] == row["municipality_name"]
        region = tree["subregion", town["parent"]]["parent"]
        assert region in regions[row["name"]], row
