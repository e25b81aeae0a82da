"""What commands share: the application, how errors are told, options of the same meaning."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from pipeline.errors import PipelineError
from pipeline.terminal import visible

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


def told(command: Callable[..., int | None]) -> Callable[..., None]:
    """A command whose errors are told in words and end with their exit code."""

    @functools.wraps(command)
    def telling(*args: object, **options: object) -> None:
        try:
            code = command(*args, **options)
        except PipelineError as error:
            print(f"{PROGRAM}: {visible(str(error))}", file=sys.stderr)
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
