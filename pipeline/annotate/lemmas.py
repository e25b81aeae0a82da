"""Lemmas: a word's dictionary form from its form, universal tag and features.

First the lexicon (forms seen in tagged text), else the longest ending whose change is known: an
ending stands for a rewriting such as ``-kkeen`` -> ``-ke`` under NOUN, genitive. Of a hyphenated
word only the last part changes (``VASA-hankkeen`` -> ``VASA-hanke``), of an inflected acronym the
part after the colon falls (``EU:n`` -> ``EU``). Proper nouns keep their capitals.
"""

from __future__ import annotations

import gzip
import re
from dataclasses import dataclass
from pathlib import Path

LONGEST_ENDING = 12  # characters of an ending that the rules look at
UNINFLECTED = frozenset({"PUNCT", "SYM", "SPACE"})
INFLECTED_ACRONYM = re.compile(r"(.+?)[:’'](?=[a-zåäö]+$)")
INFLECTION = ("Case", "Number")  # what the coarser rules look at


@dataclass(frozen=True)
class LemmaModel:
    """The lexicon and the rewriting rules, as read from ``models/lemmas.tsv.gz``.

    ``lexicon`` maps ``form|UPOS|feats`` and ``form|UPOS`` (form in lower case) to lemmas,
    ``rules`` maps ``key|ending`` to (letters to cut, letters to add), the key being
    ``UPOS|feats``, ``UPOS|Case,Number`` or ``UPOS``.
    """

    lexicon: dict[str, str]
    rules: dict[str, tuple[int, str]]


def load_lemmas(path: Path) -> LemmaModel:
    """Read the model; raises ``FileNotFoundError`` naming the file when there is none."""
    lexicon: dict[str, str] = {}
    rules: dict[str, tuple[int, str]] = {}
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            kind, key, value = line.rstrip("\n").split("\t")
            if kind == "L":
                lexicon[key] = value
            else:
                cut, _, add = value.partition(" ")
                rules[key] = int(cut), add
    return LemmaModel(lexicon, rules)


def lemma(model: LemmaModel, form: str, upos: str, feats: str) -> str:
    """The lemma of a word in its reading.

    >>> lemma(LemmaModel({}, {"NOUN|kkeen": (4, "e")}), "VASA-hankkeen", "NOUN", "Case=Gen")
    'VASA-hanke'
    """
    if upos in UNINFLECTED or not any(map(str.isalpha, form)):
        return form
    known = look_up(model, form, upos, feats)
    if known is not None:
        return fit_case(known, form, upos)
    acronym = INFLECTED_ACRONYM.match(form)
    if acronym:
        return acronym[1]
    head, hyphen, last = form.rpartition("-")
    if hyphen and last:
        kept = head if upos == "PROPN" or head[:1].isupper() else head.lower()
        return kept + hyphen + lemma(model, last, upos, feats)
    if hyphen:
        return form if upos == "PROPN" else form.lower()
    return fit_case(rewrite(model, form, upos, feats), form, upos)


def look_up(model: LemmaModel, form: str, upos: str, feats: str) -> str | None:
    """The lexicon's lemma for the exact reading, else for the form and tag, else None."""
    key = f"{form.lower()}|{upos}"
    return model.lexicon.get(f"{key}|{feats}") or model.lexicon.get(key)


def rewrite(model: LemmaModel, form: str, upos: str, feats: str) -> str:
    """The form with its longest known ending rewritten; the form itself where none is known."""
    lower = form.lower()
    for key in rule_keys(upos, feats):
        for length in range(min(LONGEST_ENDING, len(lower)), -1, -1):
            change = model.rules.get(f"{key}|{lower[len(lower) - length :]}")
            if change is not None and change[0] < len(lower):
                return lower[: len(lower) - change[0]] + change[1]
    return lower


def rule_keys(upos: str, feats: str) -> tuple[str, str, str]:
    """The keys under which rules are sought, the finest first."""
    coarse = [part for part in feats.split("|") if part.partition("=")[0] in INFLECTION]
    return f"{upos}|{feats}", f"{upos}|{','.join(coarse)}", upos


def fit_case(word: str, form: str, upos: str) -> str:
    """The lemma with the form's capitals where it is a name or an acronym, else as it is."""
    if form[:1].islower() or (upos != "PROPN" and not form[:2].isupper()):
        return word
    same = 0
    while same < min(len(word), len(form)) and word[same].lower() == form[same].lower():
        same += 1
    rest = word[same:].upper() if form.isupper() and len(form) > 1 else word[same:]
    return form[:same] + rest if same else word[:1].upper() + word[1:]
