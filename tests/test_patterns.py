"""Patterns that look for letters first find just what ``re`` finds."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.patterns import Pattern, needs

# pattern, flags, openings of its words, strings it cannot do without
CASES = [
    (r"(?<!\w)(?:jatkaa\b|korvaa\b|jatkoi\w*)", re.IGNORECASE, {"jat", "kor"}, ()),
    (r"\b(?:kahte|kolme)\w*\s", 0, {"kah", "kol"}, ()),
    (r"(?<![\w-])[Vv]astaava", 0, {"vas"}, ()),
    (r"\b(?:osa|ala)?hanke\b", 0, {"osa", "ala", "han"}, ()),
    (r"\bon\spuu", 0, set(), ("puu",)),  # any white space: "on" is a whole word or a beginning
    (r"\beu:n", re.IGNORECASE, {"eu"}, ()),
    (r"jatkaa|korvaa", 0, set(), ("jatkaa", "korvaa")),  # perhaps inside a word
    (r"[\w-]+\s?(?:@|\(at\))", 0, set(), ("(at)", "@")),
    (r"(?=(\w+) – \w)", 0, set(), (" – ",)),
    (r"\w+(?:a|b)", 0, set(), ()),
    (r"x*hanke(?:tta)?", 0, set(), ("hanke",)),
    (r"\b(?i:tunnus)\s?\d", 0, {"tun"}, ()),
]


@pytest.mark.parametrize(("pattern", "flags", "openings", "strings"), CASES)
def test_what_a_pattern_cannot_do_without(
    pattern: str, flags: int, openings: set[str], strings: tuple[str, ...]
) -> None:
    assert needs(pattern, flags) == (frozenset(openings), strings)


WORDS = ["jatkaa", "Jatkaa", "JATKOI", "korvaa", "kahteen", "kolmetoista ", "vastaava", "Vastaava"]
WORDS += ["osahanke", "hanke", "hanketta", "EU:n", "ejatkaa", "x.y (at) z", "a@b", "tää – on", "ja"]
WORDS += [" ", "\n", "-", ", ", "Tunnus 1", "TUNNUS:2", "İ", "ı", "ſ", "jatKaa", "on puu", "aab"]
TEXTS = st.lists(st.sampled_from(WORDS) | st.text(max_size=3), max_size=12).map("".join)


@given(st.sampled_from(CASES), TEXTS, st.integers(0, 30), st.integers(0, 60))
def test_it_finds_what_re_finds(
    case: tuple[str, int, set[str], tuple[str, ...]], text: str, start: int, end: int
) -> None:
    pattern, flags = case[0], case[1]
    ours, theirs = Pattern(pattern, flags), re.compile(pattern, flags)

    def spans(found: object) -> object:
        return found.span() if isinstance(found, re.Match) else found

    assert list(map(spans, ours.finditer(text))) == list(map(spans, theirs.finditer(text)))
    assert spans(ours.search(text, start, end)) == spans(theirs.search(text, start, end))
    assert spans(ours.match(text, start, end)) == spans(theirs.match(text, start, end))
    assert ours.findall(text) == theirs.findall(text)
    assert ours.sub("_", text) == theirs.sub("_", text)
