"""The command that makes tables."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.commands.place import placed
from pipeline.console import PROGRAM, app, told
from pipeline.logins import without_login

if TYPE_CHECKING:
    from pipeline.options import Options


@app.command("run")
@told
@placed
def run_command(
    options: Options,
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
    keep_removed: Annotated[
        bool,
        typer.Option(
            "--keep-removed",
            help="keep what is stored of announcements that are gone from the input",
        ),
    ] = False,
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
    from dataclasses import replace

    from pipeline.progress import shown
    from pipeline.run import run
    from pipeline.summary import closing_summary

    with shown(quiet=quiet or json) as progress:
        how = run(
            replace(
                options,
                workers=workers,
                scheduler=scheduler,
                prune=False if keep_removed else None,
            ),
            progress,
        )
    if json:
        import msgspec

        print(msgspec.json.encode(how).decode())
    elif not quiet:
        closing_summary(how, options.output, verbose=verbose)
    if how.nothing_read:
        print(
            f"{PROGRAM}: no announcement could be read at {without_login(str(options.input))}. "
            "The tables are empty but for what failed or was left out (table documents).",
            file=sys.stderr,
        )
        return 3
    return 6 if strict and how.failures else 0
