"""Titles: words and passages in, nominatives with case and number out."""

from __future__ import annotations

import csv
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pipeline import lexicon
from pipeline.extract.finds import TitleFind
from pipeline.extract.titles import find_titles, read_title

CASES = Path(__file__).parent / "cases"


def rows(name: str) -> list[dict[str, str]]:
    lines = (CASES / name).read_text(encoding="utf-8").splitlines()
    return list(csv.DictReader(line for line in lines if not line.startswith("#")))


@pytest.mark.parametrize("row", rows("titles.csv"), ids=lambda row: row["word"])
def test_a_word_read_as_a_title(row: dict[str, str]) -> None:
    reading = read_title(row["word"])
    found = (
        (reading.role, reading.case, "pl" if reading.plural else "sg", reading.code)
        if reading
        else ("", "", "", "")
    )
    assert found == (row["role"], row["case"], row["number"], row["code"])


def told(find: TitleFind) -> str:
    return f"{find.role} ({find.case}{'; pl' if find.plural else ''})"


@pytest.mark.parametrize("row", rows("titles_in_text.csv"), ids=lambda row: row["text"])
def test_titles_in_running_text(row: dict[str, str]) -> None:
    assert " | ".join(map(told, find_titles(row["text"]))) == row["titles"]


@pytest.mark.parametrize("head", [row["head"] for row in lexicon.table("titles")])
def test_every_head_is_its_own_nominative(head: str) -> None:
    reading = read_title(f"esimerkki{head}")
    assert reading is not None
    assert (reading.role, reading.case, reading.plural) == (f"esimerkki{head}", "Nom", False)


def test_a_misspelt_title_is_less_sure() -> None:
    right, wrong = find_titles("projektipäällikkö, projektipäälikkö")
    assert right.role == wrong.role
    assert right.confidence > wrong.confidence


@given(st.lists(st.sampled_from([*"ab ,.\n-", "johtaja", "hankkeen ", "päällikön", "pj."])))
@example(["päällikön johtaja"])
@example(["Johtavan johtajan johtaja"])
@example(["Hankkeen vastaava opettaja"])
def test_titles_stand_where_they_say(parts: list[str]) -> None:
    text = "".join(parts)
    finds = find_titles(text)
    assert all(0 <= f.start < f.end <= len(text) for f in finds)
    assert all(one.end <= two.start for one, two in pairwise(finds))
