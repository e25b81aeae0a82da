"""Signs for and against a phrase's being a project's name: its words and all that is around it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Set
from functools import cache

import msgspec

from pipeline import lexicon
from pipeline.extract.places import place_names
from pipeline.extract.projects import bounds, names
from pipeline.extract.projects.names import OPEN
from pipeline.extract.projects.scene import Scene, Word
from pipeline.extract.titles import read_title

_RELATIVE = re.compile(r",\s(?:jo(?:ka|ssa|sta|hon|ta|nka|lla|lle|lta|iden|issa)|missä|mihin)\b")

_ADVERBIAL = frozenset({"Ine", "Ela", "Ill", "Ade", "Abl", "All", "Tra", "Ins", "Abe"})
MOST_PLACES = 200  # of a word that are looked at
OTHER = "then_other_head"
"""The sign of a name of something else: ``X -tapahtuma``."""


class Phrase(msgspec.Struct, frozen=True):
    """Words that may be a name: tokens ``first`` to ``after`` (exclusive); ``opens`` a sentence?"""

    start: int
    end: int
    first: int
    after: int
    opens: bool
    heading: bool


def signs(scene: Scene, phrase: Phrase) -> frozenset[str]:
    """The signs of a phrase, each a word that ``lexicon/project_evidence.toml`` weighs."""
    found = {*_words(scene, phrase), *_around(scene, phrase), *_elsewhere(scene, phrase)}
    place = "opens" if phrase.opens else "inside"
    count = min(phrase.after - phrase.first, 5)
    found |= {place, f"words_{count}", f"{place}_words_{count}"}
    if phrase.heading:
        found.add("heading")
    found.add("beside_named" if scene.named else "none_named")
    if scene.unnamed:
        found.add("unnamed_spoken_of")
    return frozenset({*found, *_together(found)})


def _together(found: Set[str]) -> Iterable[str]:
    """Signs that mean more beside each other than apart."""
    for first, second in _pairs():
        if first in found and second in found:
            yield f"{first}+{second}"


@cache
def _pairs() -> tuple[tuple[str, str], ...]:
    pairs = lexicon.settings("project_evidence")["pairs"]["together"]
    return tuple((first, second) for first, second in pairs)


def _words(scene: Scene, phrase: Phrase) -> Iterable[str]:
    """What the words themselves tell."""
    tokens = scene.tokens[phrase.first : phrase.after]
    first, last = tokens[0], tokens[-1]
    place = "opens" if phrase.opens else "inside"
    yield f"first_{place}_{first.pos}"
    yield f"tagged_{first.tag}" if first.tag else f"untagged_{place}"
    if (phrase.first, phrase.after) in scene.tagged:
        yield f"exactly_{first.tag}"
    yield f"last_{last.pos}"
    yield f"case_{last.cases[0] if last.cases else 'none'}"
    verbs = [number for number, token in enumerate(tokens) if token.finite]
    if verbs:
        yield "verb_first" if verbs[0] == 0 else "verb_inside"
        if verbs[-1] == len(tokens) - 1:
            yield "verb_last"
        if verbs[0] > 0 and any(token.verbal for token in tokens[: verbs[0]]):
            yield "verbs"
    if len(tokens) > 1:
        capitals = sum(t.text[0].isupper() for t in tokens[1:])
        yield "lower_rest" if not capitals else "capital_rest"
        mine = first.cases
        yield f"first_case_{mine[0] if mine else 'none'}"
        if any(_ADVERBIAL & {*token.cases[:1]} for token in tokens[:-1]):
            yield "adverbial_inside"
        if mine and last.cases == mine and first.pos in {"ADJ", "NUM"} and mine != ("Nom",):
            yield "agrees"
        if mine == ("Gen",):
            yield "genitive_first"
        if "Gen" in last.cases:
            yield "genitive_last"
        if last.text.isdigit():
            yield "number_last"
    text = scene.text[phrase.start : phrase.end]
    if names.is_acronym(text):
        yield "acronym"
    if "ja" in {t.text for t in tokens}:
        yield "coordinated"
    if text in place_names() or first.text in place_names():
        yield "place"
    if read_title(last.text) is not None or read_title(first.text) is not None:
        yield "title"
    if names.head_of(last.text) is not None:
        yield "head_inside"
    if bounds.is_body_word(last.text):
        yield "body_word"


def _around(scene: Scene, phrase: Phrase) -> Iterable[str]:
    """What stands before and behind."""
    number = scene.sentence_of[phrase.first]
    sentence = scene.sentences[number]
    before = scene.tokens[phrase.first - 1] if phrase.first > sentence.first else None
    if before is not None:
        yield f"after_{before.pos}"
        if _is(before, "introducing"):
            yield "after_introducing_verb"
        if names.head_of(before.text) is not None:
            yield "after_head"
        if "Gen" in before.cases:
            yield "after_genitive"
        if before.agent or before.lemma == "oma":
            yield "after_agent"
        if before.text in OPEN:
            yield "after_quote"
        if read_title(before.text) is not None:
            yield "after_title"
        if before.text[0].isupper():
            yield "after_capital"
    yield from _behind(scene, phrase)
    if sentence.start in scene.about:
        yield "sentence_about_projects"
    if number + 1 < len(scene.sentences) and scene.sentences[number + 1].start in scene.about:
        yield "project_follows"
    if sentence.money:
        yield "money"
    if sentence.year:
        yield "year"


def _behind(scene: Scene, phrase: Phrase) -> Iterable[str]:
    behind = scene.tokens[phrase.after] if phrase.after < len(scene.tokens) else None
    if behind is None or "\n" in behind.text:
        yield "then_end"
        return
    if behind.text in OPEN:
        yield "then_quote"
    if behind.text in {"-", "–"} or behind.text.startswith("-"):
        yield OTHER if _is_other(scene.text, phrase.end) else "then_hyphen"
    if behind.text == "(":
        yield "then_bracket"
    if _RELATIVE.match(scene.text, phrase.end):
        yield "then_relative"
    elif behind.pos == "PUNCT":
        yield f"then_{'comma' if behind.text == ',' else 'mark'}"
    elif behind.text[0].isupper():
        yield "then_capital"
    elif behind.finite:
        yield "then_verb"
        if _is(behind, "subject_verbs"):
            yield "then_project_verb"
        if behind.lemma == "olla" and _defined(scene, phrase.after):
            yield "defined"
    else:
        yield f"then_{behind.pos}"
        last = scene.tokens[phrase.after - 1]
        head = names.head_of(behind.text)
        if head is not None and head.kind != "project" and "Gen" in last.cases:
            yield OTHER  # "Puhtaan sisäilman ohjelmasta": a programme of something
        if "Gen" in last.cases and _is(behind, "owned"):
            yield "owns_project_thing"


def _defined(scene: Scene, copula: int) -> bool:
    """``on … hanke``, ``on X:n osuus ohjelmasta``: a project's kind as predicate."""
    sentence = scene.sentences[scene.sentence_of[copula]]
    for token in scene.tokens[copula + 1 : min(copula + 14, sentence.after)]:
        if token.text in {".", ";", ":"}:
            return False
        if "Nom" in token.cases and _kind_words().fullmatch(token.text):
            return True
    return False


def _elsewhere(scene: Scene, phrase: Phrase) -> Iterable[str]:
    """Where else the phrase stands, how written, and what the span model thinks of it."""
    written = scene.said[phrase.first : phrase.after]
    capital = lower = inside = heading = 0
    for place in scene.words.get(written[0], ())[:MOST_PLACES]:
        if place == phrase.first or scene.said[place : place + len(written)] != written:
            continue
        if scene.tokens[place].text[0].isupper():
            capital += 1
            inside += scene.sentences[scene.sentence_of[place]].first != place
            at = scene.doc[place].idx
            heading += bool(scene.headings.beginning_in(at, at + 1))
        else:
            lower += 1
    if capital:
        yield "again"
        yield "again_phrase" if len(written) > 1 else "again_word"
    if inside:
        yield "again_inside"
    if heading:
        yield "again_heads"
    if lower:
        yield "again_lower" if len(written) == 1 else "again_lower_phrase"
    if not capital and not lower:
        yield "once"
    yield from _by_model(scene, phrase)


def _by_model(scene: Scene, phrase: Phrase) -> Iterable[str]:
    best = 0.0
    for span in scene.learned.touching(phrase.start, phrase.end):
        if (span.start, span.end) == (phrase.start, phrase.end):
            yield (
                "model_sure"
                if span.confidence > 0.85
                else "model_likely"
                if (span.confidence > 0.5)
                else "model_perhaps"
            )
            if span.label == "PROGRAMME":
                yield "model_programme"
            return
        best = max(best, span.confidence)
        if span.start == phrase.start:
            yield "model_begins"
    yield "model_otherwise" if best > 0.5 else "model_silent" if not best else "model_overlaps"


def _is(word: Word, words: str) -> bool:
    return word.lemma in _listed(words)


@cache
def _listed(name: str) -> frozenset[str]:
    return frozenset(lexicon.settings("project_evidence")["words"][name])


def _is_other(text: str, end: int) -> bool:
    """Is what a name stands before no project: an event, a network, a magazine?"""
    if _other_head().match(text, end):
        return True
    word = re.match(rf"[{OPEN}]?\s?[-–]\s?(?P<word>\w[\w-]*)", text[end : end + 60])
    head = names.head_of(word["word"]) if word else None
    return head is not None and head.kind == "none"


@cache
def _other_head() -> re.Pattern[str]:
    """``-tapahtumassa``, ``-lehti``: what has a name and is no project."""
    others = "|".join(lexicon.settings("learned")["projects"]["other_heads"])
    return re.compile(rf"[{OPEN}]?\s?[-–]\s?(?:\w*-)?\w*?(?:{others})")


@cache
def _kind_words() -> re.Pattern[str]:
    kinds = "|".join(lexicon.settings("project_evidence")["words"]["kinds"])
    return re.compile(rf"\w*-?(?:{kinds})", re.IGNORECASE)
