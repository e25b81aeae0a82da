"""Names, what must hold for all: inflecting and back, gradation both ways, no text breaks it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import lexicon
from pipeline.names import CASES, Case, Kind, candidates, forms, inflect, nominative
from pipeline.names.entries import nouns
from pipeline.names.sounds import gradable, strengthen, weaken

LISTS: dict[str, tuple[Kind, list[str]]] = {
    "family": ("person", [row["name"] for row in lexicon.table("names_family")]),
    "given": ("person", [row["name"] for row in lexicon.table("names_given")]),
    "places": ("place", [row["name"] for row in lexicon.table("places")]),
    "nouns": ("noun", [row["nominative"] for row in lexicon.table("names_nouns") if row["use"]]),
}
MUNICIPALITIES = [
    row["name"] for row in lexicon.table("places") if row["type"] in ("municipality", "region")
]
KINDS = st.sampled_from(["person", "place", "organisation", "project", "noun"])
listed = st.sampled_from(sorted(LISTS)).flatmap(
    lambda name: st.tuples(st.just(LISTS[name][0]), st.sampled_from(LISTS[name][1]))
)


@given(listed, st.sampled_from(CASES))
@settings(max_examples=400, deadline=None)
def test_every_listed_name_comes_back_when_the_document_knows_it(
    entry: tuple[Kind, str], case: Case
) -> None:
    kind, name = entry
    assert nominative(inflect(name, case, kind=kind), kind, known=(name,)) == name


@pytest.mark.parametrize(
    ("kind", "names", "floor"),
    [
        (
            "person",
            [r["name"] for r in lexicon.table("names_family") if int(r["rank"]) < 150],
            0.99,
        ),
        ("person", [r["name"] for r in lexicon.table("names_given") if int(r["rank"]) < 60], 0.97),
        ("place", MUNICIPALITIES, 0.995),
        ("noun", [w for w, noun in nouns().items() if "org" in noun.uses], 0.99),
    ],
    ids=["family", "given", "places", "heads"],
)
def test_common_names_come_back_without_evidence(
    kind: Kind, names: list[str], floor: float
) -> None:
    cases: tuple[Case, ...] = ("Gen", "Ade", "All", "Abl", "Ine")
    pairs = [(name, inflect(name, case, kind=kind)) for name in names for case in cases]
    wrong = [
        (form, nominative(form, kind)) for name, form in pairs if nominative(form, kind) != name
    ]
    assert 1 - len(wrong) / len(pairs) >= floor, wrong


def test_genitives_of_places_are_the_listed_ones() -> None:
    for row in lexicon.table("places"):
        if " " not in row["name"] and row["type"] in ("municipality", "region", "other"):
            assert inflect(row["name"], "Gen", kind="place") == row["genitive"]


@given(st.text(max_size=40), KINDS)
@settings(max_examples=300, deadline=None)
def test_no_text_breaks_it(text: str, kind: Kind) -> None:
    name = nominative(text, kind)
    assert name == name.strip()


@given(st.from_regex(r"[A-ZÅÄÖ][a-zåäö]{1,12}", fullmatch=True), KINDS)
@settings(max_examples=300, deadline=None)
def test_a_nominative_keeps_the_word_s_beginning(word: str, kind: Kind) -> None:
    ranked = candidates(word, kind)
    assert ranked
    assert all(c.form[:1] == word[:1] for c in ranked)
    assert any(c.form == word and c.case == "Nom" for c in ranked)


@given(st.from_regex(r"[hklmnprstv]?[aeiouäöy]{1,2}[klmnprst]{1,2}", fullmatch=True))
def test_strengthening_undoes_weakening(root: str) -> None:
    for following in ("a", "e", "i", "o", "u", "ä"):
        weak = weaken(root, following)
        if weak is not None:
            assert gradable(root) is not None
            assert root in strengthen(weak, following)


@pytest.mark.parametrize(
    ("name", "kind", "expected"),
    [
        ("Uusimaa", "place", ["Uudenmaan", "Uuttamaata", "Uudellamaalla", "Uuteenmaahan"]),
        ("Kauniainen", "place", ["Kauniaisten", "Kauniaisia", "Kauniaisilla", "Kauniaisiin"]),
        ("Virrat", "place", ["Virtain", "Virtoja", "Virroilla", "Virtoihin"]),
        ("Ii", "place", ["Iin", "Iitä", "Iillä", "Iihin"]),
        ("Rautalampi", "place", ["Rautalammin", "Rautalampia", "Rautalammilla", "Rautalampiin"]),
        ("Itämeri", "place", ["Itämeren", "Itämerta", "Itämerellä", "Itämereen"]),
        ("hanke", "noun", ["hankkeen", "hanketta", "hankkeella", "hankkeeseen"]),
        ("Yrittäjät", "organisation", ["Yrittäjien", "Yrittäjiä", "Yrittäjillä", "Yrittäjiin"]),
        ("Tuomas", "person", ["Tuomaan", "Tuomasta", "Tuomaalla", "Tuomaaseen"]),
        ("Elias", "person", ["Eliaksen", "Eliasta", "Eliaksella", "Eliakseen"]),
        ("Sundström", "person", ["Sundströmin", "Sundströmiä", "Sundströmillä", "Sundströmiin"]),
    ],
)
def test_principal_forms(name: str, kind: Kind, expected: list[str]) -> None:
    found = forms(name, kind)
    cases: tuple[Case, ...] = ("Gen", "Par", "Ade", "Ill")
    assert [found["Sing", case] for case in cases] == expected
