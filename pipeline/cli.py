"""The command line ``hankepoimuri``: reads options, calls one function, says what went wrong.

Everything heavy is imported inside the command that needs it, so that ``--help`` is quick.
"""

from __future__ import annotations

import signal
from collections.abc import Sequence
from types import FrameType
from typing import Annotated

import typer

from pipeline.commands import run

# isort: split
from pipeline.commands import ask, fetch, keep, measure
from pipeline.console import EXIT_CODES, PROGRAM, app
from pipeline.terminal import escape_what_cannot_be_shown

__all__ = ["EXIT_CODES", "app", "main"]

COMMANDS = (run, keep, ask, fetch, measure)  # importing them registered their commands


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; returns the exit code and prints errors in plain words."""
    escape_what_cannot_be_shown()
    signal.signal(signal.SIGTERM, _interrupt)
    command = typer.main.get_command(app)
    try:
        command(args=arguments, prog_name=PROGRAM)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    return 0


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


def _interrupt(_: int, __: FrameType | None) -> None:
    """A polite request to end is answered like Ctrl-C."""
    raise KeyboardInterrupt
