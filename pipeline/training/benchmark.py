"""Compare the project's models with their peers: one table, each system in a process of its own."""

from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path

import msgspec
from rich.console import Console
from rich.table import Table

from pipeline.training.evaluate import Figures, evaluate, measure

SYSTEMS = {
    "project": "this project",
    "spacy-fi": "spaCy-fi web md (lemmas: libvoikko)",
    "simplemma": "simplemma",
    "voikko": "libvoikko alone",
}
TYPES = ("PERSON", "ORG", "GPE", "LOC", "DATE", "MONEY")


def benchmark(conllu: Path, ner: Path) -> dict[str, Figures]:
    """Figures by system, measured one after the other; a system that isn't installed is left out.

    A process each keeps the memory of one from counting for another.
    """
    figures = {}
    for system in SYSTEMS:
        command = [sys.executable, "-m", "pipeline.training", "measure", system]
        done = subprocess.run(
            [*command, "--conllu", str(conllu), "--ner", str(ner)], capture_output=True, check=False
        )
        if done.returncode == 0:
            figures[system] = msgspec.json.decode(done.stdout, type=Figures)
    return figures


def measured(system: str, conllu: Path, ner: Path) -> Figures:
    """Figures of one system in this process, with its peak memory in MB."""
    from pipeline.training import peers

    if system == "project":
        figures = evaluate(conllu, ner)
    elif system == "spacy-fi":
        figures = measure(conllu, ner, *peers.spacy_fi())
    elif system == "simplemma":
        figures = measure(conllu, None, peers.simplemma_alone(), None)
    else:
        figures = measure(conllu, None, peers.voikko_alone(), None)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return msgspec.structs.replace(figures, memory_mb=round(peak))


def show(figures: dict[str, Figures], console: Console) -> None:
    """Print the table."""
    table = Table("system", "lemma", "UPOS", "feats", "NER F1", *TYPES, "tag w/s", "NER w/s", "MB")
    for system, f in figures.items():
        kinds = f.ner_f1_by_type or {}
        tags = bool(f.upos)
        table.add_row(
            SYSTEMS[system],
            _share(f.lemma),
            _share(f.upos if tags else None),
            _share(f.feats if tags else None),
            _share(f.ner_f1),
            *(_share(kinds.get(kind)) for kind in TYPES),
            _whole(f.tag_words_per_second),
            _whole(f.ner_words_per_second),
            _whole(f.memory_mb),
        )
    console.print(table)


def _share(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"


def _whole(value: float | None) -> str:
    return "" if value is None else f"{value:,.0f}".replace(",", " ")
