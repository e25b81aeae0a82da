"""Tag plain text with the teacher: the spaCy-fi pipeline with its Voikko lemmatizer.

The teacher needs the native library (Debian: ``libvoikko1 voikko-fi``), here and nowhere else.
"""

from __future__ import annotations

import gzip
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import spacy
from spacy.tokens import Doc

from pipeline.training.corpora import Word, read_iob2, read_web

TEACHER = "spacy_fi_experimental_web_md"


def raw_sentences(data: Path) -> Iterator[tuple[str, ...]]:
    """All sentences to be tagged, as forms: TurkuONE train and FinCORE under ``data``."""
    for tagged in read_iob2(data / "ner" / "turku-one-train.tsv"):
        yield tagged.forms
    for name in ("fincore-dev.tsv", "fincore-test.tsv"):
        for forms in read_web(data / "raw" / name):
            yield tuple(forms)


def teach(sentences: Iterable[tuple[str, ...]]) -> Iterator[Word]:
    """The teacher's reading of every word of the sentences, in order."""
    teacher = spacy.load(TEACHER, exclude=["ner"])
    docs = (Doc(teacher.vocab, words=list(forms)) for forms in sentences)
    for doc in teacher.pipe(docs, batch_size=500):
        for token in doc:
            yield Word(token.text, token.pos_, str(token.morph), token.lemma_)


def write_silver(data: Path, target: Path) -> int:
    """Count the teacher's readings of all text into ``target`` (gzip TSV); returns the words read.

    Columns: form, universal tag, features, lemma, count; sorted, so the same text gives the same
    file. Features are kept because they tell homonyms apart (``alusta``: ``alku`` or ``alusta``).
    """
    counts = Counter(
        (word.form, word.upos, word.feats, word.lemma) for word in teach(raw_sentences(data))
    )
    target.parent.mkdir(parents=True, exist_ok=True)
    rows = "".join("\t".join((*key, str(counts[key]))) + "\n" for key in sorted(counts))
    target.write_bytes(gzip.compress(rows.encode(), mtime=0))
    return counts.total()


def read_silver(path: Path) -> Iterator[tuple[Word, int]]:
    """The readings and counts that ``write_silver`` wrote."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            form, upos, feats, lemma, count = line.rstrip("\n").split("\t")
            yield Word(form, upos, feats, lemma), int(count)
