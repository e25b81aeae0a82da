"""Commands that measure: tables against gold, the language models."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from pipeline.console import PROGRAM, app, told
from pipeline.terminal import visible


@app.command("score")
@told
def score_command(
    outputs: Annotated[Path, typer.Argument(help="output folder of a run")],
    gold: Annotated[Path, typer.Argument(help="folder of gold files (*.json)")],
    json: Annotated[bool, typer.Option("--json", help="print the score as JSON")] = False,
    errors: Annotated[
        bool,
        typer.Option(
            "--errors", help="list every miss and extra with its sentence and the rules that fired"
        ),
    ] = False,
) -> None:
    """Compare tables with gold: precision, recall, F1 of every table, and calibration."""
    from pipeline.scoring.report import as_json, as_text, errors_as_text
    from pipeline.scoring.score import score

    result = score(outputs, gold)
    if errors and result.outcomes:
        print(visible(errors_as_text(result)), file=sys.stderr if json else sys.stdout)
    print(as_json(result) if json else as_text(result))


@app.command("evaluate-models")
@told
def evaluate_models(
    conllu: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="gold CoNLL-U file of Universal Dependencies"),
    ] = None,
    ner: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="gold IOB2 file: a word, a tab and its label a line"),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="print the figures as one object")] = False,
) -> int:
    """Measure the language models on gold files: lemmas, tags, names, words per second."""
    import msgspec

    from pipeline.training.evaluate import evaluate

    if conllu is None and ner is None:
        print(f"{PROGRAM}: give --conllu, --ner or both.", file=sys.stderr)
        return 2
    try:
        figures = evaluate(conllu, ner)
    except (OSError, ValueError) as error:
        print(f"{PROGRAM}: {error}", file=sys.stderr)
        return 2
    encoded = msgspec.json.encode(figures)
    if json:
        print(encoded.decode())
    else:
        for name, value in msgspec.json.decode(encoded).items():
            print(f"{name:24}{value}")
    return 0
