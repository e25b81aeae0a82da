"""``python -m pipeline.training``: make the models, evaluate and compare them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.console import Console

app = typer.Typer(help=__doc__, add_completion=False, no_args_is_help=True)

Data = Annotated[Path, typer.Option(help="Folder of the corpora: ud/, ner/, raw/.")]
Work = Annotated[Path, typer.Option(help="Folder for what is made on the way.")]
Models = Annotated[Path, typer.Option(help="Folder of the models.")]
Conllu = Annotated[Path | None, typer.Option(help="Gold CoNLL-U file.")]
Ner = Annotated[Path | None, typer.Option(help="Gold IOB2 file: form, tab, label.")]
Passages = Annotated[Path, typer.Option(help="Folder of the marked passages.")]
PASSAGES = Path("corpus/training")
WORK, MODELS = Path("build/training"), Path("models")


@app.command()
def silver(data: Data, work: Work = WORK) -> None:
    """Tag the raw text with the teacher (needs libvoikko1 and voikko-fi); some five minutes."""
    from pipeline.training.silver import write_silver

    typer.echo(f"{write_silver(data, work / 'silver.tsv.gz')} words tagged")


@app.command()
def lemmas(data: Data, work: Work = WORK, models: Models = MODELS) -> None:
    """Make models/lemmas.tsv.gz from the silver readings and the gold treebanks."""
    from pipeline.training.lemma_rules import make_lemmas

    make_lemmas(data, work / "silver.tsv.gz", models / "lemmas.tsv.gz")


@app.command()
def udpipe(data: Data, models: Models = MODELS) -> None:
    """Train models/finnish.udpipe on tagged and gold sentences; some four minutes on one core."""
    from pipeline.training.udpipe import make_udpipe

    typer.echo(f"{make_udpipe(data, models, models / 'finnish.udpipe')} bytes")


@app.command()
def names(
    data: Data, passages: Passages = PASSAGES, work: Work = WORK, models: Models = MODELS
) -> None:
    """Fine-tune the entity recognizer into models/; some half an hour on one core."""
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    from pipeline.training.names import make_names

    # The matrices are small, and one thread adds numbers up in one order.
    with threadpool_limits(limits=1, user_api="blas"):
        make_names(data, passages, work, models / "ner.npz", typer.echo)


@app.command()
def spans(data: Data, models: Models = MODELS) -> None:
    """Train models/spans.npz on corpus/training and news; some four minutes on one core."""
    from pipeline.training.spans import make_spans

    typer.echo(f"{make_spans(data, models, models / 'spans.npz', typer.echo)} bytes")


@app.command()
def evaluate_spans(data: Data, models: Models = MODELS) -> None:
    """Print how well the span model finds what it did not learn from; some ten minutes."""
    from pipeline.training.span_figures import figures, show

    show(figures(data, models, typer.echo), Console(width=100))


@app.command()
def calibrate(data: Data, models: Models = MODELS) -> None:
    """Print weights for lexicon/learned.toml, fitted on held-out passages; some ten minutes."""
    from pipeline.training.span_calibration import calibrate as fitted

    for name, weight in fitted(data, models, lambda line: typer.echo(line, err=True)).items():
        typer.echo(f"{name} = {weight}")


@app.command()
def ablation(
    announcements: Annotated[Path, typer.Argument(help="Folder of announcements.")],
    gold: Annotated[Path, typer.Argument(help="Folder of their gold.")],
) -> None:
    """Print F1 of rules alone, models alone and both on announcements with gold."""
    from pipeline.training.ablation import ablation as compare
    from pipeline.training.ablation import show

    show(compare(announcements, gold), Console(width=100))


@app.command()
def checksums(models: Models = MODELS) -> None:
    """Write models/CHECKSUMS: SHA-256 and name of each model, as sha256sum does."""
    from pipeline.annotate.annotator import file_sums

    lines = [f"{digest}  {name}\n" for name, digest in file_sums(models).items()]
    (models / "CHECKSUMS").write_text("".join(lines), encoding="utf-8")


@app.command()
def evaluate(conllu: Conllu = None, ner: Ner = None, models: Models = MODELS) -> None:
    """Print the models' figures on gold files as one JSON object."""
    from pipeline.training.evaluate import evaluate as figures_of

    typer.echo(msgspec.json.encode(figures_of(conllu, ner, models)))


@app.command()
def measure(
    system: str,
    conllu: Annotated[Path, typer.Option(help="Gold CoNLL-U file.")],
    ner: Annotated[Path, typer.Option(help="Gold IOB2 file.")],
) -> None:
    """Print one system's figures as JSON: project, spacy-fi, simplemma or voikko."""
    from pipeline.training.benchmark import measured

    typer.echo(msgspec.json.encode(measured(system, conllu, ner)))


@app.command()
def benchmark(data: Data) -> None:
    """Print the project's models beside their peers on the development sections."""
    from pipeline.training.benchmark import benchmark as compare
    from pipeline.training.benchmark import show

    figures = compare(data / "ud" / "fi_tdt-ud-dev.conllu", data / "ner" / "turku-one-dev.tsv")
    show(figures, Console(width=160))


if __name__ == "__main__":
    app()
