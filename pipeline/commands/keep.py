"""Commands that say what is kept: nothing of announcements now gone, nothing of a person."""

from __future__ import annotations

from typing import Annotated

import typer

from pipeline.commands.place import (
    Columns,
    Corrections,
    Input,
    Pages,
    Register,
    Store,
    WithoutPeople,
    Written,
    heard,
    pairs,
    place,
)
from pipeline.console import app, told


@app.command("prune")
@told
def prune_command(
    input: Input,  # the option's name
    output: Written,
    columns: Columns = "",
    store: Store = None,
    corrections: Corrections = None,
    register: Register = None,
    report: Pages = True,
    without_people: WithoutPeople = False,
) -> None:
    """Drop what is stored of announcements now gone.

    Reads the input again and drops from the store, the columns, former runs and the search index
    all that comes of announcements that are no longer there. Give the options of the runs.
    """
    from pipeline.options import Options
    from pipeline.run import run
    from pipeline.summary import closing_summary

    how = run(
        Options(
            input=place(input),
            output=output,
            columns=pairs(columns),
            store=store,
            corrections=heard(corrections),
            register=register,
            report=report,
            without_people=without_people,
            prune=True,
        )
    )
    closing_summary(how, output)


@app.command("forget")
@told
def forget_command(
    who: Annotated[str, typer.Argument(help="a whole name, an e-mail address, or an id")],
    input: Input,  # the option's name
    output: Written,
    columns: Columns = "",
    store: Store = None,
    corrections: Corrections = None,
    register: Register = None,
    report: Pages = True,
    without_people: WithoutPeople = False,
) -> None:
    """Take a person out of everything, for good.

    Takes a person out of the store, the tables, the pages, former runs, the search index and the
    corrections, keeps them out of later runs, and searches every written byte for them. Give the
    options of the runs.
    """
    from pipeline.forget import forget
    from pipeline.options import Options

    proof = forget(
        who,
        Options(
            input=place(input),
            output=output,
            columns=pairs(columns),
            store=store,
            corrections=heard(corrections),
            register=register,
            report=report,
            without_people=without_people,
        ),
    )
    print(
        f"Forgotten. {proof.purged} stored entries went, the tables are written anew, and a search "
        f"of {proof.files} files ({proof.bytes} bytes) finds no form of the name."
    )
