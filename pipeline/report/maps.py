"""Where projects are: municipalities as dots on an outline, regions and counties as tiles."""

from __future__ import annotations

import json
import math
import sqlite3
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from pipeline import lexicon
from pipeline.report.specification import (
    BAR,
    INK,
    LAND,
    PAPER,
    Rows,
    Spec,
    layered,
    linked,
    nominal,
    ordinal,
    quantitative,
)
from pipeline.report.words import Words

LARGEST, SMALLEST = 14.0, 1.6  # radius of a dot in pixels
ALONE = 4.5  # radius of the dot of one project, where dots are few
COVERED = 12_000.0  # what all dots together may cover, in square pixels: a sixth of the land
WIDTH, HEIGHT, TILE = 262, 534, 52  # of the map, of a tile with the gap beside it
# Finland as its own maps show it (ETRS-TM35FIN): north is up on the 27th meridian.
PROJECTION: dict[str, Any] = {
    "type": "transverseMercator", "rotate": [-27, 0, 0], "center": [-0.65, 64.95],
    "scale": 2930, "translate": [WIDTH / 2, HEIGHT / 2],
}  # fmt: skip
# Of a tile by its number of projects, none to most; and of the letters on it.
SHADES = (LAND, "#c9dfe4", "#9cc5ce", "#5f9dac", "#115566")
ON_LIGHT, ON_DARK = "#10222a", "#fefefe"
_TOWNS = """
SELECT area, area_id, latitude, longitude, projects FROM by_area
WHERE level = 'municipality' AND latitude IS NOT NULL
"""


def municipalities(connection: sqlite3.Connection) -> Rows:
    """Municipalities that have projects and a point, the largest first: small dots lie on top."""
    columns = ("area", "area_id", "latitude", "longitude", "projects")
    found = [dict(zip(columns, row, strict=True)) for row in connection.execute(_TOWNS)]
    return sorted(sized_dots(found), key=lambda row: (-row["r"], row["area"]))


def sized_dots(found: Rows) -> Rows:
    """Rows with ``r``, the radius of their dots: the more projects, the larger."""
    one = min(ALONE, math.sqrt(COVERED / (math.pi * max(sum(r["projects"] for r in found), 1))))
    return [
        {**row, "r": round(min(max(one * math.sqrt(row["projects"]), SMALLEST), LARGEST), 2)}
        for row in found
    ]


def municipalities_chart(rows: Rows, words: Words) -> Spec:
    """Finland's outline with a dot for each municipality."""
    land = {
        "data": {"values": outline()},
        "mark": {"type": "geoshape", "fill": LAND, "clip": False},
    }
    dots = {
        "data": {"values": [_said(row) | {"size": (2 * row["r"]) ** 2} for row in rows]},
        "mark": {
            "type": "circle", "color": BAR, "opacity": 0.75, "stroke": PAPER, "strokeWidth": 1,
            "clip": False,
        },
        "encoding": {
            "longitude": quantitative("longitude"),
            "latitude": quantitative("latitude"),
            "size": quantitative("size", scale=None),
        },
    }  # fmt: skip
    return layered(WIDTH, HEIGHT, land, linked(dots, rows), projection=PROJECTION)


def regions(connection: sqlite3.Connection) -> Rows:
    """All regions as tiles, also those without a project."""
    return _tiles(connection, "region")


def counties(connection: sqlite3.Connection) -> Rows:
    """All wellbeing services counties as tiles, also those without a project."""
    return _tiles(connection, "wellbeing_county")


class Tile(NamedTuple):
    """Where the tile of an area stands, and the letters on it."""

    code: str
    short: str
    column: int
    row: int


@cache
def tiles(level: str) -> tuple[Tile, ...]:
    """The tiles of all areas of a level; ``data/tiles.csv`` says where they are from."""
    text = files(__package__).joinpath("data/tiles.csv").read_text("utf-8")
    return tuple(
        Tile(row["code"], row["short"], int(row["column"]), int(row["row"]))
        for row in lexicon.rows_of(text)
        if row["level"] == level
    )


def _tiles(connection: sqlite3.Connection, level: str) -> Rows:
    query = "SELECT code, area_id, projects FROM by_area WHERE level = ?"
    known = {code: (area, n) for code, area, n in connection.execute(query, [level])}
    names = {row["code"]: row["name"] for row in lexicon.table("area_tree") if row["type"] == level}
    most = max((projects for _, projects in known.values()), default=1)
    made = []
    for tile in tiles(level):
        area_id, projects = known.get(tile.code, (None, 0))
        made.append(
            {
                "area": names[tile.code],
                "area_id": area_id,
                "projects": projects,
                "short": tile.short,
                "column": tile.column,
                "row": tile.row,
                "shade": math.ceil((len(SHADES) - 1) * projects / most),
            }
        )
    return sorted(made, key=lambda area: (area["row"], area["column"]))


def tiles_chart(rows: Rows, words: Words) -> Spec:
    """A tile for each area roughly where it lies: its short name, and how many projects it has."""
    told = [_said(row) | {"count": str(row["projects"] or "–")} for row in rows]
    columns, lines = (range(max(row[at] for row in rows) + 1) for at in ("column", "row"))
    place = {
        "x": ordinal("column", axis=None, scale={"domain": list(columns), "padding": 0.04}),
        "y": ordinal("row", axis=None, scale={"domain": list(lines), "padding": 0.04}),
    }
    shades = {"domain": list(range(len(SHADES))), "range": list(SHADES)}
    letters = {
        "condition": [
            {"test": f"datum.shade === {len(SHADES) - 1}", "value": ON_DARK},
            {"test": "datum.shade === 0", "value": INK},
        ],
        "value": ON_LIGHT,
    }
    area = {
        "mark": {"type": "rect", "cornerRadius": 5},
        "encoding": {**place, "color": ordinal("shade", scale=shades, legend=None)},
    }
    short = {
        "mark": {"type": "text", "dy": -8, "fontSize": 11},
        "encoding": {**place, "text": nominal("short"), "color": letters},
    }
    number = {
        "mark": {"type": "text", "dy": 9, "fontSize": 15, "fontWeight": 600},
        "encoding": {**place, "text": nominal("count"), "color": letters},
    }
    step = {"step": TILE}
    return layered(step, step, linked(area, rows), short, number, data={"values": told})


def _said(row: Mapping[str, Any]) -> dict[str, Any]:
    return {**row, "said": f"{row['area']}: {row['projects']}"}


@cache
def outline() -> dict[str, Any]:
    """Finland's outline: a GeoJSON feature, in degrees."""
    text = files(__package__).joinpath("data/finland.json").read_text("utf-8")
    read: dict[str, Any] = json.loads(text)
    return read
