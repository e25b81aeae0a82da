"""Pages as a table: lines and form fields out; every listed label and line of furniture."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import Any

import pytest
from facts import cases
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import lexicon
from pipeline.extract.layout import Field, layout

STORY = """Uusi ranta Kannukseen
Kunnostus alkaa keväällä, ja siihen kutsutaan kaikki kyläläiset, mökkiläiset ja ystävät."""
LABELS = lexicon.settings("form_labels")["labels"]
FURNITURE = lexicon.settings("furniture")
COUNTS = Counter(label for listed in LABELS.values() for label in listed)
TWICE = {label for label, count in COUNTS.items() if count > 1}


@pytest.mark.parametrize("case", cases("layout"))
def test_cases(case: dict[str, Any]) -> None:
    text = case["text"].strip()
    page = layout(text)

    def told(field: Field) -> str:
        note = f" ({field.note})" if field.note else ""
        return f"{field.key or '?'} = {text[field.start : field.end]}{note}"

    assert [f"{b.kind}: {text[b.start : b.end]}" for b in page.blocks] == case["blocks"]
    assert [told(field) for field in page.fields] == case["fields"]


@pytest.mark.parametrize("key", LABELS)
def test_every_label_is_known_before_a_colon_and_on_its_own_line(key: str) -> None:
    for label in LABELS[key]:
        if label in FURNITURE["lines"] or label in TWICE or len(label) < 2:
            continue
        shown = label[0].upper() + label[1:]
        for text in (f"{shown}: Arvo 12", f"{shown}:\nArvo 12"):
            fields = layout(text).fields
            assert [(f.key, text[f.start : f.end]) for f in fields] == [(key, "Arvo 12")], text


def test_no_label_stands_for_two_things() -> None:
    assert set() == TWICE


def test_labels_of_several_values_are_labels() -> None:
    assert set(lexicon.settings("form_labels")["many"]["keys"]) <= set(LABELS)


@pytest.mark.parametrize("line", FURNITURE["lines"] + FURNITURE["tails"])
def test_every_line_of_furniture_is_left_out(line: str) -> None:
    for shown in (line.capitalize(), f"{line.upper()} »"):
        page = layout(f"{STORY}\n{shown}")
        assert [b.kind for b in page.blocks] == ["heading", "paragraph", "furniture"], shown


@pytest.mark.parametrize("line", FURNITURE["tails"])
def test_after_a_tail_everything_is_furniture(line: str) -> None:
    page = layout(f"{STORY}\n{line.capitalize()}\nHakija: Kannuksen kaupunki")
    assert [b.kind for b in page.blocks] == ["heading", "paragraph", "furniture", "furniture"]
    assert page.fields == ()


@pytest.mark.parametrize("start", FURNITURE["starts"])
def test_every_beginning_of_furniture(start: str) -> None:
    page = layout(f"{STORY}\n{start.capitalize().strip()}  jotakin muuta")
    assert page.blocks[-1].kind == "furniture"


WORDS = """Hakija : Hankkeen nimi Kaisla kahisee | \t » / - • 1. ( ) EAKR 80 000 € Etusivu Haku
Muita uutisia Lue lisää . ! ? , ; Rahoittaja Tuki 1.1.2023–31.12.2024 § ” \u00a0 Osatoteuttajat"""
LINES = st.lists(st.sampled_from([*WORDS.split(), "\t", "  ", " "]), max_size=8).map(" ".join)


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.text(max_size=120), st.lists(LINES, max_size=10).map("\n".join)))
def test_promises(text: str) -> None:
    page = layout(text)
    for block in page.blocks:
        assert 0 <= block.start < block.end <= len(text)
        assert text[block.start : block.end] == text[block.start : block.end].strip()
        assert "\n" not in text[block.start : block.end]
    assert all(one.end < two.start for one, two in pairwise(page.blocks))
    shown = sum(bool(line.strip()) for line in text.split("\n"))
    assert len(page.blocks) == shown
    for field in page.fields:
        assert 0 <= field.label_start <= field.label_end <= len(text)
        assert 0 <= field.start <= field.end <= len(text)
        assert field.key is None or field.key in LABELS
        inside = [b for b in page.blocks if b.start <= field.start and field.end <= b.end]
        assert [b.kind for b in inside] == ["field"]
    assert page == layout(text)
