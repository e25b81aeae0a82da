"""Areas: tables of Finnish in and places out, every municipality in its cases, promises."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pytest
import spacy
from facts import mentioned
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.tokens import Doc, Span

from pipeline import lexicon
from pipeline.evidence.votes import VOTES
from pipeline.extract import organisations
from pipeline.extract.areas import find_areas
from pipeline.extract.areas.shapes import by_suffix, local_case, word_list
from pipeline.extract.finds import EntityFind
from pipeline.extract.places import of_genitive, places
from pipeline.names import Case, inflect

CASES = Path(__file__).parent / "cases" / "areas.csv"
FORMS = CASES.with_name("area_forms.csv")
SHARED = Path(__file__).parents[1].parent / "shared" / "data" / "places"
NLP = spacy.blank("fi")


def bodies_in(doc: Doc, taken: Sequence[EntityFind] = ()) -> list[EntityFind]:
    """The bodies that rules propose: what evidence makes of whole pages is tested elsewhere."""
    return organisations.find_organisations(doc, taken, model=VOTES.model("organisations"))


def rows(path: Path) -> list[dict[str, str]]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return list(csv.DictReader(line for line in lines if not line.startswith("#")))


def areas_of(text: str, *taken: EntityFind) -> list[EntityFind]:
    doc = NLP(text)
    return find_areas(doc, [*bodies_in(doc, taken), *taken])


@pytest.mark.parametrize("row", rows(CASES), ids=lambda row: row["comment"])
def test_cases(row: dict[str, str]) -> None:
    told = [f"{f.name} ({f.subtype} {f.code or '-'}, {f.case})" for f in areas_of(row["text"])]
    assert " | ".join(told) == row["finds"]


def person(text: str, name: str) -> EntityFind:
    return mentioned(text, name, "person", family_name=name.split()[-1])


def test_a_persons_surname_is_no_place() -> None:
    text = "Esko Lahti vetää hanketta. Lahden mukaan kaikki sujuu, ja Lahdessa sataa."
    found = areas_of(text, person(text, "Esko Lahti"))
    assert [text[f.start : f.end] for f in found] == ["Lahdessa"]


def test_a_given_name_is_no_place() -> None:
    text = "Salla kertoo työstään. Sallan ryhmä kokoontuu Sallassa."
    assert [text[f.start : f.end] for f in areas_of(text)] == ["Sallassa"]


def test_a_person_of_the_name_finder_is_left_alone() -> None:
    doc = NLP("Vetäjänä on Mauno Rauma.")
    doc.set_ents([Span(doc, 2, 4, label="PERSON")])
    assert find_areas(doc, []) == []


def test_sub_region_has_both_names() -> None:
    (found,) = areas_of("Mukana on Itä-Lapin seutukunta.")
    assert {"Itä-Lappi", "Itä-Lapin seutukunta"} <= {name.name for name in found.names}
    assert (found.subtype, found.code) == ("subregion", "194")


def test_a_municipality_has_its_position() -> None:
    (found,) = areas_of("Hanke toimii Utsjoella.")
    assert found.latitude == pytest.approx(69.9, abs=1)
    assert found.longitude == pytest.approx(27, abs=1)


def test_name_finder_shows_places_without_a_telling_shape() -> None:
    doc = NLP("Tupa avataan Kuttasessa keväällä.")
    doc.set_ents([Span(doc, 2, 3, label="LOC")])
    (found,) = find_areas(doc, [])
    assert (found.name, found.subtype, found.code) == ("Kuttanen", "other", None)


@pytest.mark.parametrize("case", ["Gen", "Ine", "Ill", "Ade", "All"])
def test_every_municipality_is_read_in_its_cases(case: Case) -> None:
    """Forms come from ``pipeline.names``, which knows nothing of this room's paradigms."""
    missed = []
    for place in places():
        if place.type != "municipality" or inflect(place.name, "Gen") != place.genitive:
            continue  # two rooms may disagree on how a rare name declines
        if place.name in word_list("ambiguous", "names"):
            continue  # also a surname or a common word
        form = inflect(place.name, case)
        if not any(f.code == place.code for f in areas_of(f"Asiasta puhuttiin {form} keväällä.")):
            missed.append(form)
    assert missed == []


@pytest.mark.parametrize("row", rows(FORMS), ids=lambda row: row["form"])
def test_rare_paradigms(row: dict[str, str]) -> None:
    found = areas_of(f"Asiasta puhuttiin {row['form']} keväällä.")
    assert [f.code for f in found] == [row["code"]]


def test_genitives_lead_back_to_their_place() -> None:
    for place in places():
        if " " not in place.name and place.type == "municipality":
            found = of_genitive(place.genitive)
            assert found is not None
            assert found.code == place.code


def test_codes_agree_with_the_classification() -> None:
    if not SHARED.exists():
        pytest.skip("the classification of ../shared/data/places is not here")
    with (SHARED / "municipalities-2026.csv").open(encoding="utf-8") as lines:
        official = {row["municipality_code"]: row for row in csv.DictReader(lines)}
    ours = {row["code"]: row for row in lexicon.table("places") if row["type"] == "municipality"}
    assert ours.keys() == official.keys()
    for code, row in ours.items():
        assert row["region"] == official[code]["region_code"]
        assert row["wellbeing_county"] == official[code]["wellbeing_county_code"]


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("Koskenkylältä", ("Koskenkylä", "Abl")),
        ("Hirviniemestä", ("Hirviniemi", "Ela")),
        ("Pitkäjärvellä", ("Pitkäjärvi", "Ade")),
        ("Sompasaareen", ("Sompasaari", "Ill")),
        ("Juomavettä", None),
        ("Kahvila", None),
    ],
)
def test_shapes(word: str, expected: tuple[str, str] | None) -> None:
    assert by_suffix(word) == expected


@pytest.mark.parametrize(
    ("word", "case"),
    [("Nilsiässä", "Ine"), ("Nilsiään", "Ill"), ("Kolille", "All"), ("Nilsiän", None)],
)
def test_local_cases(word: str, case: str | None) -> None:
    assert local_case(word) == case


WORDS = """Kemin Porissa ja , seutukunta seutukunnat Lapin maakunnassa Etelä- Pohjois-Savossa . (
) : itäisellä Uudellamaalla hyvinvointialueella alueella Koskenkylältä Lahti Salla Kunnat: Viron"""
PIECES = st.sampled_from([*WORDS.split(), "\n"])


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES, max_size=25))
def test_promises(pieces: list[str]) -> None:
    text = " ".join(pieces)
    doc = NLP(text)
    bodies = bodies_in(doc)
    finds = find_areas(doc, bodies)
    for find in finds:
        assert 0 <= find.start < find.end <= len(text)
        assert "\n" not in text[find.start : find.end]
        assert find.name in {name.name for name in find.names}
        free = all(
            find.end <= b.start or b.end <= find.start or b.label == "ANAPHOR" for b in bodies
        )
        assert free or find.rule == "county_area"
    assert all(one.end <= two.start for one, two in pairwise(finds))
