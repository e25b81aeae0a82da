"""Lemmas of text that was not learnt from: the lexicon alone, UDPipe alone, and both.

The treebanks that the shipped files learn from are held out in turn: each half of TDT's development
section is read with a lexicon that learnt from the other, OOD with one that learnt from TDT, and
UDPipe by a sister model of silver sentences alone.
"""

from __future__ import annotations

import csv
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from pipeline.annotate.annotator import load_networks
from pipeline.annotate.lemmas import (
    UNINFLECTED,
    LemmaModel,
    doubtful,
    lemma,
    load_lemmas,
    look_up,
)
from pipeline.annotate.tagger import Reading, Tagger
from pipeline.annotate.udpipe import Guesser, Lemmatizer
from pipeline.training.cards.measured import Asked, HeldOutLemmas, Opinions
from pipeline.training.corpora import Word, read_conllu, read_iob2
from pipeline.training.evaluate import tag_figures
from pipeline.training.lemma_rules import build, dictionary_lemmas, gather
from pipeline.training.silver import read_silver
from pipeline.training.udpipe import silver_sentences, train

TDT, OOD = "fi_tdt-ud-dev.conllu", "fi_ood-ud-test.conllu"
NEWS = "ner/turku-one-dev.tsv"
WHOLE = "TDT dev"

Sentences = Sequence[Sequence[Word]]


class Held(NamedTuple):
    """Gold sentences, the network's readings of them, what they are called and learnt without."""

    learnt: str
    tested: str
    sentences: Sentences
    readings: Sequence[Sequence[Reading]]
    gold: Sentences  # learnt from


class Doubt(NamedTuple):
    """A word that no lexicon holds: its gold lemma, and the three answers."""

    name: bool
    gold: str
    rewritten: str
    guessed: str
    voted: str


def lemma_figures(
    data: Path, models: Path, silver: Path, cases: Path, say: Callable[[str], None]
) -> tuple[list[HeldOutLemmas], list[Opinions], Asked]:
    """Accuracies of held-out lemmas and of opinions, and how often UDPipe is asked.

    ``silver`` is the file that ``write_silver`` wrote, ``cases`` a CSV of inflected names.
    """
    tagger = Tagger(load_networks(models, ["tok2vec", "morphologizer"]))
    lemmas: list[HeldOutLemmas] = []
    opinions: list[Opinions] = []
    with TemporaryDirectory() as folder:
        say("UDPipe: training a sister model on silver sentences")
        sister = _sister(data, models, Path(folder))
        for held in held_out(data, tagger):
            say(f"lemmas: learning from {held.learnt}")
            rules = build(
                gather(read_silver(silver), chain.from_iterable(held.gold)), dictionary_lemmas()
            )
            lemmas.append(_accuracy(held, rules))
            if held.tested != WHOLE:  # its halves are read with a better lexicon
                opinions += _opinions(held.tested, list(doubts(held, rules, sister)))
        shipped = load_lemmas(models / "lemmas.tsv.gz")
        guesser = Guesser(models / "finnish.udpipe")
        for half in ("dev", "held"):
            for called, asked in (("", sister), (", the shipped file", guesser)):
                found = list(invented(cases, half, shipped, asked))
                opinions.append(_shares(f"invented names, `{half}` rows{called}", found))
    return lemmas, opinions, _asked(data, tagger, shipped, guesser)


def held_out(data: Path, tagger: Tagger) -> Iterator[Held]:
    """What is learnt from and what is tested, so that nothing is tested that was learnt."""
    tdt, ood = (list(read_conllu(data / "ud" / name)) for name in (TDT, OOD))
    read, read_ood = (
        list(tagger.tag([word.form for word in sentence] for sentence in part))
        for part in (tdt, ood)
    )
    middle = len(tdt) // 2
    first, second = tdt[:middle], tdt[middle:]
    yield Held("silver, OOD", WHOLE, tdt, read, ood)
    yield Held(
        "silver, OOD, second half of TDT dev",
        "TDT dev, first half",
        first,
        read[:middle],
        [*ood, *second],
    )
    yield Held(
        "silver, OOD, first half of TDT dev",
        "TDT dev, second half",
        second,
        read[middle:],
        [*ood, *first],
    )
    yield Held("silver, TDT dev", "OOD", ood, read_ood, tdt)


def _sister(data: Path, models: Path, folder: Path) -> Guesser:
    """UDPipe as it is shipped, but for the gold sentences, which it has not seen."""
    path = folder / "sister.udpipe"
    path.write_bytes(train(silver_sentences(data, models)))
    return Guesser(path)


def _accuracy(held: Held, rules: LemmaModel) -> HeldOutLemmas:
    def tag(sentences: Sequence[Sequence[str]]) -> list[list[tuple[Reading, str]]]:
        return [
            [(reading, lemma(rules, word, *reading)) for word, reading in zip(*pair, strict=True)]
            for pair in zip(sentences, held.readings, strict=True)
        ]

    figures = tag_figures(held.sentences, tag)
    return HeldOutLemmas(
        held.learnt, held.tested, figures.lemma or 0.0, figures.lemma_hyphens_kept or 0.0
    )


def doubts(held: Held, rules: LemmaModel, guesser: Guesser) -> Iterator[Doubt]:
    """The words without a hyphen that the lexicon does not hold, each read in its sentence."""
    both = Lemmatizer(rules, guesser)
    for sentence, readings in zip(held.sentences, held.readings, strict=True):
        forms = [word.form for word in sentence]
        voted = both.lemmas(forms, readings)
        for index, (word, reading) in enumerate(zip(sentence, readings, strict=True)):
            if unlisted(rules, word.form, reading):
                yield Doubt(
                    word.upos == "PROPN",
                    word.lemma,
                    lemma(rules, word.form, *reading),
                    guesser.lemma(forms, index),
                    voted[index],
                )


def unlisted(rules: LemmaModel, form: str, reading: Reading) -> bool:
    """Whether a word is one of letters that the lexicon does not hold in its reading."""
    return (
        reading.upos not in UNINFLECTED
        and form.isalpha()
        and look_up(rules, form, *reading) is None
    )


def invented(cases: Path, half: str, rules: LemmaModel, guesser: Guesser) -> Iterator[Doubt]:
    """The unlisted names of one word in a CSV of inflected names, their case given."""
    rows = cases.read_text(encoding="utf-8").splitlines()
    for row in csv.DictReader(line for line in rows if not line.startswith("#")):
        form, name = row["inflected"], row["kind"] != "noun"
        if row["half"] != half or row["listed"] == "yes" or not form.isalpha():
            continue
        reading = Reading("PROPN" if name else "NOUN", f"Case={row['case']}|Number=Sing")
        guessed = guesser.lemma([form], 0)
        opinion = guessed if doubtful(rules, form, *reading) else ""
        yield Doubt(
            name,
            row["nominative"],
            lemma(rules, form, *reading),
            guessed,
            lemma(rules, form, *reading, opinion),
        )


def _opinions(tested: str, found: Sequence[Doubt]) -> list[Opinions]:
    names = [doubt for doubt in found if doubt.name]
    return [_shares(tested, found), _shares(f"{tested}, proper nouns", names)]


def _shares(words: str, found: Sequence[Doubt]) -> Opinions:
    def right(answers: Iterable[str]) -> float:
        pairs = zip(found, answers, strict=True)
        return sum(doubt.gold.lower() == said.lower() for doubt, said in pairs) / len(found)

    return Opinions(
        words,
        len(found),
        right(doubt.rewritten for doubt in found),
        right(doubt.guessed for doubt in found),
        right(doubt.voted for doubt in found),
    )


def _asked(data: Path, tagger: Tagger, rules: LemmaModel, guesser: Guesser) -> Asked:
    """The share of words that UDPipe is asked about in news that none has learnt, and its time."""
    sentences = [list(sentence.forms) for sentence in read_iob2(data / NEWS)]
    asked = [
        (words, index)
        for words, readings in zip(sentences, tagger.tag(sentences), strict=True)
        for index, (word, reading) in enumerate(zip(words, readings, strict=True))
        if doubtful(rules, word, *reading)
    ]
    start = time.process_time()
    for words, index in asked:
        guesser.lemma(words, index)
    taken = time.process_time() - start
    return Asked(len(asked) / sum(map(len, sentences)), 1000 * taken / len(asked))
