"""Which names are one project's: a table of Finnish in, the names of each project out."""

from __future__ import annotations

from typing import Any

import pytest
from facts import announced, cases
from hypothesis import given
from hypothesis import strategies as st

from pipeline.annotate import Annotator
from pipeline.evidence import SHIPPED
from pipeline.evidence.known import Known
from pipeline.extract.announcement import named, weighable_names
from pipeline.extract.finds import EntityFind
from pipeline.extract.folding import fold
from pipeline.extract.projects.coreference import Coreferent, grouped
from pipeline.extract.projects.coreference_signs import Called, alike, of_words, words_of
from pipeline.extract.projects.names import names_of


@pytest.mark.parametrize("case", cases("coreference"))
def test_cases(annotator: Annotator, case: dict[str, Any]) -> None:
    """The names are given; which of them are one project's, evidence decides."""
    announcement = announced(case["text"].strip())
    doc = annotator.annotate(announcement.text)
    given_names = {fold(name) for names in case["projects"] for name in names}
    chances = [
        0.99 if candidate.key in given_names else 0.0
        for candidate, _ in weighable_names(announcement, doc)
    ]
    here = named(
        announcement, doc, evidence=SHIPPED.with_model("projects_joint", Known(chances, least=0.5))
    )
    groups = [[find.name for find in group.finds] for group in here.entities.groups]
    told = [[n for n in names if n in group] for names in case["projects"] for group in groups]
    assert [names for names in told if names] == case["projects"]


def _find(name: str, start: int, sure: float = 0.9) -> EntityFind:
    return EntityFind(
        start=start,
        end=start + len(name),
        rule="learned",
        confidence=sure,
        type="project",
        name=name,
        names=names_of(name),
        label="PROJECT",
        subtype="project",
    )


def _called(find: EntityFind) -> Called:
    return Called(name=find.name, words=words_of(find.name), finds=(find,))


def _pair(one: EntityFind, two: EntityFind) -> Coreferent:
    return _called(one), _called(two), {}


def test_names_of_pairs_from_the_threshold_on_are_one_project() -> None:
    one, two, three = _find("Kylän kello ja aika", 0), _find("Kylän kello", 40), _find("KEKA", 80)
    told = [_pair(one, two), _pair(one, three), _pair(two, three)]
    groups = grouped([one, two, three], told, Known([0.6, 0.4, 0.3], least=0.5))
    assert [[find.name for find in group.finds] for group in groups] == [
        ["Kylän kello ja aika", "Kylän kello"],
        ["KEKA"],
    ]
    assert [group.key for group in groups] == ["project:1", "project:2"]


def test_what_is_joined_in_the_middle_is_joined_at_both_ends() -> None:
    one, two, three = _find("Kylän kello ja aika", 0), _find("Kylän kello", 40), _find("KEKA", 80)
    told = [_pair(one, two), _pair(one, three), _pair(two, three)]
    (group,) = grouped([one, two, three], told, Known([0.6, 0.1, 0.7], least=0.5))
    assert len(group.finds) == 3


def test_a_form_of_a_name_is_called_as_the_surer_one() -> None:
    name, form = _find("Hyvä lähtö", 0, 0.95), _find("Hyvä lähtökin", 40, 0.6)
    (group,) = grouped([name, form], [_pair(form, name)], Known([0.9], least=0.5))
    assert {find.name for find in group.finds} == {"Hyvä lähtö"}


@pytest.mark.parametrize(
    ("longer", "shorter", "signs"),
    [
        ("Kaksi reppua, yksi koulu", "Kaksi reppua", {"opens", "opens_before_comma"}),
        ("FishChain Bothnia – uusi reitti", "FishChain", {"opens", "opens_before_word"}),
        ("LIFE Calcifen", "Calcifen", {"closes", "closes_behind_word"}),
        ("Lumipeitto vähenee", "LUVA", {"is_acronym", "same_initial"}),
        ("Tervetuloa 3", "Tervetuloa 2", {"numbers_differ", "digits_differ"}),
        ("JÄKÄLÄ 2", "JÄKÄLÄ2", {"letters_same"}),
    ],
)
def test_signs_of_words(longer: str, shorter: str, signs: set[str]) -> None:
    told = of_words(_called(_find(longer, 0)), _called(_find(shorter, 90)))
    assert signs <= {sign for sign, value in told.items() if value}


@pytest.mark.parametrize(
    ("name", "acronym", "share"),
    [
        ("Lumipeitto vähenee", "LUVA", 1.0),
        ("Satakunnan meri ja osaaminen", "SataMeri", 1.0),
        ("Kylän kello", "XYZ", 0.0),
    ],
)
def test_an_acronym_is_made_of_beginnings(name: str, acronym: str, share: float) -> None:
    told = of_words(_called(_find(name, 0)), _called(_find(acronym, 90)))
    assert told["beginnings"] == share


@given(st.text("abcäö", min_size=1, max_size=9), st.text("abcäö", min_size=1, max_size=9))
def test_alike_asks_neither_first(one: str, two: str) -> None:
    assert alike(one, two) == alike(two, one)
    assert alike(one, one)
