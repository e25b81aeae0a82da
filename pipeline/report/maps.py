"""Where projects are: municipalities as dots on an outline, regions and counties as tiles."""

from __future__ import annotations

import json
import math
import sqlite3
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from pipeline import lexicon
from pipeline.report.drawing import BAR, INK, LAND, PAPER, Rows, altair, layered, linked
from pipeline.report.words import Words

if TYPE_CHECKING:
    import altair as alt

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
# Tiles as column and row, roughly where the areas lie.
REGIONS = {
    "19": (3, 0), "17": (3, 1), "18": (4, 1), "16": (2, 2), "15": (1, 3), "14": (2, 3),
    "13": (3, 3), "11": (4, 2), "12": (5, 2), "04": (1, 4), "06": (2, 4), "07": (3, 4),
    "10": (4, 3), "09": (5, 4), "02": (1, 5), "05": (2, 5), "01": (3, 5), "08": (4, 4),
    "21": (0, 5),
}  # fmt: skip
COUNTIES = {
    "21": (3, 0), "19": (3, 1), "20": (4, 1), "18": (2, 2), "17": (1, 3), "16": (2, 3),
    "15": (3, 3), "13": (4, 2), "14": (5, 2), "06": (1, 4), "08": (2, 4), "09": (3, 4),
    "12": (4, 3), "11": (5, 4), "05": (1, 5), "07": (2, 5), "02": (3, 5), "01": (4, 5),
    "10": (4, 4), "03": (2, 6), "04": (3, 6),
}  # fmt: skip
SHORT = {
    "19": "Lap", "17": "P-P", "18": "Kai", "16": "K-P", "15": "Poh", "14": "E-P", "13": "K-S",
    "11": "P-S", "12": "P-K", "04": "Sat", "06": "Pir", "07": "P-H", "10": "E-S", "09": "E-K",
    "02": "V-S", "05": "K-H", "01": "Uus", "08": "Kym", "21": "Ahv",
}  # fmt: skip
SHORT_COUNTIES = {
    "21": "Lap", "19": "P-P", "20": "Kai", "18": "K-P", "17": "Poh", "16": "E-P", "15": "K-S",
    "13": "P-S", "14": "P-K", "06": "Sat", "08": "Pir", "09": "P-H", "12": "E-S", "11": "E-K",
    "05": "V-S", "07": "K-H", "02": "K-U", "01": "I-U", "10": "Kym", "03": "L-U", "04": "V-K",
}  # fmt: skip

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


def municipalities_chart(rows: Rows, words: Words) -> alt.LayerChart:
    """Finland's outline with a dot for each municipality."""
    alt = altair()
    land = alt.Chart(alt.Data(values=[outline()])).mark_geoshape(fill=LAND, clip=False)
    dots = (
        alt.Chart(alt.Data(values=[_said(row) | {"size": (2 * row["r"]) ** 2} for row in rows]))
        .mark_circle(color=BAR, opacity=0.75, stroke=PAPER, strokeWidth=1, clip=False)
        .encode(longitude="longitude:Q", latitude="latitude:Q", size=alt.Size("size:Q", scale=None))
    )
    return layered(WIDTH, HEIGHT, land, linked(dots, rows)).project(**PROJECTION)


def regions(connection: sqlite3.Connection) -> Rows:
    """All regions as tiles, also those without a project."""
    return _tiles(connection, "region", REGIONS, SHORT)


def counties(connection: sqlite3.Connection) -> Rows:
    """All wellbeing services counties as tiles, also those without a project."""
    return _tiles(connection, "wellbeing_county", COUNTIES, SHORT_COUNTIES)


def _tiles(
    connection: sqlite3.Connection,
    level: str,
    places: Mapping[str, tuple[int, int]],
    short: Mapping[str, str],
) -> Rows:
    query = "SELECT code, area_id, projects FROM by_area WHERE level = ?"
    known = {code: (area, n) for code, area, n in connection.execute(query, [level])}
    names = {row["code"]: row["name"] for row in lexicon.table("area_tree") if row["type"] == level}
    most = max((projects for _, projects in known.values()), default=1)
    made = []
    for code, (column, row) in places.items():
        area_id, projects = known.get(code, (None, 0))
        made.append(
            {
                "area": names[code],
                "area_id": area_id,
                "projects": projects,
                "short": short[code],
                "column": column,
                "row": row,
                "shade": math.ceil((len(SHADES) - 1) * projects / most),
            }
        )
    return sorted(made, key=lambda tile: (tile["row"], tile["column"]))


def tiles_chart(rows: Rows, words: Words) -> alt.LayerChart:
    """A tile for each area roughly where it lies: its short name, and how many projects it has."""
    alt = altair()
    told = [_said(row) | {"count": str(row["projects"] or "–")} for row in rows]
    chart = alt.Chart(alt.Data(values=told)).encode(
        x=alt.X("column:O", axis=None, scale=alt.Scale(domain=list(range(6)), padding=0.04)),
        y=alt.Y("row:O", axis=None, scale=alt.Scale(domain=list(range(7)), padding=0.04)),
    )
    shade = alt.Scale(domain=list(range(len(SHADES))), range=list(SHADES))
    area = chart.mark_rect(cornerRadius=5).encode(
        color=alt.Color("shade:O", scale=shade, legend=None)
    )
    letters = (
        alt.when(alt.datum.shade == len(SHADES) - 1)
        .then(alt.value(ON_DARK))
        .when(alt.datum.shade == 0)
        .then(alt.value(INK))
        .otherwise(alt.value(ON_LIGHT))
    )
    short = chart.mark_text(dy=-8, fontSize=11).encode(text="short:N", color=letters)
    number = chart.mark_text(dy=9, fontSize=15, fontWeight=600).encode(
        text="count:N", color=letters
    )
    return layered(alt.Step(TILE), alt.Step(TILE), linked(area, rows), short, number)


def _said(row: Mapping[str, Any]) -> dict[str, Any]:
    return {**row, "said": f"{row['area']}: {row['projects']}"}


@cache
def outline() -> dict[str, Any]:
    """Finland's outline: a GeoJSON feature, in degrees."""
    text = files(__package__).joinpath("data/finland.json").read_text("utf-8")
    read: dict[str, Any] = json.loads(text)
    return read
