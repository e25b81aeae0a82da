"""Lemmas: a word's dictionary form from its form, universal tag and features.

First the lexicon (forms seen in tagged text), else the longest ending whose change is known: an
ending stands for a rewriting such as ``-kkeen`` -> ``-ke`` under NOUN, genitive. Of a hyphenated
word only the last part changes (``SILTA-hankkeen`` -> ``SILTA-hanke``), of an inflected acronym the
part after the colon falls (``EU:n`` -> ``EU``). Proper nouns keep their capitals.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from functools import lru_cache
from hashlib import file_digest
from math import log
from pathlib import Path
from typing import NamedTuple

from pipeline.compiled import Table, compiled, content_key, joined, packed, parted

LONGEST_ENDING = 12  # characters of an ending that the rules look at
SHORTEST_TAIL = 4  # letters of a compound's last part
# What a known lemma weighs against a letter of a longer ending; set on OOD and half of TDT dev.
KNOWN = 4.0
TAIL = 0.3  # share of that for a word that only ends in a known one
NAME_TAIL = 0.2  # the same for proper nouns
VOTE = 0.5  # what UDPipe's opinion weighs; set on TDT dev and inflected names
UNINFLECTED = frozenset({"PUNCT", "SYM", "SPACE"})
INFLECTED_ACRONYM = re.compile(r"(.+?)[:’'](?=[a-zåäö]+$)")
INFLECTION = ("Case", "Number")  # what the coarser rules look at


class Change(NamedTuple):
    """What an ending does: letters to cut, letters to add, and the forms that do so."""

    cut: int
    add: str
    forms: int


class Rewriting(NamedTuple):
    """What a form may be rewritten to, and how much speaks for it."""

    score: float
    word: str


@dataclass(frozen=True, eq=False)  # equal only to itself, so that results can be remembered by it
class LemmaModel:
    """The lexicon and the rewriting rules, as read from ``models/lemmas.tsv.gz``.

    ``lexicon`` maps ``form|UPOS|feats`` and ``form|UPOS`` (form in lower case) to lemmas,
    ``rules`` maps ``key|ending`` to changes as ``changes_of`` reads them, the key being
    ``UPOS|feats``, ``UPOS|Case,Number`` or ``UPOS``.
    """

    lexicon: Mapping[str, str]
    rules: Mapping[str, str]
    known: Set[str]


def load_lemmas(path: Path) -> LemmaModel:
    """The model of a file, looked up where its tables lie (``compiled``).

    Raises ``FileNotFoundError`` naming the file when there is none.
    """
    with path.open("rb") as file:
        digest = file_digest(file, "sha256").hexdigest()
    key = content_key("compiled.py", "annotate/lemmas.py") + digest
    parts = parted(compiled("lemmas", key, lambda: _tables(path)))
    lexicon, rules, known = (Table(parts[name]) for name in ("lexicon", "rules", "known"))
    return LemmaModel(lexicon, rules, known.keys())


def _tables(path: Path) -> bytes:
    lexicon: dict[str, str] = {}
    rules: dict[str, str] = {}
    known: dict[str, str] = {}
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            kind, key, value = line.rstrip("\n").split("\t")
            if kind == "L":
                lexicon[key] = value
            elif kind == "K":
                known[key] = ""
            else:
                rules[key] = value
    return joined({"lexicon": packed(lexicon), "rules": packed(rules), "known": packed(known)})


@lru_cache(maxsize=8_000)
def changes_of(rule: str) -> tuple[Change, ...]:
    """The changes of a rule as written, ``cut,add,forms;cut,add,forms``; reading all takes long."""
    parts = (part.split(",") for part in rule.split(";") if part)
    return tuple(Change(int(cut), add, int(forms)) for cut, add, forms in parts)


def rule_of(changes: Iterable[Change]) -> str:
    """The inverse of ``changes_of``."""
    return ";".join(f"{cut},{add},{forms}" for cut, add, forms in changes)


def lemma(model: LemmaModel, form: str, upos: str, feats: str, opinion: str = "") -> str:
    """The lemma of a word in its reading.

    ``opinion`` is what another lemmatizer says of the form; it has a vote where rewriting decides.

    >>> model = LemmaModel({}, {"NOUN|kkeen": "4,e,9"}, frozenset())
    >>> lemma(model, "SILTA-hankkeen", "NOUN", "Case=Gen")
    'SILTA-hanke'
    """
    if upos in UNINFLECTED or not any(map(str.isalpha, form)):
        return form
    if form[0] == "-" or form[-1] == "-":  # "-hankkeen", "sosiaali-": the treebank drops the hyphen
        bare = form.strip("-")
        if form[-1] == "-" and bare:
            return bare if upos == "PROPN" else bare.lower()
        return lemma(model, bare, upos, feats, opinion.strip("-")) if bare else form
    known = look_up(model, form, upos, feats)
    if known is not None:
        return fit_case(known, form, upos)
    acronym = INFLECTED_ACRONYM.match(form)
    if acronym:
        return acronym[1]
    head, hyphen, last = form.rpartition("-")
    if hyphen:
        kept = head if upos == "PROPN" or head[:1].isupper() else head.lower()
        return kept + hyphen + lemma(model, last, upos, feats, opinion.rpartition("-")[2])
    return fit_case(rewrite(model, form, upos, feats, opinion), form, upos)


def doubtful(model: LemmaModel, form: str, upos: str, feats: str) -> bool:
    """Whether an opinion could change the lemma: it is rewritten, not to a known word, and another
    rewriting comes so near that a vote would turn the scale.
    """
    last = form.strip("-").rpartition("-")[2]
    if upos in UNINFLECTED or not last.isalpha() or form[-1] == "-":
        return False
    if any(look_up(model, part, upos, feats) is not None for part in (form, form.strip("-"), last)):
        return False
    ranked = rewritings(model, last.lower(), upos, feats)
    if len(ranked) < 2 or ranked[1].score < ranked[0].score - VOTE:
        return False
    return familiar(model, ranked[0].word, upos == "PROPN") < 1


def look_up(model: LemmaModel, form: str, upos: str, feats: str) -> str | None:
    """The lexicon's lemma for the exact reading, else for the form and tag, else None."""
    key = f"{form.lower()}|{upos}"
    return model.lexicon.get(f"{key}|{feats}") or model.lexicon.get(key)


def rewrite(model: LemmaModel, form: str, upos: str, feats: str, opinion: str = "") -> str:
    """The best rewriting of the form; the form in lower case where no ending is known.

    An opinion is a vote for one of them.
    """
    ranked = rewritings(model, form.lower(), upos, feats)
    if not ranked:
        return form.lower()
    voted = opinion.lower()
    return max(ranked, key=lambda one: (one.score + VOTE * (one.word == voted), one.word)).word


@lru_cache(maxsize=8_000)
def rewritings(model: LemmaModel, lower: str, upos: str, feats: str) -> tuple[Rewriting, ...]:
    """What a form in lower case may be rewritten to, the best first.

    A change counts the more, the longer its ending and the commoner it is there; far more when
    what it gives is a known lemma, or ends in one as compounds do (``jälkileikille`` ->
    ``jälkileikki``).
    """
    scores: dict[str, float] = {}
    endings = [lower[start:] for start in range(max(0, len(lower) - LONGEST_ENDING), len(lower))]
    for rank, key in enumerate(rule_keys(upos, feats)):
        for ending in endings:
            rule = model.rules.get(f"{key}|{ending}")
            if rule is None:
                continue
            changes = changes_of(rule)
            total = sum(change.forms for change in changes)
            for change in changes:
                if change.cut >= len(lower):
                    continue
                word = lower[: len(lower) - change.cut] + change.add
                score = len(ending) + log(change.forms / total) - rank
                if word not in scores or score > scores[word]:
                    scores[word] = score
    name = upos == "PROPN"
    found = (
        Rewriting(score + KNOWN * familiar(model, word, name), word)
        for word, score in scores.items()
    )
    return tuple(sorted(found, reverse=True))


def familiar(model: LemmaModel, word: str, name: bool) -> float:
    """How much of the word is a known lemma: 1 all of it, less the shorter its known tail.

    Of names the whole counts, with its capital; a tail that is a common word counts little.
    """
    if (word.capitalize() if name else word) in model.known:
        return 1.0
    share = NAME_TAIL if name else TAIL
    for start in range(2, len(word) - SHORTEST_TAIL + 1):
        if word[start:] in model.known:
            return share + share * (1 - start / len(word))
    return 0.0


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
