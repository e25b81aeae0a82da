"""Ranked lists as bars: who pays how much, who works together how often; names above their bars."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any

from pipeline.report.drawing import (
    BAR,
    INK,
    LEGEND,
    PAYER,
    PAYERS,
    Rows,
    altair,
    layered,
    linked,
    payer,
)
from pipeline.report.words import Words

if TYPE_CHECKING:
    import altair as alt

SHOWN = 14  # rows of a list
WIDTH, ROW = 380, 38  # pixels: of a list, of a row of it
ROOM = 270  # of the longest bar; what is left is for its number
LETTERS = 14  # pixels

_FUNDERS = f"""
SELECT f.funder, f.funder_id, sum(f.eur) AS eur, count(DISTINCT f.project_id) AS projects,
       {PAYER}
FROM funding AS f LEFT JOIN organisations AS o ON o.organisation_id = f.funder_id
WHERE f.counted GROUP BY f.funder_id ORDER BY eur DESC, f.funder LIMIT ?
"""
_PAIRS = """
SELECT organisation, other, projects, project_names FROM partners
ORDER BY projects DESC, organisation, other LIMIT ?
"""


def funders(connection: sqlite3.Connection) -> Rows:
    """Who pays most, each euro once: ``funder`` (``None``: not named), ``payer`` (its kind), …"""
    columns = ("funder", "funder_id", "eur", "projects", "payer")
    found = [dict(zip(columns, row, strict=True)) for row in connection.execute(_FUNDERS, [SHOWN])]
    return [row | {"payer": payer(row["payer"])} for row in found]


def pairs(connection: sqlite3.Connection) -> Rows:
    """Bodies that share most projects: ``organisation``, ``other``, ``projects``, their names."""
    columns = ("organisation", "other", "projects", "project_names")
    return [dict(zip(columns, row, strict=True)) for row in connection.execute(_PAIRS, [SHOWN])]


def funders_chart(rows: Rows, words: Words) -> alt.LayerChart:
    """Bars: euros by funder, in the colour of its kind."""
    alt = altair()
    kinds = [kind for kind in PAYERS if kind in {row["payer"] for row in rows}]
    names = [words(f"payer.{kind}") for kind in kinds]
    told = [
        row
        | {
            "name": row["funder"] or words("payer_unknown"),
            "value": row["eur"],
            "told": words.euros(row["eur"]),
            "payer": words(f"payer.{row['payer']}"),
        }
        for row in rows
    ]
    colour = alt.Color(
        "payer:N",
        title=None,
        scale=alt.Scale(domain=names, range=[PAYERS[kind] for kind in kinds]),
        legend=alt.Legend(**LEGEND),
    )
    return _bars(told, colour)


def pairs_chart(rows: Rows, words: Words) -> alt.LayerChart:
    """Bars: how many projects two bodies share."""
    told = [
        row
        | {
            "name": f"{row['organisation']} · {row['other']}",
            "value": row["projects"],
            "told": str(row["projects"]),
        }
        for row in rows
    ]
    return _bars(told, altair().value(BAR))


def _bars(told: Rows, colour: Any) -> alt.LayerChart:
    """Of rows ``name``, ``value``, ``told``: a name, below it a bar and the value in words."""
    alt = altair()
    told = [
        row | {"rank": rank, "said": f"{row['name']}: {row['told']}"}
        for rank, row in enumerate(told)
    ]
    most = max((row["value"] for row in told), default=1) or 1
    length = alt.Scale(domain=[0, most * WIDTH / ROOM], nice=False)
    chart = alt.Chart(alt.Data(values=told)).encode(y=alt.Y("rank:O", axis=None))
    by_length = alt.X("value:Q", axis=None, scale=length)
    bars = chart.mark_bar(size=10, yOffset=9).encode(x=by_length, color=colour)
    names = chart.mark_text(
        align="left", dy=-8, fontSize=LETTERS, limit=WIDTH - 40, color=INK
    ).encode(x=alt.value(0), text="name:N")
    values = chart.mark_text(align="left", dx=5, dy=9, fontSize=LETTERS, color=INK).encode(
        x=by_length, text="told:N"
    )
    return layered(WIDTH, alt.Step(ROW), linked(bars, told), names, values)
