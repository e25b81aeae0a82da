"""The command line ``hankepoimuri``: reads options, calls one function, says what went wrong.

Everything heavy is imported inside the command that needs it, so that ``--help`` is quick.
"""

from __future__ import annotations

import functools
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer

from pipeline.errors import PipelineError

PROGRAM = "hankepoimuri"
EXIT_CODES = """\
\b
exit codes:
  0    done; announcements that failed are listed and stand in the table documents
  1    unexpected error
  2    wrong usage, a mistake in the corrections, or the input is not there
  3    the input holds no announcement that could be read
  4    another run is writing the same output folder
  5    the output folder cannot be written, or tables or gold are missing
  6    with --strict: some announcement failed
  130  stopped from the keyboard; what was finished is kept
"""
CORRECTIONS = Path("corrections")  # in the working directory: heard without being named

app = typer.Typer(
    name=PROGRAM,
    help="Turns Finnish announcements of development projects into tables.",
    epilog=EXIT_CODES,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)

Output = Annotated[Path, typer.Option(metavar="DIR", help="output folder of the run")]
Json = Annotated[bool, typer.Option("--json", help="print JSON")]
OUTPUTS = Path("outputs")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; returns the exit code and prints errors in plain words."""
    signal.signal(signal.SIGTERM, _interrupt)
    command = typer.main.get_command(app)
    try:
        command(args=arguments, prog_name=PROGRAM)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    return 0


def told(command: Callable[..., int | None]) -> Callable[..., None]:
    """A command whose errors are told in words and end with their exit code."""

    @functools.wraps(command)
    def telling(*args: object, **options: object) -> None:
        try:
            code = command(*args, **options)
        except PipelineError as error:
            print(f"{PROGRAM}: {error}", file=sys.stderr)
            code = error.exit_code
        except KeyboardInterrupt:
            print(f"{PROGRAM}: stopped.", file=sys.stderr)
            code = 130
        except BrokenPipeError:
            # The reader of our output (head, less) has seen enough.
            sys.stderr.close()
            code = 0
        raise typer.Exit(code or 0)

    return telling


@app.callback(invoke_without_command=True)
def start(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="print the version and stop")] = False,
) -> None:
    """Print the version, or all that there is to ask for."""
    if version:
        from pipeline.versions import project_version

        print(PROGRAM, project_version())
        raise typer.Exit
    if context.invoked_subcommand is None:
        print(context.get_help())
        raise typer.Exit(2)


start.__doc__ = app.info.help if isinstance(app.info.help, str) else start.__doc__


def _place(text: str) -> Path | str:
    """A path, or an address as it is."""
    return text if "://" in text else Path(text)


def _columns(text: str) -> tuple[tuple[str, str], ...]:
    """Pairs of ``teksti=text,otsikko=title``."""
    from pipeline.read.feeds import COLUMNS

    pairs = []
    for pair in filter(None, (part.strip() for part in text.split(","))):
        theirs, equals, ours = (part.strip() for part in pair.partition("="))
        if not (theirs and equals) or ours not in COLUMNS:
            raise typer.BadParameter(
                f"{pair!r} is not THEIRS=OURS with OURS one of {', '.join(COLUMNS)}",
                param_hint="--columns",
            )
        pairs.append((theirs, ours))
    return tuple(pairs)


@app.command("run")
@told
def run_command(
    input: Annotated[  # the option's name
        str,
        typer.Option(
            metavar="PLACE",
            help="folder of announcements, a file or feed, a .urls file of addresses, or an "
            "fsspec address (s3://…)",
        ),
    ],
    output: Annotated[Path, typer.Option(metavar="DIR", help="folder the tables are written to")],
    columns: Annotated[
        str,
        typer.Option(metavar="THEIRS=OURS,…", help="names of a feed's columns: teksti=text,id=id"),
    ] = "",
    workers: Annotated[
        int | None,
        typer.Option(
            metavar="N", min=1, help="processes that extract at once (default: one for each core)"
        ),
    ] = None,
    scheduler: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS",
            help="extract on the workers of this Dask scheduler instead (tcp://HOST:PORT)",
        ),
    ] = None,
    store: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS",
            help="where finished work is kept: a folder or an fsspec address (default: in the "
            "output)",
        ),
    ] = None,
    corrections: Annotated[
        Path | None,
        typer.Option(
            metavar="PATH",
            help="CSV file of what people decided, or a folder of them (default: the folder "
            "corrections, where there is one)",
        ),
    ] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="end with exit code 6 when some announcement failed")
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="print errors only")] = False,
    verbose: Annotated[
        bool, typer.Option("--verbose", help="print also the rows of each table")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="print how it went as JSON")] = False,
) -> int:
    """Make the tables of a folder of announcements."""
    from pipeline.progress import closing_summary, shown
    from pipeline.run import Options, run

    if corrections is None and CORRECTIONS.is_dir():
        corrections = CORRECTIONS
    with shown(quiet=quiet or json) as progress:
        report = run(
            Options(
                input=_place(input),
                output=output,
                columns=_columns(columns) if columns else (),
                workers=workers,
                scheduler=scheduler,
                store=store,
                corrections=corrections,
            ),
            progress,
        )
    if json:
        import msgspec

        print(msgspec.json.encode(report).decode())
    elif not quiet:
        closing_summary(report, output, verbose=verbose)
    if report.nothing_read:
        print(
            f"{PROGRAM}: no announcement could be read at {input}. The tables are empty but for "
            "what failed or was left out (table documents).",
            file=sys.stderr,
        )
        return 3
    return 6 if strict and report.failures else 0


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
        print(errors_as_text(result), file=sys.stderr if json else sys.stdout)
    print(as_json(result) if json else as_text(result))


@app.command("explain")
@told
def explain_command(
    entity: Annotated[str, typer.Argument(help="an id from an entity table, or a name")],
    output: Output = OUTPUTS,
) -> None:
    """Say why an entity is what it is: its names, and every mention in its sentence."""
    from pipeline.ask.explain import explain

    print(explain(output, entity))


@app.command("diff")
@told
def diff_command(
    earlier: Annotated[
        Path | None,
        typer.Argument(help="output folder of another run (default: the run before this one)"),
    ] = None,
    output: Output = OUTPUTS,
    json: Json = False,
) -> None:
    """Tell what came, went and changed since an earlier run."""
    from pipeline.ask.changes import changes
    from pipeline.ask.frames import complete_run, run_before

    found = changes(complete_run(earlier) if earlier else run_before(output), complete_run(output))
    if json:
        import msgspec

        print(msgspec.json.encode(list(found)).decode())
    else:
        print(found)


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


def _interrupt(_: int, __: FrameType | None) -> None:
    """A polite request to end is answered like Ctrl-C."""
    raise KeyboardInterrupt
