"""Read the corpora that train and judge the models: CoNLL-U, IOB2 and tokenised web text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

SENTENCE_END = frozenset(".?!")
LONGEST_SENTENCE = 120  # tokens; web text without full stops is cut there


@dataclass(frozen=True)
class Word:
    """One gold or silver token: its form, universal tag, features and lemma (``#`` removed)."""

    form: str
    upos: str
    feats: str
    lemma: str
    space_after: bool = True


@dataclass(frozen=True)
class Tagged:
    """One sentence of words with their IOB2 entity labels, the same number of both."""

    forms: tuple[str, ...]
    labels: tuple[str, ...]


def _blocks(path: Path) -> Iterator[list[str]]:
    """Runs of non-empty lines of a file."""
    with path.open(encoding="utf-8") as lines:
        for filled, block in groupby((line.rstrip("\n") for line in lines), key=bool):
            if filled:
                yield list(block)


def read_conllu(path: Path) -> Iterator[list[Word]]:
    """Sentences of a CoNLL-U file; ranges and empty nodes are passed over.

    Raises ``ValueError`` with the file and the line when a line hasn't ten columns.
    """
    for block in _blocks(path):
        sentence = []
        for line in block:
            if line.startswith("#"):
                continue
            columns = line.split("\t")
            if len(columns) != 10:
                raise ValueError(f"{path}: ten columns expected in: {line!r}")
            if not columns[0].isdigit():
                continue
            form, lemma, upos, _, feats = columns[1:6]
            sentence.append(
                Word(
                    form=form,
                    upos=upos,
                    feats="" if feats == "_" else feats,
                    lemma=plain_lemma(lemma),
                    space_after="SpaceAfter=No" not in columns[9].split("|"),
                )
            )
        if sentence:
            yield sentence


def plain_lemma(lemma: str) -> str:
    """The lemma without compound borders: ``viikon#loppu`` -> ``viikonloppu``, ``#`` alone kept."""
    return lemma.replace("#", "") or lemma


def read_iob2(path: Path) -> Iterator[Tagged]:
    """Sentences of a two-column file of forms and IOB2 labels.

    Raises ``ValueError`` with the file and the line when a line hasn't two columns.
    """
    for block in _blocks(path):
        rows = [line.split("\t") for line in block]
        for row in rows:
            if len(row) != 2:
                raise ValueError(f"{path}: form, tab, label expected in: {row!r}")
        yield Tagged(tuple(row[0] for row in rows), tuple(row[1] for row in rows))


def read_web(path: Path) -> Iterator[list[str]]:
    """Sentences (lists of forms) of a FinCORE file: register, tab, text already tokenised."""
    for text in read_web_texts(path):
        yield from text


def read_web_texts(path: Path) -> Iterator[list[list[str]]]:
    """The texts of a FinCORE file, each the list of its sentences."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            _, _, text = line.rstrip("\n").partition("\t")
            yield list(_sentences(text.split()))


def _sentences(forms: Iterable[str]) -> Iterator[list[str]]:
    sentence: list[str] = []
    for form in forms:
        sentence.append(form)
        if form in SENTENCE_END or len(sentence) >= LONGEST_SENTENCE:
            yield sentence
            sentence = []
    if sentence:
        yield sentence
