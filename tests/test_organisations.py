"""Organisations: tables of Finnish in and bodies out, and promises that hold for any text."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.tokens import Doc, Span

from pipeline.annotate import Annotator
from pipeline.evidence import SHIPPED
from pipeline.evidence.votes import VOTES
from pipeline.extract import organisations
from pipeline.extract.finds import EntityFind
from pipeline.extract.gazetteer import words_of
from pipeline.extract.organisations.bodies import bodies
from pipeline.extract.organisations.capitals import in_plain_case
from pipeline.extract.organisations.definitions import unbound
from pipeline.extract.organisations.heads import head_of
from pipeline.extract.organisations.scene import Scene

CASES = Path(__file__).parent / "cases" / "organisations.csv"
WEIGHED = CASES.with_name("organisations_weighed.csv")
NLP = spacy.blank("fi")  # no name finder: the rules must work where it is silent


def bodies_in(doc: Doc, taken: Sequence[EntityFind] = ()) -> list[EntityFind]:
    """The bodies that rules propose: what evidence makes of whole pages is tested elsewhere."""
    return organisations.find_organisations(doc, taken, model=VOTES.model("organisations"))


def rows(path: Path) -> list[dict[str, str]]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return list(csv.DictReader(line for line in lines if not line.startswith("#")))


def told(find: EntityFind) -> str:
    mark = " *" if find.label == "ANAPHOR" else ""
    return f"{find.name} ({find.subtype}, {find.case}){mark}"


@pytest.mark.parametrize("row", rows(CASES), ids=lambda row: row["comment"])
def test_cases(row: dict[str, str]) -> None:
    finds = bodies_in(NLP(row["text"]))
    assert " | ".join(map(told, finds)) == row["finds"]


@pytest.mark.parametrize(
    "row",
    [
        pytest.param(
            row,
            id=row["comment"],
            marks=[pytest.mark.xfail(strict=True, reason=row["failing"])] if row["failing"] else [],
        )
        for row in rows(WEIGHED)
    ],
)
def test_bodies_that_the_networks_see(annotator: Annotator, row: dict[str, str]) -> None:
    model = SHIPPED.model("organisations")
    finds = organisations.find_organisations(annotator.annotate(row["text"]), model=model)
    assert " | ".join(map(told, finds)) == row["finds"]


def names_of(text: str) -> dict[str, set[str]]:
    return {f.name: {n.name for n in f.names} for f in bodies_in(NLP(text))}


def test_names_come_from_knowledge_and_from_the_text() -> None:
    found = names_of("Avustuksen myönsi STM. Hakija on Rannikon koulutuskuntayhtymä (RKK).")
    assert {"Sosiaali- ja terveysministeriö", "STM"} <= found["Sosiaali- ja terveysministeriö"]
    assert {"Rannikon koulutuskuntayhtymä", "RKK"} <= found["Rannikon koulutuskuntayhtymä"]


def test_one_body_has_one_canonical_name() -> None:
    text = "Honkatekno Oy hakee tukea. Honkateknon mukaan Kajaanin Ammattikorkeakoulu Oy auttaa."
    text += " Kajaanin ammattikorkeakoulussa ollaan iloisia."
    assert set(names_of(text)) == {"Honkatekno Oy", "Kajaanin ammattikorkeakoulu"}


def test_a_link_licenses_a_bare_head() -> None:
    finds = bodies_in(NLP("Yhtymän hanke alkaa, katso www.phhyky.fi/hanke."))
    assert [(f.name, f.rule) for f in finds] == [
        ("Päijät-Hämeen hyvinvointiyhtymä", "linked_domain")
    ]


def test_taken_text_is_left_alone() -> None:
    text = "Taru Kemin kaupunki -esitys ja Oulun kaupunki."
    person = EntityFind(
        start=0, end=9, rule="", confidence=1, type="person", name="Taru Kemi", names=(), label=""
    )
    assert [f.name for f in bodies_in(NLP(text), [person])] == ["Oulun kaupunki"]


def test_what_the_name_finder_sees_is_a_candidate() -> None:
    doc = NLP("Uutena kumppanina on Zorbatek Finland ja hanke Tuulihattu.")
    doc.set_ents([Span(doc, 3, 5, label="ORG")])
    found = [(find.name, find.rule) for find, _ in organisations.weighable(doc)]
    assert found == [("Zorbatek Finland", "ner_organisation")]
    assert bodies_in(doc) == []  # no rule says so: that is for evidence to decide


@pytest.mark.parametrize(
    "text",
    [
        "Avioliitto ja seutukunta, perhekeskus ja kylätalo.",
        "Keskustan taide, seuraa meitä! Kaupungit ja kunnat päättävät.",
        "Hankkeessa luodaan palvelukeskuksen malli ja osaamiskeskusten verkosto.",
        "Lue lisää: luke@example.fi, www.kela.fi",
    ],
)
def test_common_words_are_no_bodies(text: str) -> None:
    assert bodies_in(NLP(text)) == []


@pytest.mark.parametrize(
    ("word", "nominative", "case", "plural"),
    [
        ("hyvinvointialueelle", "hyvinvointialue", "All", False),
        ("terveysturvayhdistykseltä", "terveysturvayhdistys", "Abl", False),
        ("kaupungeille", "kaupunki", "All", True),
        ("kuntien", "kunta", "Gen", True),
        ("Kansalais-Opistossa", "Kansalais-Opisto", "Ine", False),
        ("säätiötä", "säätiö", "Par", False),
        ("yhdistyksessämme", "yhdistys", "Ine", False),
    ],
)
def test_heads(word: str, nominative: str, case: str, plural: bool) -> None:
    hit = head_of(word)
    assert hit is not None
    assert (hit.nominative, hit.case, hit.plural) == (nominative, case, plural)


@pytest.mark.parametrize(
    ("word", "text", "expected"),
    [
        ("Rantaedussa", "", ("Rantaedu", "Ine")),
        ("Norrtechistä", "Norrtech on yritys", ("Norrtech", "Ela")),
        ("RKK:lle", "", ("RKK", "All")),
        ("Rantaedu", "", ("Rantaedu", "Nom")),
    ],
)
def test_brands_lose_their_endings(word: str, text: str, expected: tuple[str, str]) -> None:
    assert unbound(word, text) == expected


def test_every_known_body_is_found_by_its_full_name() -> None:
    for body, written, _ in bodies():
        name = written[0][0].replace("~", "")
        finds = bodies_in(NLP(f"Mukana on {name}."))
        assert [f.name for f in finds] == [body.name], name
        assert finds[0].subtype == body.type


WORDS = """Kemin Porin ja , kaupunki kaupungit Oy ry:n ( ) – - eli Lapin yliopistolle Suomen
Rannikko . : ammattikorkeakoulu STM:ltä ESR+ sosiaali- terveysministeriö kunnan yhdistyksemme
Verso 4H-"""
PIECES = st.sampled_from([*WORDS.split(), "\n"])


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES, max_size=25))
def test_promises(pieces: list[str]) -> None:
    text = " ".join(pieces)
    finds = bodies_in(NLP(text))
    for find in finds:
        assert 0 <= find.start < find.end <= len(text)
        assert "\n" not in text[find.start : find.end]
        assert find.name in {name.name for name in find.names}
        assert 0 < find.confidence <= 1
    assert all(one.end <= two.start for one, two in pairwise(finds))
    assert finds == bodies_in(NLP(text))


@given(st.text(alphabet="AİŊÄY -\nOnk:", max_size=40))
def test_words_in_capitals_stay_in_their_places(text: str) -> None:
    words = words_of(text)
    plain = in_plain_case(Scene(text, words, [False] * len(words)))
    assert len(plain.text) == len(text)
    for word in plain.words:
        assert plain.text[word.start : word.end] == word.text
        assert text[word.start : word.end].isupper()
