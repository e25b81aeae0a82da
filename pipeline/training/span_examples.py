"""What the span model learns from: annotated passages, varied copies of them, and plain news.

News (TurkuONE) annotates people and bodies but no titles, so it tells only what no project is.
"""

from __future__ import annotations

import csv
import random
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

import numpy as np

from pipeline.annotate.annotator import lines_of
from pipeline.annotate.network import Matrix
from pipeline.annotate.span_features import place_features, reading_features
from pipeline.annotate.spans import LABELS
from pipeline.annotate.tagger import Reading, Tagger
from pipeline.annotate.tokens import pieces
from pipeline.annotate.word_sums import form_rows
from pipeline.lexicon import table
from pipeline.training.corpora import read_iob2
from pipeline.training.passages import Passage

BESIDE = ("PERSON", "GPE", "LOC", "DATE", "MONEY", "PERCENT")  # types learnt beside ours
ORDER = (*LABELS, *BESIDE)
WHOLE = frozenset({"PERSON"})  # of them those whose first words are told apart
TAGS = (
    "O",
    *(f"{place}-{label}" for label in LABELS for place in "BILU"),
    *(
        f"{place}-{label}"
        for label in ORDER[len(LABELS) :]
        for place in ("BI" if label in WHOLE else "I")
    ),
)
PROJECT_WORDS = re.compile(r"hank|projek|ohjelma|pilot|kokeilu", re.IGNORECASE)
AT_ONCE = 100  # sentences tagged together
LONGEST_NAME = 120  # letters
COMMON_NAMES = 6_000  # the commonest family names are drawn
SWAPPED = {"PROJECT": 0.6, "ROLE": 0.25, "PERSON": 0.3}  # share of names put in another's place

_NAME_ENDS = re.compile(
    r"\s?-\s?\w|[\n,.():;–]|\s\(|$"
    r"|\s(?:on|alkoi|päättyi|sai|tuo|oli|jatkaa|käynnisty\w+|alkaa|kokoaa|vie|yhdistää|aloitti)\b"
)
_TITLE_ENDS = re.compile(r"\s[A-ZÅÄÖ]|[,\n.)]|$")
_PERSON_ENDS = re.compile(r"[,.\n(;)]|\s(?:on|kerto|sano|ja)|$")
_LOCAL = ("ssa", "ssä", "sta", "stä", "lla", "llä")
_NOMINATIVE_TITLE = re.compile(r"(?:ja|kkö|ri|ti|tti|jä|nikko|sti|ija|ijä|ores|ari|öri)$")


@dataclass(frozen=True)
class Example:
    """A line of words as the network sees it, and the numbers of its tags.

    ``tags`` is ``None`` where the line only tells that no project is named in it.
    """

    forms: Sequence[int]  # rows of the table of forms
    rows: Matrix
    rest: Matrix  # features of readings and places
    tags: Sequence[int] | None

    def __len__(self) -> int:
        """Words of the line."""
        return len(self.forms)


class Reader:
    """Makes examples; keeps one table of the features of all word forms."""

    def __init__(self, tagger: Tagger) -> None:
        self._tagger = tagger
        self._numbers: dict[str, int] = {}
        self._features: list[Matrix] = []

    @property
    def forms(self) -> Matrix:
        """Features of the word forms met so far, a row each."""
        return np.array(self._features, "float32")

    def passages(self, passages: Iterable[Passage]) -> list[list[Example]]:
        """The lines of each passage."""
        return [list(self._lines(passage)) for passage in passages]

    def _lines(self, passage: Passage) -> Iterator[Example]:
        rows = lines_of(passage.text, pieces(passage.text))
        words = [[passage.text[piece.start : piece.end] for piece in row] for row in rows]
        for row, line, readings in zip(rows, words, self._tagger.tag(words), strict=True):
            offsets = [(piece.start, piece.end) for piece in row]
            tags = [TAGS.index(tag) for tag in tags_of(offsets, passage)]
            yield self._example(line, [piece.opens_sentence for piece in row], readings, tags)

    def news(self, path: Path, count: int, seed: int) -> list[Example]:
        """So many sentences of an IOB2 file, drawn by the seed, that speak of no project."""
        sentences = [
            list(sentence.forms)
            for sentence in read_iob2(path)
            if len(sentence.forms) > 3 and not any(map(PROJECT_WORDS.search, sentence.forms))
        ]
        drawn = random.Random(seed).sample(sentences, min(count, len(sentences)))
        made = []
        for start in range(0, len(drawn), AT_ONCE):
            some = drawn[start : start + AT_ONCE]
            for words, readings in zip(some, self._tagger.tag(some), strict=True):
                opens = [place == 0 for place in range(len(words))]
                made.append(self._example(words, opens, readings, None))
        return made

    def _example(
        self,
        words: Sequence[str],
        opens: Sequence[bool],
        readings: Sequence[Reading],
        tags: Sequence[int] | None,
    ) -> Example:
        readable = np.array([reading_features(reading) for reading in readings], "float32")
        return Example(
            forms=[self._number(word) for word in words],
            rows=self._tagger.rows([tuple(words)]).copy(),
            rest=np.hstack([readable, place_features(words, opens)]),
            tags=tags,
        )

    def _number(self, word: str) -> int:
        number = self._numbers.get(word)
        if number is None:
            number = self._numbers[word] = len(self._features)
            self._features.append(form_rows([word], self._tagger)[0])
        return number


def tags_of(offsets: Sequence[tuple[int, int]], passage: Passage) -> list[str]:
    """The tag of each word of a line; a word belongs to the first type of ``ORDER`` it touches."""
    tags = ["O"] * len(offsets)
    for start, end, label in sorted(passage.spans, key=lambda span: (ORDER.index(span[2]), span)):
        words = [n for n, (low, high) in enumerate(offsets) if low < end and start < high]
        if not words or any(tags[word] != "O" for word in words):
            continue
        for word in words:
            tags[word] = f"I-{label}"
        if label in LABELS:
            tags[words[-1]] = f"L-{label}"
        if label in LABELS or label in WHOLE:
            tags[words[0]] = f"{'U' if label in LABELS and len(words) == 1 else 'B'}-{label}"
    return tags


def known_names(passages: Iterable[Passage]) -> list[str]:
    """Project names that stand before a hyphen and a head, so in the nominative."""
    return sorted(
        {
            passage.text[start:end]
            for passage in passages
            for start, end, label in passage.spans
            if label == "PROJECT" and re.match(r"\s?-\w", passage.text[end : end + 3])
        }
    )


def register_names(path: Path) -> list[str]:
    """Names of real projects, as a register lists them: CSV with a column ``name``."""
    with path.open(encoding="utf-8", newline="") as stream:
        names = {row["name"].strip() for row in csv.DictReader(stream)}
    return sorted(name for name in names if 2 < len(name) <= LONGEST_NAME)


@cache
def _words() -> dict[str, list[str]]:
    data = tomllib.loads(files(__package__).joinpath("spans.toml").read_text(encoding="utf-8"))
    family = sorted(table("names_family"), key=lambda row: int(row["rank"]))[:COMMON_NAMES]
    return {
        "PROJECT": data["projects"],
        "ROLE": data["roles"],
        "given": [row["name"] for row in table("names_given")],
        "family": [row["name"] for row in family],
    }


def varied(passage: Passage, names: Sequence[str], draw: random.Random) -> Passage:
    """The passage with other names in the place of some: projects, titles, people.

    Only what seems to stand in the nominative is replaced; ``names`` are project names to draw from
    beside those of ``spans.toml``.
    """
    renamed: dict[str, str] = {}
    plain: list[str] = []
    spans: list[tuple[int, int, str]] = []
    done = length = 0
    for start, end, label in passage.spans:
        name = passage.text[start:end]
        chosen = name
        if draw.random() < SWAPPED.get(label, 0) and _replaceable(
            name, label, passage.text[end : end + 12]
        ):
            chosen = renamed.setdefault(name, _drawn(name, label, names, draw))
        before = passage.text[done:start]
        plain += (before, chosen)
        spans.append((length + len(before), length + len(before) + len(chosen), label))
        length, done = spans[-1][1], end
    plain.append(passage.text[done:])
    return Passage("".join(plain), tuple(spans))


def _replaceable(name: str, label: str, behind: str) -> bool:
    tests: dict[str, Callable[[], bool]] = {
        "PROJECT": lambda: bool(_NAME_ENDS.match(behind)) and not name.endswith(_LOCAL),
        "ROLE": lambda: bool(_TITLE_ENDS.match(behind) and _NOMINATIVE_TITLE.search(name)),
        "PERSON": lambda: len(name.split()) == 2 and bool(_PERSON_ENDS.match(behind)),
    }
    return tests[label]()


def _drawn(name: str, label: str, names: Sequence[str], draw: random.Random) -> str:
    words = _words()
    if label == "PERSON":
        return f"{draw.choice(words['given'])} {draw.choice(words['family'])}"
    if label == "PROJECT":
        return draw.choice([*words["PROJECT"], *names])
    title = draw.choice(words["ROLE"])
    return title[0].upper() + title[1:] if name[0].isupper() else title
