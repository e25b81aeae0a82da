"""Commands that ask a finished run."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipeline.console import OUTPUTS, Json, Output, app, told
from pipeline.terminal import visible


@app.command("explain")
@told
def explain_command(
    what: Annotated[
        str, typer.Argument(help="an entity's id or name, or a fact's id (ID/ID where it has none)")
    ],
    output: Output = OUTPUTS,
    json: Json = False,
) -> None:
    """Say why an entity is what it is, or why a fact holds.

    An entity is told by its names and every mention in its sentence; a fact by what decided it:
    votes and signs with what each adds to the log-odds, the threshold, the next best candidate.
    """
    from pipeline.explanation import as_text, explain

    found = explain(output, what)
    if json:
        import msgspec

        print(msgspec.json.encode(found).decode())
    else:
        print(visible(as_text(found)))


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
        print(visible(str(found)))


@app.command("review")
@told
def review_command(
    output: Output = OUTPUTS,
    to: Annotated[Path, typer.Option(metavar="DIR", help="folder the files are written to")] = Path(
        "review"
    ),
    below: Annotated[
        float | None,
        typer.Option(
            metavar="P", min=0, max=1, help="list facts of less confidence  [default: the unsure]"
        ),
    ] = None,
) -> None:
    """List what deserves a look as files of corrections, ready to fill in."""
    from pipeline.ask.frames import complete_run
    from pipeline.ask.review import ENTITIES, FACTS, review
    from pipeline.tables.answers import DOUBTFUL

    found = review(complete_run(output), to, DOUBTFUL if below is None else below)
    print(f"{found.facts} facts to look at: {to / FACTS}")
    print(f"{found.pairs} pairs of entities that may be one: {to / ENTITIES}")
    print("Fill in the column decision and move the files into the folder corrections.")


@app.command("browse")
@told
def browse_command(
    output: Output = OUTPUTS,
    port: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            min=0,
            max=65535,
            help="port on this machine  [default: 8001, or the next one that is free]",
        ),
    ] = None,
) -> int:
    """Serve the tables, views and ten questions in a browser, with Datasette."""
    from pipeline.ask.browse import browse

    return browse(output, port)
