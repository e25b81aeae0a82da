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
DEV = Path("corpus/field/dev/announcements")
DEV_GOLD = Path("corpus/field/dev/gold")
WORK, MODELS = Path("build/training"), Path("models")


@app.command()
def silver(data: Data, work: Work = WORK) -> None:
    """Tag the raw text with the teacher (needs libvoikko1 and voikko-fi); some five minutes."""
    from pipeline.training.silver import write_silver
    from pipeline.training.timing import timed

    with timed("silver", work):
        words = write_silver(data, work / "silver.tsv.gz")
    typer.echo(f"{words} words tagged")


@app.command()
def lemmas(data: Data, work: Work = WORK, models: Models = MODELS) -> None:
    """Make models/lemmas.tsv.gz from the silver readings and the gold treebanks."""
    from pipeline.training.lemma_rules import make_lemmas
    from pipeline.training.timing import timed

    with timed("lemmas", work):
        make_lemmas(data, work / "silver.tsv.gz", models / "lemmas.tsv.gz")


@app.command()
def udpipe(data: Data, work: Work = WORK, models: Models = MODELS) -> None:
    """Train models/finnish.udpipe on tagged and gold sentences; some four minutes on one core."""
    from pipeline.training.timing import timed
    from pipeline.training.udpipe import make_udpipe

    with timed("udpipe", work):
        size = make_udpipe(data, models, models / "finnish.udpipe")
    typer.echo(f"{size} bytes")


@app.command()
def names(
    data: Data, passages: Passages = PASSAGES, work: Work = WORK, models: Models = MODELS
) -> None:
    """Fine-tune the entity recognizer into models/; some ten minutes on one quiet core."""
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    from pipeline.training.names import make_names
    from pipeline.training.timing import timed

    # The matrices are small, and one thread adds numbers up in one order.
    with threadpool_limits(limits=1, user_api="blas"), timed("names", work):
        make_names(data, passages, work, models / "ner.npz", typer.echo)


@app.command()
def context(
    data: Data,
    work: Work = WORK,
    models: Models = MODELS,
    sisters: Annotated[bool, typer.Option(help="Teach the held-out sisters, too.")] = True,
) -> None:
    """Teach the transformer, spans and relations, and their held-out sisters; hours, two cores.

    Needs the extra `context`. What is finished of it is kept in the work folder. Without sisters
    some ninety minutes: new announcements are learnt from, and held-out answers stay.
    """
    from pipeline.training.context.make import make_context
    from pipeline.training.timing import timed

    with timed("context", work):
        size = make_context(data, models, work, typer.echo, sisters=sisters)
    typer.echo(f"{size} bytes")


@app.command()
def further(
    data: Data,
    stems: Annotated[list[str], typer.Argument(help="How the names of new announcements begin.")],
    others: Annotated[
        int | None, typer.Option(help="Texts that are read again; by default as many as are new.")
    ] = None,
    work: Work = WORK,
    models: Models = MODELS,
) -> None:
    """Go on teaching the shipped networks, with announcements that are new to them.

    An hour on two cores; needs the extra `context`. Held-out answers stay.
    """
    from pipeline.training.context.further import make_further
    from pipeline.training.timing import timed

    with timed("further", work):
        size = make_further(data, models, stems, others, typer.echo)
    typer.echo(f"{size} bytes")


@app.command()
def relations(models: Models = MODELS, work: Work = WORK) -> None:
    """Teach models/relations.npz alone anew, on the words of the shipped transformer.

    Half an hour on two cores; needs the extra `context`. Held-out answers stay.
    """
    from pipeline.training.context.further import make_relations
    from pipeline.training.timing import timed

    with timed("relations", work):
        size = make_relations(models, typer.echo)
    typer.echo(f"{size} bytes")


@app.command()
def tell(
    stems: Annotated[list[str], typer.Argument(help="How the names of the announcements begin.")],
    models: Models = MODELS,
) -> None:
    """Keep for evidence what the shipped networks tell of announcements they did not learn from.

    Of `corpus/field/train`, after new ones came and before the networks are taught anew.
    """
    from pipeline.training.context.held_out import tell as told
    from pipeline.training.field import read_field

    texts = [
        text.announcement.text
        for text in read_field("train")
        if text.stem.startswith(tuple(stems)) and text.announcement.status == "ok"
    ]
    typer.echo(f"{told(models, texts)} of {len(texts)} announcements are new")


@app.command()
def evidence(
    models: Models = MODELS,
    share: Annotated[float, typer.Option(help="Share of the announcements to learn from.")] = 1.0,
) -> None:
    """Fit the models of evidence into pipeline/lexicon/evidence; minutes on two cores."""
    from pipeline.training.evidence import fit_evidence, write_evidence

    write_evidence(fit_evidence(models, share, typer.echo))


@app.command()
def calibrate(models: Models = MODELS) -> None:
    """Set anew what sums of the shipped evidence are worth, and from where on they count.

    After the networks were taught further; trees stay as they are. Two minutes on one core.
    """
    from pipeline.evidence import SHIPPED
    from pipeline.training.calibration import calibrate as set_anew
    from pipeline.training.calibration import calibration_texts
    from pipeline.training.evidence import write_evidence

    write_evidence(set_anew(SHIPPED, calibration_texts(models), typer.echo))


@app.command()
def switch_off(
    kind: Annotated[str, typer.Argument(help="organisations or projects")] = "projects",
    models: Models = MODELS,
) -> None:
    """Print F1 of held-out folds without each proposer of names: which earns its keep."""
    from pipeline.training.switch_off import switch_off as without_each

    try:
        without_each(models, kind, typer.echo)
    except ValueError as error:
        typer.echo(error, err=True)
        raise typer.Exit(2) from error


@app.command()
def learning_curve(
    announcements: Annotated[Path, typer.Argument(help="Folder of announcements.")] = DEV,
    gold: Annotated[Path, typer.Argument(help="Folder of their gold.")] = DEV_GOLD,
    models: Models = MODELS,
) -> None:
    """Print F1 with evidence fitted on a quarter, half and all of train; ten minutes."""
    from pipeline.training.ablation import learning_curve as curve
    from pipeline.training.ablation import show

    show(curve(announcements, gold, models, typer.echo), Console(width=100))


@app.command()
def votes(
    announcements: Annotated[Path, typer.Argument(help="Folder of announcements.")] = DEV,
    gold: Annotated[Path, typer.Argument(help="Folder of their gold.")] = DEV_GOLD,
) -> None:
    """Print F1 of what readers' votes alone decide, and of what evidence does."""
    from pipeline.training.ablation import show, votes_and_evidence

    show(votes_and_evidence(announcements, gold), Console(width=100))


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
def cards(
    data: Annotated[
        Path | None, typer.Option(help="Folder of the corpora; without it nothing is measured.")
    ] = None,
    further: Annotated[
        Path | None,
        typer.Option(help="Folder with announcements/ and gold/, to be measured on as well."),
    ] = None,
    work: Work = WORK,
    context_only: Annotated[
        bool, typer.Option(help="Measure only what hangs on the networks of context, or evidence.")
    ] = False,
) -> None:
    """Measure the models in models/ and write their cards; some ten minutes on one core.

    The figures are kept in models/figures.json. Without --data the cards are written anew from
    these, at once; only the times of the steps of training are read again.
    """
    from pipeline.training.cards.filling import write_cards
    from pipeline.training.cards.measured import read_measured, timed_again, write_measured
    from pipeline.training.cards.measuring import context_again, measure_all, standard_folders

    try:
        if data is None:
            measured = timed_again(read_measured(MODELS), work)
        elif context_only:
            folders = standard_folders(data, work, further)
            measured = context_again(timed_again(read_measured(MODELS), work), folders, typer.echo)
        else:
            measured = measure_all(standard_folders(data, work, further), typer.echo)
        write_measured(measured, MODELS)
        for path in write_cards(measured, MODELS):
            typer.echo(path)
    except (FileNotFoundError, ValueError) as error:
        typer.echo(error, err=True)
        raise typer.Exit(2) from error


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
