"""The command that fetches new posts; nothing else here ever asks the network."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipeline.console import app, told
from pipeline.errors import PipelineError
from pipeline.terminal import visible_line

SHOWN = 20


@app.command("fetch")
@told
def fetch_command(
    feeds: Annotated[Path, typer.Argument(help="file of feeds and sitemaps (feeds.toml)")],
    to: Annotated[Path, typer.Option(metavar="DIR", help="folder the posts are written to")] = Path(
        "corpus/announcements"
    ),
) -> int:
    """Fetch new posts of feeds and sitemaps, politely, into a folder of announcements."""
    try:
        from pipeline.fetch.client import Guest
    except ImportError as error:
        raise PipelineError("httpx is not installed: pip install 'hankepoimuri[fetch]'.") from error
    from pipeline.fetch.fetch import fetch
    from pipeline.fetch.settings import read_settings

    settings = read_settings(feeds)
    with Guest(settings) as guest:
        found = fetch(settings, to, guest)
    for url, why in found.refused[:SHOWN]:
        print(f"  not fetched: {visible_line(url)}: {visible_line(why)}")
    if len(found.refused) > SHOWN:
        print(f"  … and {len(found.refused) - SHOWN} more")
    print(
        f"{len(found.new)} new, {len(found.changed)} changed, {found.unchanged} as they were; "
        f"{len(found.refused)} not fetched"
        + (f", {len(found.told)} of them told by their feed" if found.told else "")
        + f". In {to}."
    )
    return 0
