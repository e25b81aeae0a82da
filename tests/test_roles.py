"""Roles: passages in, who is what in which organisation out."""

from __future__ import annotations

import pytest
from facts import read, rows

from pipeline.annotate import Annotator
from pipeline.records import Record


def told(record: Record) -> list[str]:
    names = {entity.key: entity.name for entity in record.entities}
    return sorted(
        f"{names[role.person]} = {role.role}"
        + (f" @ {names[role.organisation]}" if role.organisation else "")
        for role in record.roles
    )


@pytest.mark.parametrize("row", rows("roles"), ids=lambda row: row["text"][:50])
def test_cases(row: dict[str, str], annotator: Annotator) -> None:
    assert " | ".join(told(read(annotator, row["text"].replace("⏎", "\n")))) == row["roles"]


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
