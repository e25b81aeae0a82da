from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.annotate.agreement import NEARBY, Reading, agreed
from pipeline.annotate.moves import OUTSIDE, Chosen

KINDS = (OUTSIDE, "DATE", "GPE", "ORG", "PERSON", "PRODUCT")

Opinion = tuple[str, float]  # a kind, and how sure the network is of it


def reading(text: str, *spans: Chosen, **opinions: Opinion) -> Reading:
    """A line of one sentence; words without an opinion are surely no names."""
    words = text.split()
    rows = np.full((len(words), len(KINDS)), 0.01, "float32")
    for row, word in zip(rows, words, strict=True):
        kind, sure = opinions.get(word, (OUTSIDE, 0.95))
        row[:] = (1 - sure) / (len(KINDS) - 1)
        row[KINDS.index(kind)] = sure
    return Reading(words, [False] * (len(words) - 1) + [True], spans, rows)


def names(lines: list[Reading]) -> list[list[tuple[str, str]]]:
    return [
        [(" ".join(line.words[s.first : s.after]), s.label) for s in spans]
        for line, spans in zip(lines, agreed(lines, KINDS), strict=True)
    ]


SURE = reading("tapasi Tuurelan", Chosen(1, 2, "PERSON"), Tuurelan=("PERSON", 0.9))


def test_a_doubtful_mention_follows_the_sure_ones() -> None:
    doubtful = reading("Tuurela lähti", Chosen(0, 1, "ORG"), Tuurela=("ORG", 0.5))
    assert names([SURE, doubtful, SURE])[1] == [("Tuurela", "PERSON")]
    assert names([doubtful]) == [[("Tuurela", "ORG")]]


def test_a_missed_mention_is_found() -> None:
    missed = reading("Tuurelalle annettiin", Tuurelalle=(OUTSIDE, 0.6))
    assert names([SURE, missed]) == [[("Tuurelan", "PERSON")], [("Tuurelalle", "PERSON")]]


def test_a_whole_name_speaks_for_its_parts() -> None:
    whole = reading("johtaja Aino Tuurela", Chosen(1, 3, "PERSON"))
    missed = reading("Tuurelan mukaan", Chosen(0, 1, "GPE"), Tuurelan=("GPE", 0.6))
    assert names([whole, missed]) == [[("Aino Tuurela", "PERSON")], [("Tuurelan", "PERSON")]]


def test_a_word_in_lower_case_is_no_name_at_a_sentence_start() -> None:
    first = reading("Kulkue eteni", Chosen(0, 1, "PERSON"), Kulkue=("PERSON", 0.5))
    assert names([first]) == [[("Kulkue", "PERSON")]]
    assert names([first, reading("kulkue lähti , ja kulkueen perässä")])[0] == []
    inside = reading("klo Kulkue", Chosen(1, 2, "PERSON"), Kulkue=("PERSON", 0.5))
    assert names([inside, reading("kulkue lähti , ja kulkueen perässä")])[0] == [
        ("Kulkue", "PERSON")
    ]


def test_mentions_far_away_are_not_heard() -> None:
    doubtful = reading("Tuurela lähti", Chosen(0, 1, "ORG"), Tuurela=("ORG", 0.5))
    between = reading("ja " * (NEARBY + 1))
    assert names([SURE, between, doubtful])[2] == [("Tuurela", "ORG")]


@pytest.mark.parametrize(
    ("form", "other"),
    [("Väänänen", "Väänäselle"), ("Effi", "Effiltä"), ("Oinonen", "Oinosen"), ("Nokia", "Nokian")],
)
def test_forms_of_a_word_are_heard(form: str, other: str) -> None:
    sure = reading(f"tapasi {form}", Chosen(1, 2, "ORG"), **{form: ("ORG", 0.9)})
    assert names([sure, reading(f"{other} lähti", **{other: (OUTSIDE, 0.6)})])[1] == [
        (other, "ORG")
    ]


@pytest.mark.parametrize("other", ["Tuurelamäki-Salo", "Tuukka", "Tuu", "Tuulelan"])
def test_other_words_are_not_heard(other: str) -> None:
    doubtful = reading(f"{other} lähti", Chosen(0, 1, "ORG"), **{other: ("ORG", 0.5)})
    assert names([SURE, doubtful, SURE])[1] == [(other, "ORG")]


def test_dates_and_names_of_several_words_stay() -> None:
    date = reading("Maanantaina alkoi", Chosen(0, 1, "DATE"), Maanantaina=("DATE", 0.4))
    person = reading("joku Maanantaina", Chosen(1, 2, "PERSON"), Maanantaina=("PERSON", 0.9))
    body = reading("Tuurela Oy", Chosen(0, 2, "ORG"), Tuurela=("ORG", 0.5))
    assert names([person, date, body, SURE, SURE])[1:3] == [
        [("Maanantaina", "DATE")],
        [("Tuurela Oy", "ORG")],
    ]


@st.composite
def readings(draw: st.DrawFn) -> Reading:
    words = draw(
        st.lists(st.sampled_from(["Tuurela", "Tuurelan", "tuurela", "Salo", "ja", "Salon"]))
    )
    spans, at = [], 0
    while at < len(words):
        after = min(len(words), at + draw(st.integers(1, 3)))
        if draw(st.booleans()):
            spans.append(Chosen(at, after, draw(st.sampled_from(KINDS[1:]))))
        at = after
    rows = np.array(
        [draw(st.lists(st.floats(0.01, 1), min_size=6, max_size=6)) for _ in words], "float32"
    ).reshape(-1, len(KINDS))
    return Reading(words, [False] * len(words), spans, rows)


@given(st.lists(readings(), max_size=4))
def test_spans_are_in_order_and_apart(lines: list[Reading]) -> None:
    found = agreed(lines, KINDS)
    assert found == agreed(lines, KINDS)
    for line, spans in zip(lines, found, strict=True):
        borders = [border for span in spans for border in (span.first, span.after)]
        assert borders == sorted(borders)
        assert all(0 <= span.first < span.after <= len(line.words) for span in spans)
        assert OUTSIDE not in {span.label for span in spans}
        long = [span for span in line.spans if span.after - span.first > 1]
        assert [span for span in spans if span.after - span.first > 1] == long
