"""Named projects and programmes: a table of Finnish in and names out; what the lexicon lists."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from facts import cases, mentioned, projects, proposed, read, told

from pipeline import lexicon
from pipeline.annotate import Annotator
from pipeline.extract.folding import fold
from pipeline.extract.layout import layout
from pipeline.extract.projects.candidates import Candidate
from pipeline.extract.projects.joint import joint_signs
from pipeline.extract.projects.names import head_of, is_acronym, names_of, numbered

NAMES_READ = 0.5


@pytest.mark.parametrize("case", cases("projects"))
def test_cases(annotator: Annotator, case: dict[str, Any]) -> None:
    assert told(annotator, case, "projects") == case["facts"]


def test_names_without_a_head(annotator: Annotator) -> None:
    """Fitted evidence reads most of them; of a page's few lines it cannot know each."""
    right = [
        projects(read(annotator, case["text"].strip())) == case["facts"]
        for (case,) in (parameter.values for parameter in cases("project_names"))
    ]
    assert sum(right) / len(right) >= NAMES_READ


# An alias of it is the beginning of another programme's name.
AMBIGUOUS = "Manner-Suomen maaseutuohjelma 2023–2027"
ROWS = [
    pytest.param(
        row,
        id=row["name"],
        marks=[pytest.mark.xfail(strict=True, reason="its alias begins another's name")]
        if row["name"] == AMBIGUOUS
        else [],
    )
    for row in lexicon.table("programmes")
]


@pytest.mark.parametrize("row", ROWS)
def test_known_programmes(annotator: Annotator, row: dict[str, str]) -> None:
    written = "; ".join(filter(None, [row["name"], *row["aliases"].split(";")]))
    found = [
        e for e in proposed(annotator, f"Rahoitus: {written}.").entities if e.type == "project"
    ]
    assert [(e.name, e.subtype) for e in found] == [(row["name"], row["kind"])]


def test_what_is_no_name_before_a_head(annotator: Annotator) -> None:
    for word in lexicon.settings("project_heads")["heads"]["not_names"]:
        shown = word.upper() if len(word) < 6 else word
        entities = proposed(annotator, f"Kyseessä on {shown}-hanke, joka alkaa syksyllä.").entities
        assert [e.name for e in entities if e.subtype == "project"] == [], word


def test_compounds_that_are_no_projects(annotator: Annotator) -> None:
    for word in lexicon.settings("project_heads")["heads"]["not_projects"]:
        assert projects(proposed(annotator, f"Tutustu: {word} on valmis.")) == [], word
        assert head_of(word) is None


@pytest.mark.parametrize(
    ("word", "head"),
    [
        ("hanke", "hanke"),
        ("hankkeiden", "hanke"),
        ("hankkeistamme", "hanke"),
        ("kehittämishankkeeseen", "hanke"),
        ("projekteja", "projekti"),
        ("hankekokonaisuudesta", "hankekokonaisuus"),
        ("muutosohjelmista", "ohjelma"),
        ("kuntakokeilun", "kokeilu"),
        ("pilotteihin", "pilotti"),
        ("pilotoinnissa", "pilotti"),
        ("esiselvitykseen", "esiselvitys"),
        ("esitutkimuksen", "esitutkimus"),
        ("hankinta", None),
        ("hankala", None),
        ("koulutusohjelmassa", None),
    ],
)
def test_heads(word: str, head: str | None) -> None:
    found = head_of(word)
    assert (found.head if found else None) == head


@pytest.mark.parametrize(
    ("name", "names"),
    [
        ("Kylän kello", {"full": "Kylän kello"}),
        ("”Kylän kello”", {"full": "Kylän kello"}),
        ("Ääni-Savo", {"full": "Ääni-Savo"}),
        (
            "KYKE – Kylän kello",
            {"full": "KYKE – Kylän kello", "acronym": "KYKE", "alias": "Kylän kello"},
        ),
        ("Kylän kello (Kello)", {"full": "Kylän kello", "alias": "Kello"}),
    ],
)
def test_names_of(name: str, names: dict[str, str]) -> None:
    assert {n.kind: n.name for n in names_of(name)} == names


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("SILTA 2", ("SILTA", "2")),
        ("SILTA 2.0", ("SILTA", "2.0")),
        ("SILTA III", ("SILTA", "III")),
        ("Silta, osa 3", ("Silta", "3")),
        ("Silta+", ("Silta", "2")),
        ("Silta", None),
        ("Silta 2030", None),
    ],
)
def test_numbered(name: str, parts: tuple[str, str] | None) -> None:
    assert numbered(name) == parts


@pytest.mark.parametrize("word", ["TUIKE", "KAVE", "eSOTE", "BIO2X"])
def test_acronyms(word: str) -> None:
    assert is_acronym(word)


@pytest.mark.parametrize("word", ["Tuike", "Oulu", "2024", "Kylän kello", "A"])
def test_no_acronyms(word: str) -> None:
    assert not is_acronym(word)


PAGE = """\
Yksikön hankkeet

Kellot

Kylän vanhat kellot soivat taas.

Matala taajuus

Äänitetään sillan ääniä yhdessä nuorten kanssa.
"""


def test_lines_that_are_set_alike_speak_for_each_other() -> None:
    """A sure name that is a line makes the other line likelier, and words in prose not."""
    page = layout(PAGE)

    def signs(sure: float) -> dict[str, Mapping[str, float]]:
        chances = {"Kellot": sure, "Matala taajuus": 0.3, "vanhat kellot": 0.1, "kellot": 0.05}
        weighed = [(candidate(PAGE, name), chance) for name, chance in chances.items()]
        names = [one.key for one, _ in weighed]
        return dict(zip(names, joint_signs(page, weighed), strict=True))

    sure, unsure = signs(0.9), signs(0.2)
    assert sure["matala taajuus"]["nearest_1"] == 0.9
    assert unsure["matala taajuus"]["nearest_1"] == 0.2
    assert sure["vanhat kellot"].get("nearest_1", 0.0) == unsure["vanhat kellot"].get(
        "nearest_1", 0.0
    )


def test_names_that_share_words_are_rivals() -> None:
    text = "Hanke Vihreä ranta 2 alkaa."
    names = {"Vihreä ranta": 0.6, "Vihreä ranta 2": 0.7, "alkaa": 0.1}
    weighed = [(candidate(text, name), chance) for name, chance in names.items()]
    short, full, other = joint_signs(layout(text), weighed)
    assert (short["rival"], full["rival"]) == (0.7, 0.6)
    assert "rival" not in other
    assert short["total"] == pytest.approx(0.8)


def candidate(text: str, name: str) -> Candidate:
    """A name as it first stands in a text."""
    return Candidate(key=fold(name), finds=(mentioned(text, name, "project"),))
