"""Make ``transformer.npz``, ``spans.npz`` and ``relations.npz``, and what evidence is fitted on.

The names that relations are asked of are those that evidence chose with held-out spans: as wrong as
in use. Those spans come from the teaching before, so after new announcements the step is run twice.
A network held out from an announcement has not seen it; but the pieces that words are cut into are
chosen on all, and the names models behind the questions were fitted on folds of their own.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray

from pipeline.annotate.contextual import ContextReader
from pipeline.annotate.meanings import Rows, WordMeanings
from pipeline.annotate.spans import SpanFinder
from pipeline.annotate.subwords import Subwords
from pipeline.annotate.transformer import Transformer
from pipeline.training.context.examples import example
from pipeline.training.context.held_out import (
    OF_MEANINGS,
    Found,
    read_spans,
    told_of,
    write_held_out,
)
from pipeline.training.context.lessons import REGISTER, field_lessons, marked_passages
from pipeline.training.context.model import Lower, Upper
from pipeline.training.context.shipped import (
    Weights,
    exported,
    exported_relations,
    exported_tags,
)
from pipeline.training.context.starting import StartingWeights, met_pieces, subword_model
from pipeline.training.context.teach import (
    RECIPE,
    Lesson,
    Recipe,
    taught,
)
from pipeline.training.corpora import read_web_texts
from pipeline.training.folds import SISTERS, digest, fold_of
from pipeline.training.passages import Passage
from pipeline.training.span_examples import known_names, register_names

WEB = ("raw/fincore-dev.tsv", "raw/fincore-test.tsv")
LEXICON = Path("pipeline/lexicon")
WORD = re.compile(r"\w+|[^\w\s]")


class Taught(NamedTuple):
    """What one teaching gives: the weights of the three files."""

    transformer: Weights
    spans: Weights
    relations: Weights

    def told(self, texts: Iterable[str]) -> Iterator[tuple[str, list[Found], Rows]]:
        """Each text by its digest with its spans and rows."""
        subwords = Subwords(self.transformer["subwords"].tobytes())
        reader = ContextReader(Transformer(self.transformer), subwords)
        finder, meanings = SpanFinder(self.spans), WordMeanings(self.relations)
        for text in texts:
            yield digest(text), *told_of(text, reader, finder, meanings)


def make_context(
    data: Path, models: Path, work: Path, say: Callable[[str], None], *, sisters: bool = True
) -> int:
    """Teach networks without a fold each, and one of all announcements; three hours on two cores.

    What a fold gave is kept in ``work``, so that a teaching that was stopped goes on. Without
    ``sisters`` only the shipped networks are taught, and held-out answers stay as they are. Returns
    the size of ``transformer.npz`` in bytes.
    """
    lessons = list(field_lessons(models, say))
    teacher = Teacher(data, lessons, RECIPE, say)
    work.mkdir(parents=True, exist_ok=True)
    if sisters:
        _write_sisters(teacher, lessons, models, work, say)
    say("all announcements")
    whole = teacher.kept(work, range(len(lessons)))
    np.savez(models / "transformer.npz", **whole.transformer)
    np.savez_compressed(models / "spans.npz", **whole.spans)
    np.savez_compressed(models / "relations.npz", **whole.relations)
    return (models / "transformer.npz").stat().st_size


def _write_sisters(
    teacher: Teacher,
    lessons: Sequence[Lesson],
    models: Path,
    work: Path,
    say: Callable[[str], None],
) -> None:
    """Teach a network without each fold, and write what it tells of that fold."""
    spans = read_spans(models)  # of announcements that no fold holds: an earlier teaching's
    rows: dict[str, Rows] = {}
    by: dict[str, int] = {}
    networks: list[Mapping[str, Any]] = []
    texts = [lesson.passage.text for lesson in lessons]
    for fold in range(SISTERS):
        say(f"fold {fold + 1} of {SISTERS}")
        rest = [n for n, text in enumerate(texts) if fold_of(text) != fold]
        taught_of = teacher.kept(work, rest)
        mine = [text for text in texts if fold_of(text) == fold]
        for key, found, meanings in taught_of.told(mine):
            spans[key], rows[key], by[key] = found, meanings, fold
        networks.append({n: v for n, v in taught_of.relations.items() if n not in OF_MEANINGS})
    write_held_out(models, spans, rows, by, networks)


class Teacher:
    """Teaches from some of the lessons, always with all marked passages."""

    def __init__(
        self, data: Path, lessons: Sequence[Lesson], recipe: Recipe, say: Callable[[str], None]
    ) -> None:
        self._lessons, self._recipe, self._say = lessons, recipe, say
        self._passages = marked_passages()
        self._names = register_names(data / REGISTER)
        self._start = StartingWeights()
        every = [lesson.passage for lesson in (*self._passages, *lessons)]
        self._pieces = met_pieces(self._start, sorted(_words(data, every)))
        self._model = subword_model(self._start, self._pieces)
        self._lower = Lower(self._start, self._pieces, recipe.shape)
        say(f"{len(every)} texts, {len(self._pieces)} pieces")

    def kept(self, folder: Path, chosen: Sequence[int]) -> Taught:
        """What was taught from these lessons: read from a file, or taught and written there.

        The file is named for the lessons and the recipe: others are taught anew.
        """
        path = folder / f"context-{self._digest(chosen)}.npz"
        if not path.exists():
            parts = self.taught(chosen)._asdict()
            flat = {f"{part}:{n}": v for part, one in parts.items() for n, v in one.items()}
            draft = path.with_suffix(".part.npz")
            np.savez(draft, **flat)
            draft.replace(path)
        with np.load(path) as archive:
            found: dict[str, Weights] = {part: {} for part in Taught._fields}
            for name in archive.files:
                part, _, own = name.partition(":")
                found[part][own] = archive[name]
        return Taught(**found)

    def _digest(self, chosen: Sequence[int]) -> str:
        told = sha256(repr((self._recipe, self._pieces, self._passages)).encode())
        for number in chosen:
            passage, asked = self._lessons[number]
            told.update(repr(passage).encode())
            if asked is not None:
                told.update(np.stack(asked.channels).tobytes())
                told.update(asked.places.tobytes() + asked.right.tobytes())
        return told.hexdigest()[:16]

    def taught(self, chosen: Sequence[int]) -> Taught:
        """Teach from these lessons and the passages."""
        lessons = [*(self._lessons[number] for number in chosen), *self._passages]
        names = [*known_names([lesson.passage for lesson in lessons]), *self._names]
        subwords = Subwords(self._model)
        upper, members = taught(
            lessons, names, self._lower, self._start, subwords, self._recipe, self._say
        )
        return Taught(
            {
                **exported(self._lower, upper),
                "subwords": np.frombuffer(self._model, np.uint8),
            },
            exported_tags(upper),
            exported_relations(upper, members, self._meanings(upper, lessons[::5], subwords)),
        )

    def _meanings(
        self, upper: Upper, lessons: Sequence[Lesson], subwords: Subwords
    ) -> NDArray[np.float32]:
        """Meanings of the words of some lessons."""
        found = []
        with torch.no_grad():
            for lesson in lessons:
                windows = example(lesson.passage, subwords).windows
                if windows:
                    words = upper.words(self._lower(windows), windows)
                    found.append(upper.meaning(words).numpy())
        return np.vstack(found)


def _words(data: Path, passages: Iterable[Passage]) -> set[str]:
    """Words that the pieces kept are made of: web texts, names of projects, all lexica, lessons."""
    words = {
        form
        for path in WEB
        for text in read_web_texts(data / path)
        for sentence in text
        for form in sentence
    }
    with (data / REGISTER).open(encoding="utf-8", newline="") as stream:
        words.update(word for row in csv.DictReader(stream) for word in WORD.findall(row["name"]))
    for path in sorted(LEXICON.glob("*.csv")):
        words.update(WORD.findall(path.read_text(encoding="utf-8")))
    for passage in passages:
        words.update(WORD.findall(passage.text))
    return words
