"""The command line ``hankepoimuri``: reads options, calls one function, says what went wrong.

Everything heavy is imported inside the command that needs it, so that ``--help`` is quick.
"""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from pipeline.errors import PipelineError
from pipeline.terminal import escape_what_cannot_be_shown, visible

if TYPE_CHECKING:
    from pipeline.limits import Limits

PROGRAM = "hankepoimuri"
EXIT_CODES = """\
exit codes:
  0    done; announcements that failed are listed and stand in the table documents
  1    unexpected error
  2    wrong usage, a mistake in the corrections, or the input is not there
  3    the input folder holds no announcement that could be read
  4    another run is writing the same output folder
  5    the output folder cannot be written, or tables or gold are missing
  6    with --strict: some announcement failed
  130  stopped from the keyboard; what was finished is kept
"""


def parser() -> argparse.ArgumentParser:
    """The commands and their options; the documentation is checked against this."""
    top = argparse.ArgumentParser(
        prog=PROGRAM,
        description="Turns a folder of Finnish announcements of development projects into tables.",
        epilog=EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    top.add_argument("--version", action="store_true", help="print the version and stop")
    commands = top.add_subparsers(dest="command", metavar="COMMAND", title="commands")

    run = commands.add_parser("run", help="make the tables of a folder of announcements")
    run.set_defaults(call=_run)
    run.description = "Reads every announcement below a folder and writes the tables."
    run.add_argument(
        "--input",
        type=_place,
        required=True,
        metavar="DIR",
        help="folder of .txt, .html, .jsonl and .csv files, or its fsspec address (s3://…)",
    )
    run.add_argument(
        "--output", type=Path, required=True, metavar="DIR", help="folder the tables are written to"
    )
    run.add_argument(
        "--workers",
        type=_positive,
        metavar="N",
        help="processes that extract at once (default: one for each core)",
    )
    run.add_argument(
        "--scheduler",
        metavar="ADDRESS",
        help="extract on the workers of this Dask scheduler instead (tcp://HOST:PORT)",
    )
    run.add_argument(
        "--store",
        metavar="ADDRESS",
        help="where finished work is kept: a folder or an fsspec address (default: in the output)",
    )
    run.add_argument(
        "--corrections",
        type=Path,
        metavar="FILE",
        help="CSV file of what people decided: which entities are the same, which are not",
    )
    run.add_argument(
        "--max-size",
        type=_above_zero,
        metavar="MB",
        help="largest announcement, a row of a feed too (default: 4 MB); a larger one fails",
    )
    run.add_argument(
        "--max-feed",
        type=_above_zero,
        metavar="MB",
        help="largest .jsonl or .csv file (default: 1000 MB); it is held in memory",
    )
    run.add_argument(
        "--max-seconds",
        type=_above_zero,
        metavar="S",
        help="longest time to read, and to extract, one announcement (default: 120 s)",
    )
    run.add_argument(
        "--strict", action="store_true", help="end with exit code 6 when some announcement failed"
    )
    run.add_argument(
        "--keep-removed",
        action="store_true",
        help="keep what is stored of announcements that are gone from the input",
    )
    run.add_argument(
        "--without-people",
        action="store_true",
        help="write the tables with people pseudonymised: no name, address or number",
    )
    run.add_argument("--quiet", action="store_true", help="print errors only")

    prune = commands.add_parser("prune", help="drop what is stored of announcements now gone")
    prune.set_defaults(call=_prune)
    prune.description = (
        "Reads the input folder again and drops from the store, the columns, former runs and the "
        "search index all that comes of announcements that are no longer there."
    )
    forget = commands.add_parser("forget", help="take a person out of everything, for good")
    forget.set_defaults(call=_forget)
    forget.description = (
        "Takes a person out of the store, the tables, former runs, the search index and the "
        "corrections, keeps them out of later runs, and searches every written byte for them."
    )
    forget.add_argument("who", metavar="WHO", help="a whole name, an e-mail address, or an id")
    forget.add_argument(
        "--corrections", type=Path, metavar="FILE", help="the file of corrections of the runs"
    )
    for command in (prune, forget):
        command.add_argument(
            "--input", type=_place, required=True, metavar="DIR", help="input of the runs"
        )
        command.add_argument(
            "--output", type=Path, required=True, metavar="DIR", help="their output folder"
        )
        command.add_argument("--store", metavar="ADDRESS", help="their store, where it was named")

    score = commands.add_parser("score", help="compare tables with gold annotations")
    score.set_defaults(call=_score)
    score.description = (
        "Compares the tables of a run with gold annotations: precision, recall and F1 of every "
        "table, and how often facts of each confidence are right."
    )
    score.add_argument("outputs", type=Path, metavar="OUTPUTS", help="output folder of a run")
    score.add_argument("gold", type=Path, metavar="GOLD", help="folder of gold files (*.json)")
    score.add_argument("--json", action="store_true", help="print the score as JSON")
    score.add_argument(
        "--errors",
        action="store_true",
        help="list every miss and extra with its sentence and the rules that fired",
    )

    explain = commands.add_parser("explain", help="why an entity is what it is")
    explain.set_defaults(call=_explain)
    explain.description = (
        "Prints the names and mentions of one entity, each in its sentence, and the rules that "
        "joined them."
    )
    explain.add_argument("entity_id", metavar="ENTITY_ID", help="an id from an entity table")
    explain.add_argument(
        "--output",
        type=Path,
        default=Path("outputs"),
        metavar="DIR",
        help="output folder of the run (default: outputs)",
    )

    evaluate = commands.add_parser("evaluate-models", help="measure the language models")
    evaluate.set_defaults(call=_evaluate_models)
    evaluate.description = (
        "Measures the models on gold files: lemmas, tags and features on a treebank, names on an "
        "annotated text, and words per second of one core."
    )
    evaluate.add_argument(
        "--conllu", type=Path, metavar="FILE", help="gold CoNLL-U file of Universal Dependencies"
    )
    evaluate.add_argument(
        "--ner",
        type=Path,
        metavar="FILE",
        help="gold IOB2 file: a word, a tab and its label a line",
    )
    evaluate.add_argument(
        "--json", action="store_true", help="print the figures as one JSON object"
    )
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; returns the exit code and prints errors in plain words."""
    escape_what_cannot_be_shown()
    top = parser()
    options = top.parse_args(arguments)
    if options.version:
        from pipeline.versions import project_version

        print(PROGRAM, project_version())
        return 0
    if options.command is None:
        top.print_help()
        return 2
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        code: int = options.call(options)
    except PipelineError as error:
        print(f"{PROGRAM}: {visible(str(error))}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        print(f"{PROGRAM}: stopped.", file=sys.stderr)
        return 130
    except BrokenPipeError:
        # The reader of our output (head, less) has seen enough.
        sys.stderr.close()
        return 0
    return code


def _run(options: argparse.Namespace) -> int:
    from pipeline.options import Options
    from pipeline.progress import closing_summary, shown
    from pipeline.run import run

    quiet = options.quiet
    with shown(quiet=quiet) as progress:
        report = run(
            Options(
                input=options.input,
                output=options.output,
                workers=options.workers,
                scheduler=options.scheduler,
                store=options.store,
                corrections=options.corrections,
                limits=_limits(options),
                prune=False if options.keep_removed else None,
                without_people=options.without_people,
            ),
            progress,
        )
    if not quiet:
        closing_summary(report, options.output)
    if report.nothing_read:
        print(
            f"{PROGRAM}: no announcement could be read below {options.input} "
            "(.txt, .html, .jsonl and .csv files are). The tables are empty but for failures.",
            file=sys.stderr,
        )
        return 3
    return 6 if options.strict and report.failures else 0


def _prune(options: argparse.Namespace) -> int:
    from pipeline.options import Options
    from pipeline.progress import closing_summary
    from pipeline.run import run

    place = {"input": options.input, "output": options.output, "store": options.store}
    closing_summary(run(Options(**place, prune=True)), options.output)
    return 0


def _forget(options: argparse.Namespace) -> int:
    from pipeline.forget import forget
    from pipeline.options import Options

    proof = forget(
        options.who,
        Options(
            input=options.input,
            output=options.output,
            store=options.store,
            corrections=options.corrections,
        ),
    )
    print(
        f"Forgotten. {proof.purged} stored entries went, the tables are written anew, and a search "
        f"of {proof.files} files ({proof.bytes} bytes) finds no form of the name."
    )
    return 0


def _limits(options: argparse.Namespace) -> Limits:
    from pipeline.limits import DEFAULT, MEGABYTE, Limits

    def size(megabytes: float | None, default: int) -> int:
        return default if megabytes is None else round(megabytes * MEGABYTE)

    return Limits(
        announcement_bytes=size(options.max_size, DEFAULT.announcement_bytes),
        feed_bytes=size(options.max_feed, DEFAULT.feed_bytes),
        seconds=options.max_seconds or DEFAULT.seconds,
    )


def _score(options: argparse.Namespace) -> int:
    from pipeline.scoring.report import as_json, as_text, errors_as_text
    from pipeline.scoring.score import score

    result = score(options.outputs, options.gold)
    if options.errors and result.outcomes:
        print(visible(errors_as_text(result)), file=sys.stderr if options.json else sys.stdout)
    print(as_json(result) if options.json else as_text(result))
    return 0


def _explain(options: argparse.Namespace) -> int:
    from pipeline.resolve.explain import explain

    print(visible(explain(options.output, options.entity_id)))
    return 0


def _evaluate_models(options: argparse.Namespace) -> int:
    import msgspec

    from pipeline.training.evaluate import evaluate

    if options.conllu is None and options.ner is None:
        print(f"{PROGRAM}: give --conllu, --ner or both.", file=sys.stderr)
        return 2
    try:
        figures = evaluate(options.conllu, options.ner)
    except (OSError, ValueError) as error:
        print(f"{PROGRAM}: {error}", file=sys.stderr)
        return 2
    encoded = msgspec.json.encode(figures)
    if options.json:
        print(encoded.decode())
    else:
        for name, value in msgspec.json.decode(encoded).items():
            print(f"{name:24}{value}")
    return 0


def _place(text: str) -> Path | str:
    """A path, or an address as it is."""
    return text if "://" in text else Path(text)


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("give a number of at least 1")
    return number


def _above_zero(text: str) -> float:
    number = float(text)
    if not 0 < number < float("inf"):
        raise argparse.ArgumentTypeError("give a number above 0")
    return number


def _interrupt(_: int, __: FrameType | None) -> None:
    """A polite request to end is answered like Ctrl-C."""
    raise KeyboardInterrupt
