"""Brackets beside a name: its acronym, the same project wherever it stands, or its place."""

from __future__ import annotations

import msgspec
import pytest

from pipeline.extract.finds import EntityFind
from pipeline.extract.projects.brackets import with_bracketed, without_places
from pipeline.records import Name


def finds(text: str, *names: str) -> list[EntityFind]:
    """A find for each name where it stands first behind the one before."""
    found, at = [], 0
    for name in names:
        start = text.index(name, at)
        at = start + len(name)
        found.append(
            EntityFind(
                start=start,
                end=at,
                rule="test",
                confidence=0.9,
                type="project",
                name=name,
                names=(Name(name, "full"),),
                label="PROJECT",
                subtype="project",
            )
        )
    return found


@pytest.mark.parametrize(
    ("text", "names", "expected"),
    [
        (
            "Koodia karsinaan (KOKA) alkoi. KOKA päättyy.",
            ("Koodia karsinaan", "KOKA", "KOKA"),
            ["Koodia karsinaan"] * 3,
        ),
        (
            "SataVeto (Vetyä satamaan) alkoi.",
            ("SataVeto", "Vetyä satamaan"),
            ["Vetyä satamaan"] * 2,
        ),
        ("Polku auki (Valo) alkoi.", ("Polku auki", "Valo"), ["Polku auki", "Valo"]),
        ("Polku auki ja KOKA alkoivat.", ("Polku auki", "KOKA"), ["Polku auki", "KOKA"]),
    ],
)
def test_names_in_brackets(text: str, names: tuple[str, ...], expected: list[str]) -> None:
    told = with_bracketed(text, finds(text, *names))
    assert [find.name for find in told] == expected
    if len(set(expected)) == 1:
        acronyms = {name.name for find in told for name in find.names if name.kind == "acronym"}
        assert acronyms <= set(names)
        assert len(acronyms) == 1


@pytest.mark.parametrize(
    ("text", "places", "expected"),
    [
        ("Ravut esiin (Huittinen, Kokemäki ja Sastamala).", "Huittinen Kokemäki Sastamala", False),
        ("Taimenelle tilaa (Salo).", "Salo", False),
        ("Yhdessä ranta (Kirkasjärvi).", "", True),
        ("Yhdessä ranta (Salon seudun malli).", "Salon", True),
    ],
)
def test_a_bracket_of_places_is_no_part_of_a_name(text: str, places: str, expected: bool) -> None:
    named = finds(text, text.rstrip("."))
    areas = [
        msgspec.structs.replace(find, type="area", label="GPE", subtype="municipality", code="000")
        for find in finds(text, *places.split())
    ]
    (told,) = without_places(text, named, areas)
    assert (text[told.start : told.end].endswith(")")) is expected
