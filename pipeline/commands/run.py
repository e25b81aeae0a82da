"""The command that makes tables."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from pipeline.console import PROGRAM, app, told

CORRECTIONS = Path("corrections")  # in the working directory: heard without being named


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
    register: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="CSV file of a register's projects: code,name,lead,start,end,granted_eur",
        ),
    ] = None,
    report: Annotated[
        bool, typer.Option("--report/--no-report", help="write the pages for reading and checking")
    ] = True,
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
        how = run(
            Options(
                input=_place(input),
                output=output,
                columns=_columns(columns) if columns else (),
                workers=workers,
                scheduler=scheduler,
                store=store,
                corrections=corrections,
                report=report,
                register=register,
            ),
            progress,
        )
    if json:
        import msgspec

        print(msgspec.json.encode(how).decode())
    elif not quiet:
        closing_summary(how, output, verbose=verbose)
    if how.nothing_read:
        print(
            f"{PROGRAM}: no announcement could be read at {input}. The tables are empty but for "
            "what failed or was left out (table documents).",
            file=sys.stderr,
        )
        return 3
    return 6 if strict and how.failures else 0
