"""Commands that say what is kept: nothing of announcements now gone, nothing of a person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.commands.place import placed
from pipeline.console import app, told

if TYPE_CHECKING:
    from pipeline.options import Options


@app.command("prune")
@told
@placed
def prune_command(options: Options) -> None:
    """Drop what is stored of announcements now gone.

    Reads the input again and drops from the store, the columns, former runs and the search index
    all that comes of announcements that are no longer there. Give the options of the runs.
    """
    from dataclasses import replace

    from pipeline.run import run
    from pipeline.summary import closing_summary

    how = run(replace(options, prune=True))
    closing_summary(how, options.output)


@app.command("forget")
@told
@placed
def forget_command(
    options: Options,
    who: Annotated[str, typer.Argument(help="a whole name, an e-mail address, or an id")],
) -> None:
    """Take a person out of everything, for good.

    Takes a person out of the store, the tables, the pages, former runs, the search index and the
    corrections, keeps them out of later runs, and searches every written byte for them. Give the
    options of the runs.
    """
    from pipeline.forget import forget

    proof = forget(who, options)
    searched = f"a search of {proof.files} files ({proof.bytes} bytes)"
    if not proof.purged:
        print(f"Nothing was found of {who} in what is stored, nor by {searched}.")
        print("Should a later announcement name them, it is read without them.")
    elif proof.named:
        print(
            f"Forgotten. {proof.purged} stored entries went, the tables are written anew, and "
            f"{searched} finds no form of the name."
        )
    else:
        print(
            f"The address alone is forgotten: nobody is known by it. {proof.purged} stored entries "
            f"went, the tables are written anew, and {searched} does not find it. If you know "
            "whose it is, forget them by name, too."
        )
