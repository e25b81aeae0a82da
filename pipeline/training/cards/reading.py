"""What training reads: the corpora and the marked passages, counted; each corpus by name and home.

``corpora.toml`` says what the corpora are and what each model's training uses them for.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Callable, Iterable
from functools import cache
from hashlib import sha256
from importlib.resources import files
from pathlib import Path

import msgspec

from pipeline.annotate.tokens import pieces
from pipeline.training.cards.measured import CorpusRead, PassagesRead
from pipeline.training.corpora import read_conllu, read_iob2, read_web
from pipeline.training.passages import read_passages


class Corpus(msgspec.Struct, frozen=True):
    """A file of a corpus: its path below the data folder, its name, home, path there, licence."""

    file: str
    name: str
    home: str
    there: str
    licence: str


class Use(msgspec.Struct, frozen=True, rename={"purpose": "as"}):
    """What the training of a model (by its card's name) uses files as."""

    card: str
    files: tuple[str, ...]
    purpose: str


class Listed(msgspec.Struct, frozen=True):
    """All corpora and all uses of them."""

    corpus: tuple[Corpus, ...]
    use: tuple[Use, ...]


@cache
def listed() -> Listed:
    """What ``corpora.toml`` lists."""
    text = files(__package__).joinpath("corpora.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), Listed)


def require_files(paths: Iterable[Path], advice: str) -> None:
    """Raise ``FileNotFoundError`` naming every path that is not there, and what to do about it."""
    missing = [str(path) for path in paths if not path.exists()]
    if missing:
        raise FileNotFoundError(f"Not there: {', '.join(missing)}. {advice}")


def read_corpora(data: Path) -> dict[str, CorpusRead]:
    """Sentences and words of every listed corpus in a folder, by path.

    Raises ``FileNotFoundError`` naming the files that are missing.
    """
    names = [corpus.file for corpus in listed().corpus]
    require_files(
        [data / name for name in names], "models/README.md says where the corpora are to be had."
    )
    return {name: _counted(data / name) for name in names}


def _counted(path: Path) -> CorpusRead:
    readers: dict[str, Callable[[Path], Iterable[int]]] = {
        ".conllu": lambda p: map(len, read_conllu(p)),
        "ner": lambda p: (len(sentence.forms) for sentence in read_iob2(p)),
        "raw": lambda p: map(len, read_web(p)),
    }
    reader = readers[path.suffix if path.suffix in readers else path.parent.name]
    lengths = list(reader(path))
    return CorpusRead(sha256(path.read_bytes()).hexdigest(), len(lengths), sum(lengths))


def count_passages(folder: Path) -> PassagesRead:
    """Passages, words and spans of a folder of marked passages."""
    passages = list(read_passages(folder))
    words = sum(
        not passage.text[piece.start].isspace()
        for passage in passages
        for piece in pieces(passage.text)
    )
    labels = Counter(label for passage in passages for *_, label in passage.spans)
    return PassagesRead(len(passages), words, dict(sorted(labels.items())))
