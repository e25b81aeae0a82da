"""Announcements written about a register's rows, and how well they are tied to it."""

from __future__ import annotations

from datetime import date

import pytest

from pipeline.annotate import Annotator
from pipeline.benchmark.register import FORMS, acronym, as_text, cut, tallied, whole, written
from pipeline.resolve.register import RegisterRow
from pipeline.resolve.register_names import lead_names, project_names


def row(code: str, name: str, lead: str = "Kuusamäen kaupunki") -> RegisterRow:
    return RegisterRow(code, name, lead, date(2023, 3, 1), date(2024, 12, 31), 100_000.0)


ROWS = [
    row(f"S{number}", name)
    for number, name in enumerate(
        (
            "Kylien valot – uudet lamput teiden varsille (KYVA)",
            "Metsäpolkujen kunnostus",
            "Vihreä siirtymä maatiloilla",
            "Rantaraitti: esteetön reitti kaikille (RARE)",
            "Nuorten pajat kasvuun",
            "Kirjaston uudet tuulet",
        ),
        start=10_001,
    )
]


@pytest.mark.parametrize(
    ("name", "names"),
    [
        ("Kylien valot", {"kylien valot": True}),
        (
            "Kylien valot – uudet lamput (KYVA)",
            {
                "kylien valot-uudet lamput (kyva": True,
                "kylien valot-uudet lamput": True,
                "kylien valot": False,
                "kyva": False,
            },
        ),
        ("Valot -hanke (Kuusamäki)", {"valot-hanke (kuusamäki": True, "valot": True}),
    ],
)
def test_a_row_goes_by_its_short_name_and_acronym_too(name: str, names: dict[str, bool]) -> None:
    assert project_names(name) == names


@pytest.mark.parametrize(
    ("lead", "names"),
    [
        ("Kivijoen Paja Oy", {"kivijoen paja"}),
        (
            "Itäinen opisto (aiemmin Kivikoulu)",
            {"itäinen opisto (aiemmin kivikoulu", "itäinen opisto"},
        ),
        ("Kuusamäen kaupunki/Sivistys", {"kuusamäen kaupunki/sivistys", "kuusamäen kaupunki"}),
    ],
)
def test_a_lead_is_known_without_its_form_brackets_and_unit(lead: str, names: set[str]) -> None:
    assert lead_names(lead) == names


def test_names_as_announcements_give_them() -> None:
    assert whole(ROWS[0]) == "Kylien valot – uudet lamput teiden varsille"
    assert (cut(ROWS[0]), acronym(ROWS[0])) == ("Kylien valot", "KYVA")
    assert (cut(ROWS[1]), acronym(ROWS[1])) == (None, None)
    posts = written(ROWS, 6, seed=1)
    assert len({one.row.code for one in posts}) == len(posts) == 6
    assert {one.form for one in posts} <= {form.name for form in FORMS}
    assert written(ROWS, 6, seed=1) == posts


def test_what_is_tied_is_counted(annotator: Annotator) -> None:
    posts = written(ROWS, 6, seed=1)
    found = tallied(posts, ROWS, annotator)
    assert sum(one.count for pair in found.values() for one in pair) == 6
    assert sum(listed.right for listed, _ in found.values()) >= 3
    assert sum(one.wrong for pair in found.values() for one in pair) == 0
    assert as_text(found).splitlines()[-1].startswith("precision 1.000, recall ")
