"""The charts of the pages, of ``load(…).chart`` too: Vega-Lite specifications over a run's views.

Pages show them as SVG, drawn when they are built (extra ``report``; without it they are tables).
Altair, which takes about as long again as drawing does, is for charts that people change.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from pipeline.errors import PipelineError
from pipeline.report import drawing, maps, ranks, strips
from pipeline.report.specification import (
    LEGEND,
    PAYER,
    PAYERS,
    Rows,
    Spec,
    nominal,
    ordinal,
    payer,
    quantitative,
    sized,
)
from pipeline.report.words import Words

WIDTH, HEIGHT = 420, 200  # pixels of a chart by year
MOST_YEARS = 60  # of a chart: dates far off are somebody's slip

_RUNNING = """
SELECT coalesce(start, "end") AS start, coalesce("end", start) AS "end" FROM overview
WHERE kind = 'project' AND coalesce(start, "end") IS NOT NULL
"""
_MONEY = f"""
SELECT f.year,
       {PAYER},
       sum(f.eur) AS eur
FROM funding AS f LEFT JOIN organisations AS o ON o.organisation_id = f.funder_id
WHERE f.counted AND f.year IS NOT NULL AND f.eur > 0 GROUP BY f.year, payer ORDER BY f.year, payer
"""


def running(connection: sqlite3.Connection) -> Rows:
    """How many projects run in each year: ``year``, ``projects``."""
    periods = [
        (int(row[0][:4]), int(row[1][:4])) for row in connection.execute(_RUNNING).fetchall()
    ]
    if not periods:
        return []
    latest = strips.last_shown(sorted(end for _, end in periods))
    first = max(min(start for start, _ in periods), latest - MOST_YEARS)
    return [
        {"year": year, "projects": sum(start <= year <= end for start, end in periods)}
        for year in range(first, latest + 1)
    ]


def money(connection: sqlite3.Connection) -> Rows:
    """Euros that announcements of each year tell of, each once: ``year``, ``payer``, ``eur``."""
    found: dict[tuple[int, str], float] = {}
    for year, kind, eur in connection.execute(_MONEY).fetchall():
        key = (year, payer(kind))
        found[key] = found.get(key, 0.0) + eur
    return [{"year": year, "payer": kind, "eur": eur} for (year, kind), eur in found.items()]


def running_chart(rows: Rows, words: Words) -> Spec:
    """Columns: projects that run, by year."""
    projects = quantitative("projects", title=words("projects"), axis={"tickMinStep": 1})
    told = [ordinal("year"), quantitative("projects")]
    return _by_year(rows, {"color": PAYERS["fund"]}, {"y": projects, "tooltip": told})


def money_chart(rows: Rows, words: Words) -> Spec:
    """Stacked columns: euros by the year in which announcements tell of them, and kind of payer."""
    names = {kind: words(f"payer.{kind}") for kind in PAYERS if kind in {r["payer"] for r in rows}}
    most = max((sum(r["eur"] for r in rows if r["year"] == y["year"]) for y in rows), default=0)
    size, unit = (1e6, words("millions")) if most >= 2e6 else (1e3, words("thousands"))
    named = [{**row, "payer": names[row["payer"]]} for row in rows]
    euros = quantitative("eur", title=unit, axis={"labelExpr": f"datum.value / {size:.0f}"})
    colours = {"domain": list(names.values()), "range": [PAYERS[kind] for kind in names]}
    kinds = nominal("payer", title=None, scale=colours, legend=LEGEND)
    told = [ordinal("year"), nominal("payer"), quantitative("eur")]
    return _by_year(named, {}, {"y": euros, "color": kinds, "tooltip": told})


def _by_year(rows: Rows, bar: Spec, encoding: Spec) -> Spec:
    """Columns by year, those without anything too; at most a dozen of the years are written."""
    years = [row["year"] for row in rows]
    every = list(range(min(years), max(years) + 1)) if years else []
    written = every[:: -(-len(every) // 12) or 1]
    axis = {"title": None, "labelAngle": 0, "values": written, "domain": False, "ticks": False}
    columns = {
        "data": {"values": rows},
        "mark": {"type": "bar", **bar},
        "encoding": {"x": ordinal("year", scale={"domain": every}, axis=axis), **encoding},
    }
    return sized(columns, WIDTH, HEIGHT)


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart: the rows it shows, how it is drawn, and whether rows say anything."""

    rows: Callable[[sqlite3.Connection], Rows]
    made: Callable[[Rows, Words], Spec]
    tells: Callable[[Rows], bool] = bool


def _several(rows: Rows) -> bool:
    return len(rows) > 1


def _projects(rows: Rows) -> bool:
    return any(row["projects"] for row in rows)


def _differing(rows: Rows) -> bool:
    return len({row["projects"] for row in rows}) > 1


CHARTS = {
    "running": Figure(running, running_chart, _several),
    "money": Figure(money, money_chart, _several),
    "funders": Figure(ranks.funders, ranks.funders_chart),
    "pairs": Figure(ranks.pairs, ranks.pairs_chart, _differing),
    "municipalities": Figure(maps.municipalities, maps.municipalities_chart, _projects),
    "regions": Figure(maps.regions, maps.tiles_chart, _projects),
    "counties": Figure(maps.counties, maps.tiles_chart, _projects),
}


def chart(connection: sqlite3.Connection, name: str, language: str = "fi") -> Any:
    """One of ``CHARTS`` over a run's SQLite file, as an Altair chart.

    Raises ``ValueError`` for another name, ``PipelineError`` without the extra ``report``.
    """
    if name not in CHARTS:
        raise ValueError(f"charts are {', '.join(CHARTS)}; not {name!r}")
    figure = CHARTS[name]
    spec = figure.made(figure.rows(connection), Words(language))
    alt = altair()
    if "layer" not in spec:
        return _read(alt.Chart, spec)
    made = _read(alt.LayerChart, spec)
    # Read with the whole, a layer is no chart that can be changed; it has been validated with it.
    made.layer = [_read(alt.Chart, layer, validate=False) for layer in spec["layer"]]
    return made


def _read(kind: Any, spec: Spec, validate: bool = True) -> Any:
    """A chart of Altair's; its data stay where they are, which Altair would name and move."""
    made = kind.from_dict(spec, validate=validate)
    if "data" in spec:
        made.data = altair().Data(**spec["data"])
    return made


@cache
def altair() -> Any:
    """Altair. Raises ``PipelineError`` where the extra ``report`` is missing.

    A notebook shows its charts as SVG unless somebody chose otherwise: what Altair does by itself
    loads a script from the network.
    """
    try:
        import altair
    except ImportError as error:
        raise PipelineError(
            "Altair is not installed: pip install 'hankepoimuri[report]'."
        ) from error
    if altair.renderers.active in ("default", "html") and drawing.drawable():
        altair.renderers.enable("svg")
    return altair
