"""Measure tags, lemmas, names and speed on gold files, the project's own models by default."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

import msgspec
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from pipeline.annotate.annotator import MODELS, load_networks
from pipeline.annotate.ner import Line, NameFinder
from pipeline.annotate.tagger import Reading, Tagger
from pipeline.annotate.udpipe import load_lemmatizer
from pipeline.training.corpora import Tagged, Word, read_conllu, read_iob2
from pipeline.training.scores import Span, Tally, spans_of

NO_BORDER = frozenset({"PROPN", "NUM", "PUNCT", "SYM", "X"})

Result = TypeVar("Result")
Tags = list[list[tuple[Reading, str]]]  # reading and lemma of each word of each sentence
TagAll = Callable[[Sequence[Sequence[str]]], Tags]
NameAll = Callable[[Sequence[Sequence[str]]], list[list[Span]]]


class Figures(msgspec.Struct, frozen=True, omit_defaults=True):
    """Accuracies and F1 (0 to 1), words per second on one core; None where not measured.

    ``lemma`` folds case and the compound border ``#``; a hyphen inside a compound is written as the
    border first, as the treebank does (``levy-yhtiö`` is ``levy#yhtiö`` there).
    ``lemma_hyphens_kept`` is the same without that.
    """

    lemma: float | None = None
    lemma_hyphens_kept: float | None = None
    upos: float | None = None
    feats: float | None = None
    ner_precision: float | None = None
    ner_recall: float | None = None
    ner_f1: float | None = None
    ner_f1_by_type: dict[str, float] | None = None
    tag_words_per_second: float | None = None
    ner_words_per_second: float | None = None
    memory_mb: float | None = None


def evaluate(conllu: Path | None, ner: Path | None, models: Path | None = None) -> Figures:
    """Figures of the models in a folder (default ``models/``) on a CoNLL-U and an IOB2 file.

    Raises ``FileNotFoundError`` or ``ValueError`` naming the file that is missing or malformed.
    """
    folder = models or MODELS
    return measure(
        conllu, ner, own_tagger(folder) if conllu else None, own_names(folder) if ner else None
    )


def measure(
    conllu: Path | None, ner: Path | None, tag: TagAll | None, find: NameAll | None
) -> Figures:
    """Figures of any system, given as two functions over sentences of gold words."""
    figures = Figures()
    with threadpool_limits(limits=1, user_api="blas"):
        if conllu and tag:
            figures = tag_figures(list(read_conllu(conllu)), tag)
        if ner and find:
            figures = _name_figures(figures, list(read_iob2(ner)), find)
    return figures


def own_tagger(models: Path) -> TagAll:
    """The project's tagger and lemmatizer."""
    tagger = Tagger(load_networks(models, ["tok2vec", "morphologizer"]))
    lemmatizer = load_lemmatizer(models)

    def tag(sentences: Sequence[Sequence[str]]) -> Tags:
        return [
            list(zip(readings, lemmatizer.lemmas(words, readings), strict=True))
            for words, readings in zip(sentences, tagger.tag(sentences), strict=True)
        ]

    return tag


def own_names(models: Path) -> NameAll:
    """The project's name finder; the sentences are one text's lines, as in the corpus."""
    return all_names(NameFinder(load_networks(models, ["ner"])))


def all_names(finder: NameFinder) -> NameAll:
    """A name finder as a function over the sentences of one text."""

    def find(sentences: Sequence[Sequence[str]]) -> list[list[Span]]:
        lines = [Line(words, [n == 0 for n in range(len(words))]) for words in sentences]
        return [
            [(span.first, span.after, span.label) for span in found] for found in finder.find(lines)
        ]

    return find


def treebank_lemma(word: str, upos: str) -> str:
    """A lemma for comparison: lower case, compound borders gone, a compound's hyphen among them."""
    folded = plain(word)
    return folded if upos in NO_BORDER else folded.replace("-", "") or folded


def plain(word: str) -> str:
    """A lemma in lower case without compound borders."""
    return word.lower().replace("#", "") or word


def tag_figures(gold: Sequence[Sequence[Word]], tag: TagAll) -> Figures:
    """Figures of tags and lemmas on sentences of gold words."""
    forms = [[word.form for word in sentence] for sentence in gold]
    tagged, speed = _timed(lambda: tag(forms), sum(map(len, forms)))
    pairs = [
        (word, reading, found)
        for sentence, answers in zip(gold, tagged, strict=True)
        for word, (reading, found) in zip(sentence, answers, strict=True)
    ]
    return Figures(
        lemma=_share([treebank_lemma(f, r.upos) == plain(w.lemma) for w, r, f in pairs]),
        lemma_hyphens_kept=_share([plain(f) == plain(w.lemma) for w, _, f in pairs]),
        upos=_share([w.upos == r.upos for w, r, _ in pairs]),
        feats=_share([w.feats == r.feats for w, r, _ in pairs]),
        tag_words_per_second=speed,
    )


def _name_figures(figures: Figures, gold: list[Tagged], find: NameAll) -> Figures:
    forms = [list(sentence.forms) for sentence in gold]
    found, speed = _timed(lambda: find(forms), sum(map(len, forms)))
    tally = Tally()
    for sentence, spans in zip(gold, found, strict=True):
        tally.add(spans, spans_of(sentence.labels))
    precision, recall, f1 = tally.scores()
    return msgspec.structs.replace(
        figures,
        ner_precision=round(precision, 4),
        ner_recall=round(recall, 4),
        ner_f1=round(f1, 4),
        ner_f1_by_type={
            kind: round(tally.scores([kind])[2], 4) for kind in sorted(tally.wanted | tally.found)
        },
        ner_words_per_second=speed,
    )


def _share(right: list[bool]) -> float:
    return round(sum(right) / len(right), 4) if right else 0.0


def _timed(work: Callable[[], Result], words: int) -> tuple[Result, float]:
    """The result of the work, and its words per second of processor time.

    The work is done once: some systems remember what they have read, and would be quicker again.
    """
    start = time.process_time()
    result = work()
    return result, round(words / max(time.process_time() - start, 1e-9))
