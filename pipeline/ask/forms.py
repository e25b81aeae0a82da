"""Questions of full-text search in any form of their words: ``kunnan`` asks for ``kunta``, too.

The search index holds the forms of texts and their lemmas; what is asked for has to be brought to
its lemma as well. Only words that stand alone are: what is in quotes, ends in ``*``, follows ``^``,
is joined by ``+`` or stands in ``NEAR(…)`` is meant as it is written.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING
from unicodedata import normalize

if TYPE_CHECKING:
    from pipeline.annotate.lemmas import LemmaModel

# fmt: off
TAGS = (
    "ADJ", "ADP", "ADV", "AUX", "CCONJ", "DET", "INTJ", "NOUN", "NUM", "PRON", "PROPN", "SCONJ",
    "VERB", "X",
)
# fmt: on
UNLISTED = ("NOUN", "PROPN")  # what a word that no list holds is taken for
_STRING = r'"(?:[^"]|"")*"'
_TYPED = re.compile(rf"{_STRING}|[^\s\"]+")
# Of what was typed between spaces the word, from its first letter or figure to its last.
_WITHIN = re.compile(r"(?P<word>\w(?:.*\w)?)(?P<star>\*?)")
_PIECE = re.compile(
    rf"""\s*(?:
    (?P<column>-?\s*(?:\{{[^}}]*\}}|\w+)\s*:)
  | (?P<operator>(?:AND|OR|NOT)(?!\w)|[()])
  | (?P<word>(?!NEAR\s*\()\w+)(?!\w|\s*[+*])
  | (?P<other>NEAR\s*\([^)]*\)|\^?\s*(?:{_STRING}|\w+)(?:\s*\+\s*(?:{_STRING}|\w+))*(?:\s*\*)?)
    )""",
    re.VERBOSE,
)


def with_lemmas(query: str) -> str:
    """A query for each of its words or their lemmas; as it is, where it is none.

    >>> with_lemmas("kunnan OR hyvinvoin*")
    '(kunnan OR kunta) OR hyvinvoin*'
    """
    made: list[str] = []
    run: list[str] = []  # phrases with nothing but spaces between: all of them have to be there
    column = ""
    at = 0
    text = query.rstrip()
    while at < len(text):
        piece = _PIECE.match(text, at)
        if piece is None or (column and piece["column"]):
            return query
        at = piece.end()
        if piece["column"]:
            column = f"{piece['column'].strip()} "
        elif operator := piece["operator"]:
            made += [_all_of(run), column + operator]
            run, column = [], ""
        else:
            phrase = _any_of(piece["word"]) if piece["word"] else piece["other"].strip()
            run.append(column + phrase)
            column = ""
    return " ".join(filter(None, (*made, _all_of(run), column.strip())))


def any_form(words: str) -> str:
    """A query for words as people type them: all of them, in any form, whatever marks stand beside.

    What is in quotes is looked for as it is written; a star stands for any ending.

    >>> any_form('kunnan, Ylä-Savossa – "uusi silta"')
    '("kunnan" OR "kunta") AND ("Ylä-Savossa" OR "ylä-savo") AND "uusi silta"'
    """
    pieces = [
        piece if piece.startswith('"') else _typed(*found.group("word", "star"))
        for piece in _TYPED.findall(normalize("NFC", words))
        if (found := _WITHIN.search(piece))
    ]
    return " AND ".join(pieces) or _quoted("")  # which finds nothing


def _typed(word: str, star: str) -> str:
    if star:
        return f"{_quoted(word)}*"
    return _either([_quoted(form) for form in (word, *lemmas_of(word))])


def _either(forms: Sequence[str]) -> str:
    return f"({' OR '.join(forms)})" if len(forms) > 1 else forms[0]


def _quoted(words: str) -> str:
    doubled = words.replace('"', '""')
    return f'"{doubled}"'


def lemmas_of(word: str) -> list[str]:
    """The lemmas that a word may have, whatever part of speech it is."""
    from pipeline.annotate.lemmas import lemma, look_up

    model = _model()
    listed = {look_up(model, word, tag, "") for tag in TAGS} - {None}
    found = {found.lower() for found in listed if found} or {
        lemma(model, word, tag, "").lower() for tag in UNLISTED
    }
    return sorted(found - {word.lower()})


def _any_of(word: str) -> str:
    """A word or its lemmas; a lemma that holds marks is looked for as it is written."""
    lemmas = [one if one.isalnum() else _quoted(one) for one in lemmas_of(word)]
    return _either([word, *lemmas])


def _all_of(run: list[str]) -> str:
    # Beside brackets FTS5 takes no space for an AND.
    return f"({' AND '.join(run)})" if len(run) > 1 else "".join(run)


@cache
def _model() -> LemmaModel:
    from pipeline.annotate.lemmas import load_lemmas
    from pipeline.model_files import MODELS

    return load_lemmas(MODELS / "lemmas.tsv.gz")
