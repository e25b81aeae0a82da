"""Measure everything that the cards tell: some ten minutes on one core.

UDPipe's sister model and the held-out lexicons take most of that.
"""

from __future__ import annotations

import platform
from collections.abc import Callable, Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import NamedTuple

import msgspec
from threadpoolctl import threadpool_info, threadpool_limits  # type: ignore[import-untyped]

from pipeline.annotate.annotator import file_sums
from pipeline.scoring.outcome import macro_f1
from pipeline.training.ablation import ablation
from pipeline.training.benchmark import benchmark
from pipeline.training.cards.lemma_figures import lemma_figures
from pipeline.training.cards.measured import Announced, Measured, ModelFile, Surroundings
from pipeline.training.cards.name_figures import announced_names, name_figures, readable
from pipeline.training.cards.reading import count_passages, read_corpora, require_files
from pipeline.training.cards.span_measures import span_figures
from pipeline.training.lemma_rules import dictionary_lemmas
from pipeline.training.timing import read_seconds

MODEL_NAMES = (
    *("lemmas.tsv.gz", "finnish.udpipe", "ner.npz"),
    *("transformer.npz", "spans.npz", "relations.npz"),
)
PACKAGES = (
    "numpy",
    "spacy",
    "thinc",
    "spacy-fi-experimental-web-md",
    "spacy-udpipe",
    "ufal.udpipe",
    "simplemma",
    "libvoikko",
)
SILVER = "silver.tsv.gz"
CONTEXT = frozenset(("transformer.npz", "spans.npz", "relations.npz"))


class Place(NamedTuple):
    """A folder of announcements and that of their gold."""

    announcements: Path
    gold: Path


class Folders(NamedTuple):
    """Where what is measured lies."""

    data: Path
    work: Path
    models: Path
    passages: Path
    cases: Path  # CSV of inflected names
    announced: Mapping[str, Place]  # by what the cards call them


def standard_folders(data: Path, work: Path, further: Path | None) -> Folders:
    """The project's own folders; ``further`` holds ``announcements/`` and ``gold/``, if given."""
    announced = {
        "`tests/unseen`": Place(Path("tests/unseen/announcements"), Path("tests/unseen/gold")),
        "`corpus`": Place(Path("corpus"), Path("corpus/gold")),
    }
    if further is not None:
        others = Place(further / "announcements", further / "gold")
        announced = {"further announcements": others, **announced}
    return Folders(
        data=data,
        work=work,
        models=Path("models"),
        passages=Path("corpus/training"),
        cases=Path("tests/cases/names_inflected.csv"),
        announced=announced,
    )


def measure_all(folders: Folders, say: Callable[[str], None]) -> Measured:
    """Everything measured, one after the other, matrices on one thread.

    Raises ``FileNotFoundError`` naming what is missing before anything is measured.
    """
    require_all(folders)
    with threadpool_limits(limits=1, user_api="blas"):
        return _measured(folders, say)


def context_again(known: Measured, folders: Folders, say: Callable[[str], None]) -> Measured:
    """The same with what hangs on the networks of context measured anew; minutes.

    Raises ``ValueError`` where another model has changed, too.
    """
    files = model_files(folders.models)
    changed = {name for name, file in files.items() if known.models.get(name) != file}
    if others := changed - CONTEXT:
        raise ValueError(f"changed as well, measure everything: {', '.join(sorted(others))}")
    announced = dict(known.announced)
    with threadpool_limits(limits=1, user_api="blas"):
        for called, place in folders.announced.items():
            say(f"announcements: {called}")
            announced[called] = announced_figures(place, folders.models)
        say("words in context")
        spans = span_figures(folders.models)
    return msgspec.structs.replace(known, models=files, announced=announced, spans=spans)


def require_all(folders: Folders) -> None:
    """Raise ``FileNotFoundError`` where something to be measured is not there."""
    require_files(
        [folders.models / name for name in MODEL_NAMES],
        "Train the models first: make models DATA=…",
    )
    require_files(
        [folders.work / SILVER],
        "Make it first: python -m pipeline.training silver --data … (some five minutes).",
    )
    places = [path for place in folders.announced.values() for path in place]
    require_files([folders.passages, folders.cases, *places], "They belong to the project.")


def _measured(folders: Folders, say: Callable[[str], None]) -> Measured:
    data, work, models = folders.data, folders.work, folders.models
    read = read_corpora(data)
    say("this project beside its peers")
    systems = benchmark(data / "ud" / "fi_tdt-ud-dev.conllu", data / "ner" / "turku-one-dev.tsv")
    if missing := {"project", "spacy-fi"} - set(systems):
        raise ValueError(f"Not measured, see make benchmark-models: {', '.join(sorted(missing))}")
    say("names")
    names = name_figures(data, models)
    announced = {}
    for called, place in folders.announced.items():
        say(f"announcements: {called}")
        announced[called] = announced_figures(place, models)
    lemmas, opinions, asked = lemma_figures(data, models, work / SILVER, folders.cases, say)
    say("words in context")
    spans = span_figures(models)
    return Measured(
        models=model_files(models),
        surroundings=surroundings(),
        read=read,
        passages=count_passages(folders.passages),
        dictionary_lemmas=len(dictionary_lemmas()),
        systems=systems,
        lemmas=lemmas,
        opinions=opinions,
        asked=asked,
        names=names,
        spans=spans,
        announced=announced,
        seconds=read_seconds(work),
    )


def announced_figures(place: Place, models: Path) -> Announced:
    """F1 of rules, models and both by table, and of names, on announcements with gold."""
    tallied = ablation(place.announcements, place.gold)
    return Announced(
        count=sum(1 for _ in readable(place.announcements)),
        f1={
            variant: {table: tally.f1 for table, tally in tables.items()}
            for variant, tables in tallied.items()
        },
        macro={variant: macro_f1(tables) for variant, tables in tallied.items()},
        names=announced_names(place.announcements, place.gold, models),
    )


def model_files(models: Path) -> dict[str, ModelFile]:
    """The model files of a folder by name."""
    return {
        name: ModelFile(digest, (models / name).stat().st_size)
        for name, digest in file_sums(models).items()
    }


def surroundings() -> Surroundings:
    """Versions of packages and Python, the platform and the BLAS of this process."""
    packages = {}
    for name in PACKAGES:
        try:
            packages[name] = version(name)
        except PackageNotFoundError:
            continue
    blas = [
        f"{pool['internal_api']} {pool['version']} ({pool.get('architecture', 'unknown')})"
        for pool in threadpool_info()
        if pool["user_api"] == "blas"
    ]
    return Surroundings(
        packages=packages,
        python=platform.python_version(),
        platform=f"{platform.system()} {platform.machine()}",
        blas=", ".join(sorted(set(blas))),
    )
