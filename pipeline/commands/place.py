"""What runs, pruning and forgetting are all told: where things are, and how they are read."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

CORRECTIONS = Path("corrections")  # in the working directory: heard without being named

Input = Annotated[
    str,
    typer.Option(
        metavar="PLACE",
        help="folder of announcements, a file or feed, a .urls file of addresses, or an "
        "fsspec address (s3://…)",
    ),
]
Written = Annotated[Path, typer.Option(metavar="DIR", help="folder the tables are written to")]
Columns = Annotated[
    str,
    typer.Option(metavar="THEIRS=OURS,…", help="names of a feed's columns: teksti=text,id=id"),
]
Store = Annotated[
    str | None,
    typer.Option(
        metavar="ADDRESS",
        help="where finished work is kept: a folder or an fsspec address (default: in the output)",
    ),
]
Corrections = Annotated[
    Path | None,
    typer.Option(
        metavar="PATH",
        help="CSV file of what people decided, or a folder of them (default: the folder "
        "corrections, where there is one)",
    ),
]
Register = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="CSV file of a register's projects: code,name,lead,start,end,granted_eur",
    ),
]
Pages = Annotated[
    bool, typer.Option("--report/--no-report", help="write the pages for reading and checking")
]
WithoutPeople = Annotated[
    bool,
    typer.Option(
        "--without-people",
        help="write the tables with people pseudonymised: no name, address or number",
    ),
]


def place(text: str) -> Path | str:
    """A path, or an address as it is."""
    return text if "://" in text else Path(text)


def pairs(text: str) -> tuple[tuple[str, str], ...]:
    """Pairs of ``teksti=text,otsikko=title``. Raises ``typer.BadParameter``."""
    if not text:
        return ()
    from pipeline.read.feeds import COLUMNS

    found = []
    for pair in filter(None, (part.strip() for part in text.split(","))):
        theirs, equals, ours = (part.strip() for part in pair.partition("="))
        if not (theirs and equals) or ours not in COLUMNS:
            raise typer.BadParameter(
                f"{pair!r} is not THEIRS=OURS with OURS one of {', '.join(COLUMNS)}",
                param_hint="--columns",
            )
        found.append((theirs, ours))
    return tuple(found)


def heard(corrections: Path | None) -> Path | None:
    """The corrections that were named, or those that are heard without being named."""
    return CORRECTIONS if corrections is None and CORRECTIONS.is_dir() else corrections
