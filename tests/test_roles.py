"""Roles: passages in, who is what in which organisation out."""

from __future__ import annotations

from typing import Any

import pytest
from facts import read, rows

from pipeline.annotate import Annotator
from pipeline.evidence import SHIPPED
from pipeline.evidence.known import Known
from pipeline.records import Record


def told(record: Record) -> list[str]:
    names = {entity.key: entity.name for entity in record.entities}
    return sorted(
        f"{names[role.person]} = {role.role}"
        + (f" @ {names[role.organisation]}" if role.organisation else "")
        for role in record.roles
    )


def failing() -> list[Any]:
    """What is not understood yet, each with why."""
    return [
        pytest.param(row, marks=pytest.mark.xfail(strict=True, reason=row["comment"]))
        for row in rows("roles_failing")
    ]


@pytest.mark.parametrize("row", [*rows("roles"), *failing()], ids=lambda row: row["text"][:50])
def test_cases(row: dict[str, str], annotator: Annotator) -> None:
    assert " | ".join(told(read(annotator, row["text"].replace("⏎", "\n")))) == row["roles"]


PLACES = {
    "the project of the title's phrase": (
        "Kylän valot -hanke alkoi Kaavilla, ja Savon polut -hanke jatkuu. Savon polut -hankkeen "
        "projektipäällikkönä toimii Outi Koivuranta.",
        {"projektipäällikkö": "Savon polut"},
    ),
    "an official who comments serves no project": (
        "Kylän valot -hanke alkoi Kaavilla. Hanke uusii katuvalot kymmenessä kylässä.\n\n"
        "– Valoja on odotettu, sanoo kunnanjohtaja Pekka Suokas.",
        {"kunnanjohtaja": None},
    ),
    "a project manager named under the only project": (
        "Kylän valot -hanke alkoi Kaavilla\n\nHanke uusii katuvalot kymmenessä kylässä.\n\n"
        "Lisätietoja:\nprojektipäällikkö Outi Koivuranta, 040 000 0000",
        {"projektipäällikkö": "Kylän valot"},
    ),
}


@pytest.mark.parametrize("case", PLACES)
def test_a_role_is_held_in_the_project_it_serves(case: str, annotator: Annotator) -> None:
    text, expected = PLACES[case]
    record = read(annotator, text)
    names = {entity.key: entity.name for entity in record.entities}
    assert {r.role: r.project and names[r.project] for r in record.roles} == expected


@pytest.mark.parametrize(
    ("chances", "project", "confidence"),
    [
        ([0.6, 0.7], "Savon polut", 0.7),
        ([0.7, 0.6], "Kylän valot", 0.7),
        ([0.97, 0.1], "Kylän valot", 0.92),  # no surer than the title is read
        ([0.4, 0.3], None, 0.92),
    ],
)
def test_a_role_goes_to_the_likeliest_project_and_is_no_surer(
    annotator: Annotator, chances: list[float], project: str | None, confidence: float
) -> None:
    text, _ = PLACES["the project of the title's phrase"]
    known = SHIPPED.with_model("role_projects", Known(chances, least=0.5))
    record = read(annotator, text, evidence=known)
    (role,) = record.roles
    names = {entity.key: entity.name for entity in record.entities}
    assert (role.project and names[role.project], role.confidence) == (project, confidence)


def test_a_role_says_where_it_was_read(annotator: Annotator) -> None:
    text = "Porin hankkeessa hankejohtaja Outi Koivuranta iloitsee."
    (role,) = read(annotator, text).roles
    assert text[role.start : role.end] == "hankejohtaja Outi Koivuranta"
    assert role.role_code == "director"
    assert 0 < role.confidence <= 1


def test_a_role_belongs_to_the_project_under_discussion(annotator: Annotator) -> None:
    record = read(annotator, "Tuulihattu-hankkeen koordinaattorina toimii Outi Koivuranta.")
    (role,) = record.roles
    (project,) = [entity for entity in record.entities if entity.type == "project"]
    assert (project.name, role.project) == ("Tuulihattu", project.key)


def test_page_furniture_gives_nobody_a_role(annotator: Annotator) -> None:
    text = "Kuituverkko-hanke alkaa Raahessa.\n\nTyö kestää kaksi vuotta ja alkaa keväällä.\n\n"
    text += "Muita uutisia\nRehtori Venla Hakapuro eläkkeelle"
    assert told(read(annotator, text)) == []
