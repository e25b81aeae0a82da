"""A plugin of Datasette: what is typed into its search boxes is looked for in any form."""

from __future__ import annotations

import sqlite3

from datasette import hookimpl

from pipeline.ask.browse import ANY_FORM
from pipeline.ask.forms import any_form

ESCAPED = "escape_fts"
"""The SQL function that Datasette's own boxes pass words through."""


@hookimpl(trylast=True)  # type: ignore[untyped-decorator]
def prepare_connection(conn: sqlite3.Connection) -> None:
    """Put our function in the place of Datasette's, and give it to queries by its own name."""
    for name in (ESCAPED, ANY_FORM):
        conn.create_function(name, 1, any_form, deterministic=True)
