"""What the cards say in figures: one record of everything measured and read, kept as JSON."""

from __future__ import annotations

from pathlib import Path

import msgspec

from pipeline.training.evaluate import Figures
from pipeline.training.timing import read_seconds

Ratios = tuple[float, float, float]  # precision, recall, F1
NAME = "figures.json"


class ModelFile(msgspec.Struct, frozen=True):
    """A file of ``models/``: SHA-256 and size in bytes."""

    sha256: str
    size: int


class CorpusRead(msgspec.Struct, frozen=True):
    """A corpus file as it was read: SHA-256, sentences, words."""

    sha256: str
    sentences: int
    words: int


class PassagesRead(msgspec.Struct, frozen=True):
    """The marked passages as they were read; ``spans`` counts them by label."""

    passages: int
    words: int
    spans: dict[str, int]


class Surroundings(msgspec.Struct, frozen=True):
    """What the figures were measured with: versions of packages, Python, platform, BLAS."""

    packages: dict[str, str]
    python: str
    platform: str
    blas: str


class HeldOutLemmas(msgspec.Struct, frozen=True):
    """Lemma accuracy of a model on text that it did not learn from."""

    learnt: str
    tested: str
    lemma: float
    hyphens_kept: float


class Opinions(msgspec.Struct, frozen=True):
    """Share of right lemmas of words that no lexicon holds: rewritten, guessed, both."""

    words: str
    count: int
    rewriting: float
    udpipe: float
    vote: float


class Asked(msgspec.Struct, frozen=True):
    """How often UDPipe is asked (share of words) and what that takes (milliseconds a word)."""

    share: float
    milliseconds: float


class Names(msgspec.Struct, frozen=True):
    """F1 on TurkuONE dev beyond ``Figures``: sentences read alone, the base's weights agreeing."""

    alone: float
    base_agreeing: float


class Agreement(msgspec.Struct, frozen=True):
    """F1 of the names found in announcements against gold: by kind, and of all kinds together."""

    by_kind: dict[str, float]
    together: float


class Announced(msgspec.Struct, frozen=True):
    """Figures on one folder of announcements with gold.

    ``f1`` is by variant (rules, model, both) and table, ``macro`` by variant; ``names`` by system.
    """

    count: int
    f1: dict[str, dict[str, float]]
    macro: dict[str, float]
    names: dict[str, Agreement]


class Spans(msgspec.Struct, frozen=True):
    """Spans of announcements that the networks did not learn from, by label and ``all``.

    ``milliseconds``: processor time of reading a word in context.
    """

    held_out: dict[str, Ratios]
    milliseconds: float


class Measured(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that the cards' tables are made from."""

    models: dict[str, ModelFile]
    surroundings: Surroundings
    read: dict[str, CorpusRead]  # by path below the folder of the corpora
    passages: PassagesRead
    dictionary_lemmas: int
    systems: dict[str, Figures]  # this project and its peers, in one run
    lemmas: list[HeldOutLemmas]
    opinions: list[Opinions]
    asked: Asked
    names: Names
    spans: Spans
    announced: dict[str, Announced]  # by what the folder is called
    seconds: dict[str, float]  # processor time of the steps of training, where they were timed


def write_measured(measured: Measured, folder: Path) -> None:
    """Write ``figures.json`` into a folder, indented, so that changes can be read."""
    text = msgspec.json.format(msgspec.json.encode(measured), indent=1)
    (folder / NAME).write_bytes(text + b"\n")


def read_measured(folder: Path) -> Measured:
    """What ``write_measured`` wrote; raises ``FileNotFoundError`` where nothing was measured."""
    path = folder / NAME
    if not path.is_file():
        raise FileNotFoundError(
            f"{path} is not there: measure first (python -m pipeline.training cards --data …)"
        )
    return msgspec.json.decode(path.read_bytes(), type=Measured)


def timed_again(measured: Measured, work: Path) -> Measured:
    """The same with the times of those steps of training that ``work`` holds times of."""
    return msgspec.structs.replace(measured, seconds=measured.seconds | read_seconds(work))
