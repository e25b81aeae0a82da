"""The charts of the pages, of ``load(…).chart`` too: Altair specifications over a run's views.

Pages show them as SVG, drawn when they are built (extra ``report``; without it they are tables).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipeline.report import maps, ranks, strips
from pipeline.report.drawing import LEGEND, PAYER, PAYERS, Rows, altair, payer, sized
from pipeline.report.words import Words

if TYPE_CHECKING:
    import altair as alt

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


def running_chart(rows: Rows, words: Words) -> alt.Chart:
    """Columns: projects that run, by year."""
    alt = altair()
    return _by_year(
        alt.Chart(alt.Data(values=rows))
        .mark_bar(color=PAYERS["fund"])
        .encode(
            x=_years(rows),
            y=alt.Y("projects:Q", title=words("projects"), axis=alt.Axis(tickMinStep=1)),
            tooltip=["year:O", "projects:Q"],
        )
    )


def money_chart(rows: Rows, words: Words) -> alt.Chart:
    """Stacked columns: euros by the year in which announcements tell of them, and kind of payer."""
    alt = altair()
    names = {kind: words(f"payer.{kind}") for kind in PAYERS if kind in {r["payer"] for r in rows}}
    most = max((sum(r["eur"] for r in rows if r["year"] == y["year"]) for y in rows), default=0)
    size, unit = (1e6, words("millions")) if most >= 2e6 else (1e3, words("thousands"))
    told = [{**row, "payer": names[row["payer"]]} for row in rows]
    return _by_year(
        alt.Chart(alt.Data(values=told))
        .mark_bar()
        .encode(
            x=_years(rows),
            y=alt.Y("eur:Q", title=unit, axis=alt.Axis(labelExpr=f"datum.value / {size:.0f}")),
            color=alt.Color(
                "payer:N",
                title=None,
                scale=alt.Scale(domain=list(names.values()), range=[PAYERS[k] for k in names]),
                legend=alt.Legend(**LEGEND),
            ),
            tooltip=["year:O", "payer:N", "eur:Q"],
        )
    )


def _years(rows: Rows) -> Any:
    """The years as columns, those without anything too; at most a dozen of them are written."""
    alt = altair()
    years = [row["year"] for row in rows]
    every = list(range(min(years), max(years) + 1)) if years else []
    step = -(-len(every) // 12) or 1
    shown = alt.Axis(title=None, labelAngle=0, values=every[::step], domain=False, ticks=False)
    return alt.X("year:O", scale=alt.Scale(domain=every), axis=shown)


def _by_year(chart: Any) -> alt.Chart:
    made: alt.Chart = sized(chart, WIDTH, HEIGHT)
    return made


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart: the rows it shows, how it is drawn, and whether rows say anything."""

    rows: Callable[[sqlite3.Connection], Rows]
    made: Callable[[Rows, Words], Any]
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
    """One of ``CHARTS`` over a run's SQLite file.

    Raises ``ValueError`` for another name, ``PipelineError`` without the extra ``report``.
    """
    if name not in CHARTS:
        raise ValueError(f"charts are {', '.join(CHARTS)}; not {name!r}")
    figure = CHARTS[name]
    return figure.made(figure.rows(connection), Words(language))
