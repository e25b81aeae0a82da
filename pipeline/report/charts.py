"""What the pictures are drawn from: places on the map, tiles, strips of time and money."""

from __future__ import annotations

import json
import math
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

# Rows of the view ``by_area``.
Area = sqlite3.Row | Mapping[str, Any]

SHADES = 4  # of a tile, by its number of projects
STRIP = 1000  # units a strip of time or money is wide
LARGEST, SMALLEST = 14.0, 1.6  # radius of a dot
ALONE = 4.5  # radius of the dot of one project, where dots are few
COVERED = 12_000.0  # what all dots together may cover, in units of the outline: a sixth of the land
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


@dataclass(frozen=True, slots=True)
class Dot:
    """A municipality on the map."""

    x: float
    y: float
    r: float
    name: str
    area_id: str
    projects: int


@dataclass(frozen=True, slots=True)
class Tile:
    """A region or county in the grid; ``shade`` 0 means no project."""

    column: int
    row: int
    short: str
    name: str
    area_id: str | None
    projects: int
    shade: int


@dataclass(frozen=True, slots=True)
class Strip:
    """A bar in a strip of ``STRIP`` units; ``open_start`` and ``open_end`` say what is unknown."""

    x: int
    width: int
    open_start: bool = False
    open_end: bool = False


@cache
def outline() -> dict[str, Any]:
    """Finland's outline: an SVG path and how degrees become its units."""
    text = files(__package__).joinpath("data/finland.json").read_text("utf-8")
    read: dict[str, Any] = json.loads(text)
    return read


def dots(areas: Sequence[Area]) -> list[Dot]:
    """Municipalities that have a point, the largest first, so that small ones lie on top."""
    shape = outline()
    found = []
    placed = [a for a in areas if a["level"] == "municipality" and a["latitude"] is not None]
    projects = sum(area["projects"] for area in placed)
    one = min(ALONE, math.sqrt(COVERED / (math.pi * max(projects, 1))))
    for area in placed:
        x = (area["longitude"] - shape["west"]) * shape["x_per_degree"]
        y = (shape["north"] - area["latitude"]) * shape["y_per_degree"]
        r = min(max(one * math.sqrt(area["projects"]), SMALLEST), LARGEST)
        found.append(
            Dot(
                round(x, 1),
                round(y, 1),
                round(r, 1),
                area["area"],
                area["area_id"],
                area["projects"],
            )
        )
    return sorted(found, key=lambda dot: (-dot.r, dot.name))


def tiles(areas: Sequence[Area], level: str, names: Mapping[str, str]) -> list[Tile]:
    """The tile grid of regions or counties; ``names`` are those of all, by code."""
    places = REGIONS if level == "region" else COUNTIES
    short = SHORT if level == "region" else SHORT_COUNTIES
    known = {area["code"]: area for area in areas if area["level"] == level}
    most = max((area["projects"] for area in known.values()), default=1)
    made = []
    for code, (column, row) in places.items():
        area = known.get(code)
        count = area["projects"] if area else 0
        shade = math.ceil(SHADES * count / most) if count else 0
        area_id = area["area_id"] if area else None
        made.append(Tile(column, row, short[code], names[code], area_id, count, shade))
    return sorted(made, key=lambda tile: (tile.row, tile.column))


def years(periods: Sequence[tuple[str | None, str | None]]) -> tuple[int, int]:
    """The first and last year that a picture of these periods shows: far ones stay outside."""
    ends = sorted(int(day[:4]) for period in periods for day in period if day)
    if not ends:
        return 0, 0
    low, high = ends[len(ends) // 50], ends[-1 - len(ends) // 50]
    return low, max(high, low)


def strip(start: str | None, end: str | None, shown: tuple[int, int]) -> Strip:
    """Where a period lies in the years shown; one without an end is drawn for half a year."""
    first, last = date(shown[0], 1, 1).toordinal(), date(shown[1], 12, 31).toordinal()

    def place(day: str) -> int:
        at = (date.fromisoformat(day).toordinal() - first) / max(1, last - first)
        return round(STRIP * min(max(at, 0), 1))

    half = round(STRIP * 180 / max(1, last - first))
    x = place(start) if start else max(0, place(end or "") - half)
    until = place(end) if end else min(STRIP, x + half)
    return Strip(x, max(until - x, 6), start is None, end is None)
