"""``docs/tables.md`` from the schema: ``python -m pipeline.tables.document docs/tables.md``."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from pipeline.tables.answers import VIEWS
from pipeline.tables.answers.funding import WHY
from pipeline.tables.checks import CHECKS
from pipeline.tables.rules import RULES
from pipeline.tables.schema import LICENCE, TABLES, Column, Table

MANY = 16  # a longer vocabulary has a section of its own

_HEAD = f"""\
# The tables

Made from `pipeline/tables/schema.py` by `python -m pipeline.tables.document docs/tables.md`; a test
says when it is out of date.

Every table is there as `tables/<table>.parquet` (typed), `tables/<table>.csv` (for spreadsheets)
and in `hankkeet.sqlite` (keys, indexes, full-text search); `datapackage.json` describes them all.
`hankepoimuri.load("outputs")` gives them as pandas frames. Licence of the tables:
{LICENCE["name"]}; the texts in `documents.text` belong to their publishers.

- Missing is null, never an empty text or a zero. Dates are ISO dates. Offsets count Unicode code
  points of `documents.text` and are half open: `text[start_char:end_char]`.
- Ids come from content: the same announcements give the same ids in any order, in one run or many.
- Rows are sorted: documents by source, facts by document and place in it, entities by name; in
  SQLite they lie in the order of their keys.
- In the CSV files (UTF-8 with a BOM) what could start a spreadsheet formula, telephone numbers with
  a plus sign too, has an apostrophe in front: at the start of a cell and, since many spreadsheets
  part cells at semicolons, behind each comma, semicolon, tab and line break within it. Take one
  apostrophe off at each such place to get the value (`pipeline.tables.spreadsheets.unguarded`).
  Parquet and SQLite have every value as it is.
- Codes are text ("005"). A program that guesses takes a CSV file's codes for numbers and drops the
  zeros: `load_csv` in `datapackage.json` says for each table how pandas, DuckDB and Excel read it
  right.
- [Views](#views) in SQLite answer what is mostly asked; `hankepoimuri.load("outputs").overview()`
  and so on give the same as frames.
- Search in SQLite goes over titles, texts and lemmas, so that `kunta` finds `kunnan` and `kuntien`:
  `SELECT * FROM documents WHERE rowid IN (SELECT rowid FROM documents_fts WHERE documents_fts MATCH
  'kunta AND hyvinvoin*')`; `title:`, `text:` or `lemmas:` before a word looks there only.
  `hankepoimuri.load("outputs").search("kunnan")` and the boxes of `make browse` look for each
  word's lemma, too, and find all forms of it. Plain SQL in another program knows no Finnish: ask
  for the dictionary form there.
"""


def document() -> str:
    """The whole page."""
    parts = [_HEAD]
    for table in TABLES:
        parts.append("\n".join(_table(table)))
    parts.append("\n".join(_views()))
    parts.append("\n".join(_checks()))
    parts.append("\n".join(_rules()))
    return "\n".join(parts)


def _table(table: Table) -> Iterator[str]:
    yield f"## {table.name}\n"
    yield f"{table.description}. Key: {_names(table.key)}.\n"
    yield "| column | type | meaning |"
    yield "|---|---|---|"
    for column in table.columns:
        yield f"| `{column.name}` | {_type(column)} | {_meaning(column)} |"
    yield ""


def _type(column: Column) -> str:
    unit = f", {column.unit}" if column.unit else ""
    return f"{column.type}{unit}{'' if column.nullable else ', never null'}"


def _meaning(column: Column) -> str:
    parts = [column.description]
    if column.enum:
        known = _names(column.enum) if len(column.enum) <= MANY else "the values listed below"
        parts.append(f"one of {known}")
    if column.foreign:
        parts.append(f"→ `{column.foreign.table}.{column.foreign.column}`")
    return "; ".join(parts).replace("|", "\\|")


def _views() -> Iterator[str]:
    yield "## Views\n"
    yield "Made of the tables in `hankkeet.sqlite`, and by `load` as frames.\n"
    for view in VIEWS:
        yield f"### {view.name}\n"
        yield f"{view.description}.\n"
        yield "| column | type | meaning |"
        yield "|---|---|---|"
        for column in view.columns:
            unit = f", {column.unit}" if column.unit else ""
            yield f"| `{column.name}` | {column.type}{unit} | {_meaning(column)} |"
        yield ""
    yield (
        "A grant or share of no payer is a whole, and what named payers grant the project, in this "
        "announcement or another, are its parts: what these leave of it is counted under no "
        "funder. So a project is granted what the named give together, or its whole where that is "
        "more, and an amount of no payer that is less may be a part and is not added.\n"
    )
    yield "`funding.why_not` says why a sum leaves an amount out:\n"
    yield "| why not | meaning |"
    yield "|---|---|"
    yield from (f"| `{why}` | {meaning} |" for why, meaning in WHY.items())
    yield ""


def _checks() -> Iterator[str]:
    yield "## What is checked\n"
    yield "`checks.check` is one of these.\n"
    yield "| check | severity | what |"
    yield "|---|---|---|"
    yield from (f"| `{c.name}` | {c.severity} | {c.meaning} |" for c in CHECKS)
    yield ""


def _rules() -> Iterator[str]:
    yield "## Rules that join announcements\n"
    yield "`resolutions.rule` is one of these.\n"
    yield "`hankepoimuri explain ID` prints them with the sentences.\n"
    yield "| rule | joined because |"
    yield "|---|---|"
    yield from (f"| `{rule}` | {meaning} |" for rule, meaning in RULES.items())
    yield ""


def _names(names: tuple[str, ...]) -> str:
    return ", ".join(f"`{name}`" for name in names)


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(document(), encoding="utf-8")
