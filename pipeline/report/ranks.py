"""Ranked lists as bars: who pays how much, who works together how often; names above their bars."""

from __future__ import annotations

import sqlite3

from pipeline.report.specification import (
    BAR,
    INK,
    LEGEND,
    PAYER,
    PAYERS,
    Rows,
    Spec,
    layered,
    linked,
    nominal,
    ordinal,
    payer,
    quantitative,
)
from pipeline.report.words import Words

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


def funders_chart(rows: Rows, words: Words) -> Spec:
    """Bars: euros by funder, in the colour of its kind."""
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
    colours = {"domain": names, "range": [PAYERS[kind] for kind in kinds]}
    return _bars(told, nominal("payer", title=None, scale=colours, legend=LEGEND))


def pairs_chart(rows: Rows, words: Words) -> Spec:
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
    return _bars(told, {"value": BAR})


def _bars(told: Rows, colour: Spec) -> Spec:
    """Of rows ``name``, ``value``, ``told``: a name, below it a bar and the value in words."""
    told = [
        row | {"rank": rank, "said": f"{row['name']}: {row['told']}"}
        for rank, row in enumerate(told)
    ]
    most = max((row["value"] for row in told), default=1) or 1
    scale = {"domain": [0, most * WIDTH / ROOM], "nice": False}
    line = ordinal("rank", axis=None)
    length = quantitative("value", axis=None, scale=scale)
    letters = {"type": "text", "align": "left", "fontSize": LETTERS, "color": INK}
    bars = {
        "mark": {"type": "bar", "size": 10, "yOffset": 9},
        "encoding": {"y": line, "x": length, "color": colour},
    }
    names = {
        "mark": {**letters, "dy": -8, "limit": WIDTH - 40},
        "encoding": {"y": line, "x": {"value": 0}, "text": nominal("name")},
    }
    values = {
        "mark": {**letters, "dx": 5, "dy": 9},
        "encoding": {"y": line, "x": length, "text": nominal("told")},
    }
    step = {"step": ROW}
    return layered(WIDTH, step, linked(bars, told), names, values, data={"values": told})
