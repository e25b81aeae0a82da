"""How names are folded before they are compared: what is left of them, and what that is worth."""

from __future__ import annotations

import pytest

from pipeline.resolve import normal


@pytest.mark.parametrize(
    ("name", "phase", "without"),
    [
        ("SILTA", "", "silta"),
        ("SILTA 2", "2", "silta"),
        ("SILTA 2.0", "2", "silta"),
        ("SILTA 02", "2", "silta"),
        ("Silta I", "1", "silta"),
        ("SILTA III", "3", "silta"),
        ("SILTA, vaihe 3", "3", "silta, vaihe"),
        ("SILTA, 3. vaihe", "3", "silta, 3. vaihe"),
        ("SILTA II – Uudet sillat", "2", "silta ii-uudet sillat"),
        ("Silta: uudet tiet 2", "", "silta: uudet tiet"),
    ],
)
def test_phases(name: str, phase: str, without: str) -> None:
    assert (normal.phase(name), normal.without_phase(name)) == (phase, without)


@pytest.mark.parametrize(
    ("name", "acronym", "like"),
    [
        ("STM", True, True),
        ("ESR+", True, True),
        ("KAUPUNK", True, True),
        ("KAUPUNKI", False, True),
        ("EU TUKI", False, True),
        ("Stm", False, False),
        ("SiLta", False, True),
        ("Silta2", False, True),
        ("Silta – KMK", False, False),
    ],
)
def test_acronyms(name: str, acronym: bool, like: bool) -> None:
    assert (normal.is_acronym(name), normal.is_acronym_like(name)) == (acronym, like)


@pytest.mark.parametrize(
    ("key", "distinctive", "generic"),
    [
        ("silta", False, False),
        ("uudet sillat", True, False),
        ("ab", False, False),
        ("a", False, True),
        ("", False, True),
    ],
)
def test_what_a_name_says(key: str, distinctive: bool, generic: bool) -> None:
    assert normal.is_distinctive(key) is distinctive
    for kind in ("project", "organisation", "person"):
        assert normal.is_generic(kind, key) is generic


@pytest.mark.parametrize(
    ("name", "shown", "key"),
    [
        ("SILTA-hanke", "SILTA", "silta"),
        ("Silta -hanke", "Silta", "silta"),
        ("Silta – hanke", "Silta – hanke", "silta"),
        ("Kestävän kasvun ohjelma", "Kestävän kasvun ohjelma", "kestävän kasvun"),
        ("-hanke", "-hanke", "-hanke"),
    ],
)
def test_projects(name: str, shown: str, key: str) -> None:
    assert normal.key_of("project", name) == key
    assert normal.project_name(name) == shown


def test_people_and_bodies() -> None:
    assert normal.key_of("person", "Anna-Maija  Esimerkki") == "anna maija esimerkki"
    assert normal.key_of("organisation", " „Kivijoen” Paja Oy ") == "kivijoen paja oy"
    assert normal.without_legal_form("kivijoen paja oy") == "kivijoen paja"
    assert normal.without_legal_form("oy paja ab") == "paja"
    assert normal.key_of("person", "–") == ""
