"""Proposes names without any word for them: phrases whose own place makes them likely enough.

``Kaislan polku sai jatkoa``, as a headline, and below it ``Kaislan polku maksaa …``: no place is
sure alone, and what all of them say together is weighed with the candidate.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from spacy.tokens import Doc, Span, Token

from pipeline import lexicon
from pipeline.extract.doc_text import capitals_of, text_of
from pipeline.extract.finds import EntityFind
from pipeline.extract.layout import Block
from pipeline.extract.projects import bounds, names
from pipeline.extract.projects.names import make_find
from pipeline.extract.projects.phrases import Phrase, phrases
from pipeline.extract.projects.scene import Scene
from pipeline.extract.projects.signs import OTHER, places_by_name, signs
from pipeline.names import nominative

LEAST = 0.006  # likelihood of a phrase from which it is proposed
MOST = 100  # phrases of an announcement, the likeliest


def from_phrases(
    here: Scene, blocks: Sequence[Block], taken: Sequence[tuple[int, int]]
) -> Iterator[EntityFind]:
    """The likeliest phrases outside the spans ``taken``, each by its own place alone.

    ``confidence`` is that likelihood, by the weights of ``lexicon/project_evidence.toml``.
    """
    weighed = [
        (likelihood(found), phrase)
        for phrase in phrases(here.doc, blocks, taken)
        if OTHER not in (found := signs(here, phrase))
    ]
    likely = sorted(weighed, key=lambda pair: (-pair[0], pair[1].start, pair[1].end))
    for sure, phrase in likely[:MOST]:
        if sure < LEAST:
            return
        find = _named(here, phrase, round(sure, 3))
        if find is not None:
            yield find
            subtitled = _subtitled(here.doc, blocks, find)
            if subtitled is not find:
                yield subtitled


def likelihood(found: frozenset[str]) -> float:
    """How likely a phrase with these signs is a name: a logistic model."""
    weights = _weights()
    total = weights["bias"] + sum(weights.get(sign, 0.0) for sign in found)
    return 1 / (1 + math.exp(-total))


def _key(here: Scene, phrase: Phrase) -> tuple[str, ...]:
    """What the places of one phrase share: the lemmas of its words."""
    return here.said[phrase.first : phrase.after]


def _named(here: Scene, phrase: Phrase, sure: float) -> EntityFind | None:
    """The find of a phrase, its name in the nominative."""
    written = here.text[phrase.start : phrase.end]
    name = written
    if _inflected(here.doc[phrase.first : phrase.after]) and not _subject(here, phrase):
        name = _nominative(here, phrase) or nominative(written, "project", _known(here, written))
    if written.isupper() and len(written.split()) > 1:
        name = written.capitalize()
    words = name.split()
    if names.head_of(re.split(r"[-–]", words[-1])[-1]) is not None or name in places_by_name():
        return None
    if words[-1].isdigit() and words[0].casefold() in _enumerated():
        return None
    return make_find(here.text, phrase.start, phrase.end, name, "phrase", sure)


def _subtitled(doc: Doc, blocks: Sequence[Block], find: EntityFind) -> EntityFind:
    """The find with the subtitle that a dash puts behind it, where there is one."""
    block = next(b for b in blocks if b.start <= find.start < b.end)
    if block.kind in {"heading", "item"}:
        return find  # "Uusi ranta – väkeä vesille": a headline's second half is mostly news
    end = bounds.with_subtitle(doc, find.start, find.end, block.end)
    if end == find.end:
        return find
    name = find.name + text_of(doc)[find.end : end]
    return make_find(text_of(doc), find.start, end, name, find.rule, find.confidence) or find


def _subject(here: Scene, phrase: Phrase) -> bool:
    """Does the phrase, just as written, open a sentence as its verb's subject in some place?

    ``Aika kerrallaan kestää kolme vuotta``: its form is no case's, but the name's own.
    """
    size = phrase.after - phrase.first
    written = [token.text for token in here.doc[phrase.first : phrase.after]]
    first, last = here.doc[phrase.first], here.doc[phrase.after - 1]
    if size == 1 or first.morph.get("Case", []) == last.morph.get("Case", []):
        return False
    for place in here.words.get(here.said[phrase.first], ()):
        tokens = here.doc[place : place + size]
        opens = tokens[0].is_sent_start and [token.text for token in tokens] == written
        behind = here.doc[place + size] if place + size < len(here.doc) else None
        if opens and behind is not None and _is_singular_verb(behind):
            return "Gen" not in tokens[-1].morph.get("Case", [])
    return False


def _is_singular_verb(token: Token) -> bool:
    return "Fin" in token.morph.get("VerbForm", []) and "Act" in token.morph.get("Voice", [])


def _inflected(words: Span) -> bool:
    """Is a phrase in a case as a whole: ``Kiertävään kortteliin``, but not ``Ovi auki kaikille``?

    A verb in it does not inflect, nor a phrase whose words stand in cases of their own.
    """
    first, last = words[0].morph.get("Case", []), words[-1].morph.get("Case", [])
    foreign = not first or (words[0].pos_ in {"PROPN", "X"} and last == ["Gen"])
    if any("Fin" in token.morph.get("VerbForm", []) for token in words):
        return False
    return bool(last) and last != ["Nom"] and (foreign or first == last or first == ["Gen"])


def _nominative(here: Scene, phrase: Phrase) -> str | None:
    """The same phrase as another place of the text writes it in the nominative."""
    key = _key(here, phrase)
    for place in here.words.get(key[0], ()):
        tokens = here.doc[place : place + len(key)]
        if (
            here.said[place : place + len(key)] == key
            and tokens[0].text[0].isupper()
            and not tokens.text.isupper()
            and "Nom" in tokens[-1].morph.get("Case", [])
        ):
            return tokens.text
    return None


def _known(here: Scene, written: str) -> set[str]:
    return {word for word in capitals_of(here.doc) if word not in written}


@cache
def _enumerated() -> frozenset[str]:
    return frozenset(lexicon.settings("project_evidence")["words"]["enumerated"])


@cache
def _weights() -> Mapping[str, float]:
    data = lexicon.settings("project_evidence")
    return {**data["weights"], **data["given"]}
