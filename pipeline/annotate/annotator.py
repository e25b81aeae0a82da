"""Turn repaired text into spaCy ``Doc``s: words, sentences, tags, features, lemmas, named spans."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from importlib.metadata import version
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc, Span, SpanGroup
from threadpoolctl import ThreadpoolController  # type: ignore[import-untyped]

from pipeline.annotate.contextual import ContextReader, load_context_reader
from pipeline.annotate.kept import load as load_ready
from pipeline.annotate.layers import static_vectors
from pipeline.annotate.meanings import Rows, WordMeanings, load_meanings
from pipeline.annotate.ner import Line, NamedSpan, NameFinder
from pipeline.annotate.network import BASE, load_base, with_weights
from pipeline.annotate.spans import LearnedSpan, SpanFinder, load_span_finder
from pipeline.annotate.tagger import Reading, Tagger
from pipeline.annotate.tokens import LINE_BREAKS, Piece, pieces
from pipeline.annotate.udpipe import Lemmatizer, load_lemmatizer
from pipeline.annotate.vocabulary import Vocabulary
from pipeline.learned import LEARNED
from pipeline.model_files import MODELS as MODELS

PACKAGES = ("spacy", BASE, "spacy_udpipe", "ufal.udpipe", "sentencepiece", "onnxruntime")
MODEL_FILES = frozenset({".gz", ".npz", ".udpipe"})
LONGEST = 1000  # letters of a word; what the models take grows with the square of them
SPACE = Reading("SPACE", "")


class Context(NamedTuple):
    """Words' vectors in the announcement, and what is told from them."""

    reader: ContextReader
    spans: SpanFinder
    meanings: WordMeanings


class Annotator:
    """Annotates texts; the same text always gets the same annotation, alone or in a stream."""

    def __init__(
        self,
        tagger: Tagger,
        names: NameFinder,
        context: Context | None,
        lemmatizer: Lemmatizer,
        vocabulary: Vocabulary,
        models: Path,
    ) -> None:
        self._tagger = tagger
        self._names = names
        self._context = context
        self._lemmatizer = lemmatizer
        self._vocabulary = vocabulary
        self._models = models
        self._threads = ThreadpoolController()

    def annotate(self, text: str) -> Doc:
        """The text as a ``Doc`` with ``doc.text == text``.

        Tokens carry ``lemma_``, ``pos_``, ``morph`` (UD features) and sentence starts; ``doc.ents``
        the named spans; ``doc.spans["learned"]`` the names of projects and bodies and the
        titles that are told in context, ``attrs["scores"]`` beside them; ``doc.tensor`` a row of
        bytes a token (zeros for white space): what the network of relations reads of it, and how
        likely it has each tag of a name (``TAG_COLUMNS``). No sentence and no span crosses a line
        break. White space beyond single spaces is tokens with
        ``pos_ == "SPACE"``.
        Raises ``UnicodeEncodeError`` on a lone surrogate, which no decoded file holds.
        """
        # The matrices are small: more BLAS threads than one only wait for each other.
        with self._threads.limit(limits=1, user_api="blas"):
            return self._annotate(text)

    def _annotate(self, text: str) -> Doc:
        cut = pieces(text)
        rows, lines = lines_in(text, cut)
        read = self._tagger.tag(line.words for line in lines)
        tagged = chain.from_iterable(
            zip(readings, self._lemmatizer.lemmas(line.words, readings), strict=True)
            for line, readings in zip(lines, read, strict=True)
        )
        doc = self._assemble(text, cut, tagged)
        doc.ents = [
            marked
            for row, found in zip(rows, self._names.find(lines), strict=True)
            for span in found
            if (marked := _marked(doc, row, span)) is not None
        ]
        if self._context is not None:
            _set_context(doc, rows, self._context)
        return doc

    def pipe(self, texts: Iterable[str]) -> Iterator[Doc]:
        """The texts' ``Doc``s in order, each as ``annotate`` gives it."""
        return map(self.annotate, texts)

    def checksums(self) -> dict[str, str]:
        """What the annotation depends on: SHA-256 of each model file, version of each package."""
        return file_sums(self._models) | {package: version(package) for package in PACKAGES}

    def _assemble(
        self,
        text: str,
        cut: list[Piece],
        tagged: Iterator[tuple[Reading, str]],
    ) -> Doc:
        words = [text[p.start : p.end] for p in cut]
        known = [(SPACE, word) if word.isspace() else next(tagged) for word in words]
        lemmas = [
            lemma if len(word) <= LONGEST else word
            for word, (_, lemma) in zip(words, known, strict=True)
        ]
        return Doc(
            self._vocabulary.now(),
            words=words,
            spaces=[p.spaced for p in cut],
            sent_starts=[p.opens_sentence for p in cut],
            pos=[reading.upos for reading, _ in known],
            morphs=[reading.feats for reading, _ in known],
            lemmas=lemmas,
        )


def _set_context(doc: Doc, rows: Sequence[Sequence[Piece]], context: Context) -> None:
    """Add the learned spans of the lines' words, and the rows of their meanings and tags."""
    vectors = context.reader.vectors(doc.text, rows)
    chances = context.spans.chances(vectors)
    set_rows(doc, np.hstack([context.meanings.of(vectors), context.spans.rows(chances)]))
    learned = [
        (marked, span.score)
        for row, found in zip(
            rows, context.spans.find(chances, [len(row) for row in rows]), strict=True
        )
        for span in found
        if (marked := _marked(doc, row, span)) is not None
    ]
    doc.spans[LEARNED] = SpanGroup(
        doc,
        name=LEARNED,
        spans=[span for span, _ in learned],
        attrs={"scores": [score for _, score in learned]},
    )


def set_rows(doc: Doc, rows: Rows) -> None:
    """Make ``doc.tensor`` of the rows of its words, in order; white space has zeros.

    So have words behind those that there are rows of.
    """
    tensor: Any = np.zeros((len(doc), rows.shape[1]), rows.dtype)
    tensor[_words(doc)[: len(rows)]] = rows
    doc.tensor = tensor


def rows_of(doc: Doc) -> Rows:
    """The rows of the words of a document, in order."""
    tensor: Any = doc.tensor
    rows: Rows = tensor[_words(doc)]
    return rows


def _words(doc: Doc) -> list[int]:
    return [token.i for token in doc if not token.text[0].isspace()]


def _legible(text: str, piece: Piece) -> str:
    """A word as the models are given it: no longer than any is."""
    return text[piece.start : min(piece.end, piece.start + LONGEST)]


def _marked(doc: Doc, row: Sequence[Piece], span: NamedSpan | LearnedSpan) -> Span | None:
    """The words of a line that a span names, in the document."""
    return doc.char_span(row[span.first].start, row[span.after - 1].end, label=span.label)


def lines_in(text: str, cut: list[Piece]) -> tuple[list[list[Piece]], list[Line]]:
    """The words of each line, and the line as networks read it."""
    rows = lines_of(text, cut)
    return rows, [
        Line([_legible(text, p) for p in row], [p.opens_sentence for p in row]) for row in rows
    ]


def lines_of(text: str, cut: list[Piece]) -> list[list[Piece]]:
    """The words of each line, white space left out; lines without words are none."""
    rows: list[list[Piece]] = [[]]
    for piece in cut:
        if not text[piece.start].isspace():
            rows[-1].append(piece)
        elif text[piece.start] in LINE_BREAKS:
            rows.append([])
    return [row for row in rows if row]


def file_sums(models: Path) -> dict[str, str]:
    """SHA-256 of each model file in a folder, by name; cards and notes are no models."""
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(models.iterdir())
        if path.suffix in MODEL_FILES
    }


def load_annotator(models: Path | None = None, *, context: bool = True) -> Annotator:
    """The annotator with the models of a folder, by default the project's own ``models/``.

    Without ``context`` documents have no learned spans and no rows: what these are taught with.
    Raises ``FileNotFoundError`` naming the model file that is missing.
    """
    folder = MODELS if models is None else models
    lemmatizer = load_lemmatizer(folder)
    # One pipeline for both: the vectors, which are most of the memory, are loaded once.
    nlp = load_ready(folder)
    vectors = static_vectors(nlp.vocab)
    return Annotator(
        Tagger(nlp, vectors),
        NameFinder(nlp, vectors),
        Context(load_context_reader(folder), load_span_finder(folder), load_meanings(folder))
        if context
        else None,
        lemmatizer,
        Vocabulary(nlp.vocab),
        folder,
    )


def load_networks(models: Path, keep: Sequence[str]) -> Language:
    """The base components of those names, the recognizer with our own weights."""
    nlp = load_base(keep)
    return with_weights(nlp, models / "ner.npz") if "ner" in keep else nlp
