"""Make the lemma model from counted readings: a lexicon and the rewritings of endings."""

from __future__ import annotations

import gzip
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

from pipeline.annotate.lemmas import (
    INFLECTED_ACRONYM,
    LONGEST_ENDING,
    UNINFLECTED,
    Change,
    LemmaModel,
    rule_keys,
    rule_of,
)
from pipeline.training.corpora import Word, read_conllu
from pipeline.training.silver import read_silver

GOLD = ("fi_tdt-ud-dev.conllu", "fi_ood-ud-test.conllu")  # FTB's conventions differ
GOLD_WEIGHT = 200  # one gold reading outweighs so many silver ones
RULE_SUPPORT = 2  # different forms that an ending needs
LEMMA_FORMS = 2  # different forms that make a silver lemma a known one
ALTERNATIVES = 4  # changes kept of an ending

Reading = tuple[str, str, str]
Readings = Mapping[Reading, Counter[str]]


def gather(silver: Iterable[tuple[Word, int]], gold: Iterable[Word]) -> Readings:
    """Count the lemmas of each (lower-case form, tag, features), gold far above silver."""
    readings: dict[Reading, Counter[str]] = defaultdict(Counter)
    for word, count in silver:
        if believable(word):
            readings[word.form.lower(), word.upos, word.feats][word.lemma] += count
    for word in gold:
        if word.upos not in UNINFLECTED and not rewritten_by_parts(word):
            readings[word.form.lower(), word.upos, word.feats][word.lemma] += GOLD_WEIGHT
    return readings


def believable(word: Word) -> bool:
    """Whether a silver reading may teach: an inflected word left as it is was only not known."""
    if word.upos in UNINFLECTED or not any(map(str.isalpha, word.form)):
        return False
    if rewritten_by_parts(word):
        return False
    unchanged = word.lemma.lower() == word.form.lower()
    bare = "Case=Nom" in word.feats and "Number=Plur" not in word.feats
    return not (unchanged and "Case=" in word.feats and not bare)


def rewritten_by_parts(word: Word) -> bool:
    """Whether the lemmatizer takes the word apart at its hyphen, so that it need not be known."""
    cut = word.form[0] == "-" or word.form[-1] == "-"
    return cut or ("-" in word.form and word.upos != "PROPN")


def build(readings: Readings, known: Iterable[str] = ()) -> LemmaModel:
    """The model that answers every reading given and generalises over the endings.

    ``known`` are further lemmas, besides those of the readings, that a rewriting may give.
    """
    best = {reading: top(lemmas) for reading, lemmas in readings.items()}
    forms: dict[str, set[str]] = defaultdict(set)
    for (form, upos, _), lemma in best.items():
        forms[lemma if upos == "PROPN" else lemma.lower()].add(form)
    lemmas = {lemma for lemma, seen in forms.items() if len(seen) >= LEMMA_FORMS}
    return LemmaModel(
        lexicon=_lexicon(readings, best),
        rules=_rules(best),
        known=frozenset(lemmas | set(known)),
    )


def top(lemmas: Counter[str]) -> str:
    """The most frequent lemma; of equals the first in the alphabet."""
    return min(lemmas, key=lambda lemma: (-lemmas[lemma], lemma))


def _lexicon(readings: Readings, best: Mapping[Reading, str]) -> dict[str, str]:
    """Lemma by form and tag, and by full reading where that says something else."""
    by_tag: dict[str, Counter[str]] = defaultdict(Counter)
    for (form, upos, _), lemmas in readings.items():
        by_tag[f"{form}|{upos}"].update(lemmas)
    lexicon = {key: top(lemmas) for key, lemmas in by_tag.items()}
    for (form, upos, feats), lemma in best.items():
        if lexicon[f"{form}|{upos}"] != lemma:
            lexicon[f"{form}|{upos}|{feats}"] = lemma
    return lexicon


def _rules(best: Mapping[Reading, str]) -> dict[str, str]:
    """The commonest changes of each ending that enough forms have."""
    votes: dict[str, Counter[tuple[int, str]]] = defaultdict(Counter)
    for (form, upos, feats), lemma in best.items():
        last, changed = form.rpartition("-")[2], lemma.lower().rpartition("-")[2]
        if not last or INFLECTED_ACRONYM.match(form) or not last.isalpha():
            continue
        change = change_of(last, changed)
        for key in rule_keys(upos, feats):
            for length in range(1, min(LONGEST_ENDING, len(last)) + 1):
                if length >= change[0] - 1:
                    votes[f"{key}|{last[len(last) - length :]}"][change] += 1
    kept = {}
    for key, changes in votes.items():
        if changes.total() >= RULE_SUPPORT:
            commonest = sorted(changes.items(), key=lambda item: (-item[1], item[0]))
            kept[key] = rule_of(Change(*change, n) for change, n in commonest[:ALTERNATIVES])
    return kept


def change_of(form: str, lemma: str) -> tuple[int, str]:
    """Letters to cut from the form's end and letters to add: hankkeen, hanke -> (4, "e")."""
    same = 0
    while same < min(len(form), len(lemma)) and form[same] == lemma[same]:
        same += 1
    return len(form) - same, lemma[same:]


def write_lemmas(model: LemmaModel, target: Path) -> None:
    """Write the model as gzip TSV, sorted and without a time stamp: same model, same bytes."""
    rows = [f"L\t{key}\t{value}" for key, value in model.lexicon.items()]
    rows += [f"K\t{lemma}\t" for lemma in model.known]
    rows += [f"R\t{key}\t{rule}" for key, rule in model.rules.items()]
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(gzip.compress(("\n".join(sorted(rows)) + "\n").encode(), mtime=0))


def make_lemmas(data: Path, silver: Path, target: Path) -> LemmaModel:
    """Make the shipped model from the silver readings and all gold text of TDT's conventions.

    ``data`` holds ``ud/fi_tdt-ud-dev.conllu`` and ``ud/fi_ood-ud-test.conllu``.
    """
    gold = (
        word for name in GOLD for sentence in read_conllu(data / "ud" / name) for word in sentence
    )
    model = build(gather(read_silver(silver), gold), dictionary_lemmas())
    write_lemmas(model, target)
    return model


def dictionary_lemmas() -> set[str]:
    """The lemmas of simplemma's Finnish dictionary (MIT), as known words."""
    from simplemma.strategies.dictionaries.dictionary_factory import DefaultDictionaryFactory

    return {str(lemma) for lemma in DefaultDictionaryFactory().get_dictionary("fi").values()}
