"""What rules, models and both together reach on announcements with gold."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.table import Table
from spacy.tokens import Doc

from pipeline.annotate import load_annotator
from pipeline.evidence import SHIPPED, Evidence
from pipeline.evidence.votes import VOTES
from pipeline.extract import extract
from pipeline.extract.sources import BOTH, RULES, Sources
from pipeline.prepare import prepared
from pipeline.read import read_folder
from pipeline.records import Announcement, Record
from pipeline.resolve import resolve
from pipeline.scoring.outcome import TABLES, Tally, macro_f1, tallies
from pipeline.scoring.score import score
from pipeline.single import checked
from pipeline.tables.write import write_tables
from pipeline.training.by_model import MODEL
from pipeline.training.evidence import fit_evidence

SHARES = (0.25, 0.5, 1.0)
# Evidence has learnt to ask of every name how likely the networks find it, and takes none of which
# they say nothing: where rules are alone, their votes decide.
VARIANTS: Mapping[str, tuple[Sources, Evidence]] = {
    "rules": (RULES, VOTES),
    "model": (MODEL, SHIPPED),
    "both": (BOTH, SHIPPED),
}


def ablation(announcements: Path, gold: Path) -> dict[str, dict[str, Tally]]:
    """Tallies by variant and table of a folder of announcements against its gold."""
    annotated = list(_annotated(announcements))
    return {
        variant: _scored([_record(*pair, *decided) for pair in annotated], gold)
        for variant, decided in VARIANTS.items()
    }


def votes_and_evidence(announcements: Path, gold: Path) -> dict[str, dict[str, Tally]]:
    """Tallies of what the readers' votes alone decide, and of what fitted evidence does."""
    annotated = list(_annotated(announcements))
    return {
        name: _scored([_record(*pair, BOTH, evidence) for pair in annotated], gold)
        for name, evidence in (("votes", VOTES), ("evidence", SHIPPED))
    }


def learning_curve(
    announcements: Path, gold: Path, models: Path, say: Callable[[str], None]
) -> dict[str, dict[str, Tally]]:
    """Tallies on a folder of evidence fitted on a quarter, half and all of what it learns from."""
    annotated = list(_annotated(announcements))
    curve = {}
    for share in SHARES:
        evidence = fit_evidence(models, share, say)
        records = [_record(*pair, BOTH, evidence) for pair in annotated]
        curve[f"{share:.0%}"] = _scored(records, gold)
    return curve


def _annotated(folder: Path) -> Iterator[tuple[Announcement, Doc | None]]:
    annotator = load_annotator()
    for post in read_folder(folder):
        announcement = prepared(post)
        readable = announcement.status == "ok"
        yield announcement, annotator.annotate(announcement.text) if readable else None


def _record(
    announcement: Announcement, doc: Doc | None, sources: Sources, evidence: Evidence = SHIPPED
) -> Record:
    if doc is None:
        return Record(announcement=announcement)
    return checked(extract(announcement, doc, sources, evidence))


def _scored(records: Sequence[Record], gold: Path) -> dict[str, Tally]:
    with TemporaryDirectory() as folder:
        write_tables(resolve(records), Path(folder))
        return tallies(score(Path(folder), gold).outcomes)


def show(figures: Mapping[str, Mapping[str, Tally]], console: Console) -> None:
    """Print F1 by table, a column for each variant."""
    table = Table("F1", *figures)
    for name in TABLES:
        table.add_row(name, *(f"{tallied[name].f1:.3f}" for tallied in figures.values()))
    table.add_row("macro", *(f"{macro_f1(dict(tallied)):.3f}" for tallied in figures.values()))
    console.print(table)
