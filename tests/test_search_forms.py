"""A question of full-text search is asked for the lemmas of its words, too."""

from __future__ import annotations

import sqlite3

import pytest

from pipeline.ask.forms import any_form, lemmas_of, with_lemmas


@pytest.mark.parametrize(
    ("word", "lemmas"),
    [
        ("kunnan", ["kunta"]),
        ("Kuntien", ["kunta"]),
        ("kunta", []),
        ("voin", ["voi", "voida"]),  # butter, or I can
        ("tuulivoimahankkeen", ["tuulivoimahanke"]),  # on no list
        ("Kuusamäen", ["kuusamäki"]),
        ("Ylä-Savossa", ["ylä-savo"]),
        ("EAKR", []),
        ("2024", []),
    ],
)
def test_lemmas_of_a_word(word: str, lemmas: list[str]) -> None:
    assert lemmas_of(word) == lemmas


@pytest.mark.parametrize(
    ("asked", "query"),
    [
        ("kunnan", "(kunnan OR kunta)"),
        ("kunnan sillat", "((kunnan OR kunta) AND (sillat OR silta))"),
        ("kunta NOT kunnan tie", "kunta NOT ((kunnan OR kunta) AND tie)"),
        ("title: kunnan tie", "(title: (kunnan OR kunta) AND tie)"),
        ("-title: (sillat OR tie)", "-title: ( (sillat OR silta) OR tie )"),
        ("{title text}: sillat", "{title text}: (sillat OR silta)"),
        ("(sillat AND kunnan)", "( (sillat OR silta) AND (kunnan OR kunta) )"),
        # As they are written:
        ('"kunnan sillat"', '"kunnan sillat"'),
        ("kunnan*", "kunnan*"),
        ("kunnan + sillat", "kunnan + sillat"),
        ("^ kunnan", "^ kunnan"),
        ("NEAR(kunnan sillat, 5)", "NEAR(kunnan sillat, 5)"),
        ("", ""),
        # No queries:
        ("Ylä-Savossa", "Ylä-Savossa"),
        ('"kunnan', '"kunnan'),
    ],
)
def test_words_that_stand_alone_are_asked_for_by_their_lemmas_too(asked: str, query: str) -> None:
    assert with_lemmas(asked) == query


@pytest.mark.parametrize("asked", ["uusi silta tie", "silta NOT tie polku", "tie OR uusi silta"])
def test_what_has_no_other_lemma_finds_what_it_found(asked: str) -> None:
    file = sqlite3.connect(":memory:")
    file.execute("CREATE VIRTUAL TABLE texts USING fts5 (text)")
    texts = ("uusi silta tie", "silta tie", "silta polku", "tie polku", "silta", "uusi silta")
    file.executemany("INSERT INTO texts VALUES (?)", [[text] for text in texts])
    search = "SELECT text FROM texts WHERE texts MATCH ? ORDER BY text"
    found = file.execute(search, [asked]).fetchall()
    assert found
    assert file.execute(search, [with_lemmas(asked)]).fetchall() == found


@pytest.mark.parametrize(
    ("typed", "query"),
    [
        ("kunnan", '("kunnan" OR "kunta")'),
        ("kunnan sillat", '("kunnan" OR "kunta") AND ("sillat" OR "silta")'),
        ("Ylä-Savossa", '("Ylä-Savossa" OR "ylä-savo")'),
        ('"kunnan sillat" tie', '"kunnan sillat" AND "tie"'),
        ("hyvinvoin*", '"hyvinvoin"*'),
        ("silta OR tie)", '"silta" AND "OR" AND "tie"'),  # no query: words
        ('kunnan"', '("kunnan" OR "kunta")'),
        # Marks beside a word, or alone:
        ("kunnan,", '("kunnan" OR "kunta")'),
        ("(kunnan)", '("kunnan" OR "kunta")'),
        ("”kunnan”", '("kunnan" OR "kunta")'),
        ("kunnan – sillat.", '("kunnan" OR "kunta") AND ("sillat" OR "silta")'),
        ("80 %", '"80"'),
        ("*", '""'),
        ("Pieksämäellä".replace("ä", "a\u0308"), '("Pieksämäellä" OR "pieksämäki")'),
        ("", '""'),
    ],
)
def test_what_is_typed_into_a_box_is_words_in_any_form(typed: str, query: str) -> None:
    assert any_form(typed) == query
