"""What runs, pruning and forgetting are all told: where things are, and how they are read."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, get_type_hints

import typer

if TYPE_CHECKING:
    from pipeline.limits import Limits
    from pipeline.options import Options

CORRECTIONS = Path("corrections")  # in the working directory: heard without being named


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


def _above_zero(number: float | None) -> float | None:
    if number is not None and not 0 < number < float("inf"):
        raise typer.BadParameter("give a number above 0")
    return number


def _limit(unit: str, what: str) -> Any:
    return typer.Option(metavar=unit, callback=_above_zero, help=what)


def _shared(
    input: Annotated[
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
    without_people: Annotated[
        bool,
        typer.Option(
            "--without-people",
            help="write the tables with people pseudonymised: no name, address or number",
        ),
    ] = False,
    max_size: Annotated[
        float | None,
        _limit(
            "MB", "largest announcement, a row of a feed too (default: 4 MB); a larger one fails"
        ),
    ] = None,
    max_feed: Annotated[
        float | None, _limit("MB", "largest feed (default: 1000 MB); it is held in memory")
    ] = None,
    max_seconds: Annotated[
        float | None,
        _limit("S", "longest time to read, and to extract, one announcement (default: 120 s)"),
    ] = None,
) -> Options:
    """The options that these commands share, as they are given to a run."""
    from pipeline.options import Options

    return Options(
        input=place(input),
        output=output,
        columns=pairs(columns),
        store=store,
        corrections=heard(corrections),
        register=register,
        report=report,
        without_people=without_people,
        limits=_limits(max_size, max_feed, max_seconds),
    )


def _limits(size: float | None, feed: float | None, seconds: float | None) -> Limits:
    """The limits in megabytes and seconds, as far as they were given."""
    from pipeline.limits import DEFAULT, MEGABYTE, Limits

    def in_bytes(megabytes: float | None, default: int) -> int:
        return default if megabytes is None else round(megabytes * MEGABYTE)

    return Limits(
        announcement_bytes=in_bytes(size, DEFAULT.announcement_bytes),
        feed_bytes=in_bytes(feed, DEFAULT.feed_bytes),
        seconds=seconds or DEFAULT.seconds,
    )


def placed(command: Callable[..., int | None]) -> Callable[..., int | None]:
    """A command that is told what all of these are told, and gets it as ``options``."""
    shared, own = inspect.signature(_shared).parameters, inspect.signature(command).parameters

    @functools.wraps(command)
    def placing(**given: Any) -> int | None:
        options = _shared(**{name: given.pop(name) for name in shared})
        return command(options=options, **given)

    kept = [parameter for name, parameter in own.items() if name != "options"]
    arguments = [one for one in kept if one.default is inspect.Parameter.empty]
    others = [one for one in kept if one.default is not inspect.Parameter.empty]
    hints = {
        **get_type_hints(_shared, localns={"Options": object}, include_extras=True),
        **get_type_hints(command, localns={"Options": object}, include_extras=True),
    }
    parameters = [
        one.replace(annotation=hints[one.name], kind=inspect.Parameter.KEYWORD_ONLY)
        for one in (*arguments, *shared.values(), *others)
    ]
    placing.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    placing.__annotations__ = {one.name: one.annotation for one in parameters}
    return placing
