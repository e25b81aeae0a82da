"""Words known of a document: looked up whatever their case, without some, with others."""

from __future__ import annotations

import pytest

from pipeline.names import KnownWords, nominative

SEEN = KnownWords(["Koskinen", "KOSKISEN", "”Kosken” (Oy)", "Aino A"])


@pytest.mark.parametrize(
    ("word", "known"),
    [("koskinen", True), ("Koskisen", True), ("kosken", True), ("oy", True), ("A", False)],
)
def test_words_are_known_in_any_case_without_what_stands_around(word: str, known: bool) -> None:
    assert (word in SEEN) is known


def test_words_that_begin_alike_are_others() -> None:
    assert set(SEEN.alike("Koskinen")) == {"KOSKISEN", "Kosken"}
    assert set(SEEN.alike("Virtanen")) == set()


def test_a_name_is_no_evidence_for_itself_but_its_other_spelling_is() -> None:
    rest = SEEN.without(["Koskinen", "KOSKISEN"], ["Virtanen"])
    assert "Koskinen" not in rest
    assert "Virtanen" in rest
    assert "KOSKISEN" in SEEN.without(["Koskinen"])
    assert set(rest.alike("Koskela")) == {"Kosken"}
    assert not KnownWords([]).without(["x"])


def test_known_words_and_a_plain_collection_tell_the_same() -> None:
    for known in ((), ("Marin",), ("Mari",), ("Marinen",)):
        as_words = nominative("Sanna Marinin", "person", KnownWords(known))
        assert as_words == nominative("Sanna Marinin", "person", known)
