"""What the outputs' views ask, asked while tables are made: of the same tables, by the same SQL."""

from __future__ import annotations

import duckdb

from pipeline.tables.answers.funding import FUNDING

# The tables that the views read here.
TABLES = ("budgets", "documents", "organisations", "participations", "projects")


def build(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the view ``funding``, and views of the tables by their names, once facts have ids."""
    for name in TABLES:
        connection.execute(f"CREATE VIEW {name} AS SELECT * FROM out_{name}")
    connection.execute(FUNDING.ddl)
