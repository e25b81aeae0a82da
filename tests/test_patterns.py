"""Patterns that are compiled late find just what ``re`` finds."""

from __future__ import annotations

import re

import pytest

from pipeline.patterns import Pattern, lowered

TEXT = "Kunta jatkaa hanketta, jota ELY-keskus korvaa. JATKAA myös yhdistys."


def test_it_finds_what_re_finds() -> None:
    late, theirs = (
        Pattern(r"\b(jatkaa|korvaa)\b", re.IGNORECASE),
        re.compile(r"(?i)\b(jatkaa|korvaa)\b"),
    )

    def spans(found: object) -> object:
        return found.span() if isinstance(found, re.Match) else found

    assert [m.span() for m in late.finditer(TEXT)] == [m.span() for m in theirs.finditer(TEXT)]
    assert spans(late.search(TEXT, 10, 50)) == spans(theirs.search(TEXT, 10, 50)) is not None
    assert spans(late.match(TEXT, 6)) == (6, 12)
    assert late.findall(TEXT) == ["jatkaa", "korvaa", "JATKAA"]
    assert late.sub("_", "se korvaa") == "se _"


def test_nothing_is_compiled_before_it_is_used() -> None:
    broken = Pattern("(")
    with pytest.raises(re.error):
        broken.search("(")


def test_letters_are_lowered_one_by_one() -> None:
    assert lowered("İıſÄ") == "iisä"
    assert len(lowered("İİ")) == 2
