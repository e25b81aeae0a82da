"""Charts with axes: Altair specifications, turned to SVG when pages are built (extra ``report``).

Rows of names with bars, the map and the tiles are drawn by the templates themselves: their names
are links and text, and they fit a phone. What has axes and a legend is Altair's; ``load(…).chart``
hands out the same charts to build on. The style sheet turns their colours into those of the page,
light or dark.
"""

from __future__ import annotations

import re
import sqlite3
from functools import cache
from html import escape
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from pipeline.errors import PipelineError
from pipeline.report.words import Words

if TYPE_CHECKING:
    import altair as alt

WIDTH, HEIGHT, SIZE = 420, 200, 13  # pixels; letters stay readable on a phone
INK, LINE = "#1b2430", "#e2dfd6"
# Kinds of payers, those that pay most projects' money; all else is one colour.
PAYERS = {
    "fund": "#0f5c6e",
    "ministry": "#a5640a",
    "regional_council": "#5057c0",
    "agency": "#b0344f",
    "municipality": "#52801c",
    "other": "#7b46a8",
    "unknown": "#8a939e",  # the announcement names none
}
MOST_YEARS = 60  # of a chart: dates far off are somebody's slip
Rows = list[dict[str, Any]]

_RUNNING = """
SELECT coalesce(start, "end") AS start, coalesce("end", start) AS "end" FROM overview
WHERE kind = 'project' AND coalesce(start, "end") IS NOT NULL
"""
_MONEY = """
SELECT f.year,
       CASE WHEN f.funder_id IS NULL THEN 'unknown' ELSE coalesce(o.type, 'other') END AS payer,
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
    latest = max(sorted(end for _, end in periods)[: max(1, len(periods) * 49 // 50)])
    first = max(min(start for start, _ in periods), latest - MOST_YEARS)
    return [
        {"year": year, "projects": sum(start <= year <= end for start, end in periods)}
        for year in range(first, latest + 1)
    ]


def money(connection: sqlite3.Connection) -> Rows:
    """Euros that announcements of each year tell of, each once: ``year``, ``payer``, ``eur``."""
    found: dict[tuple[int, str], float] = {}
    for year, kind, eur in connection.execute(_MONEY).fetchall():
        key = (year, kind if kind in PAYERS else "other")
        found[key] = found.get(key, 0.0) + eur
    return [{"year": year, "payer": kind, "eur": eur} for (year, kind), eur in found.items()]


def running_chart(rows: Rows, words: Words) -> alt.Chart:
    """Columns: projects that run, by year."""
    alt = _altair()
    return _sized(
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
    alt = _altair()
    names = {kind: words(f"payer.{kind}") for kind in PAYERS if kind in {r["payer"] for r in rows}}
    most = max((sum(r["eur"] for r in rows if r["year"] == y["year"]) for y in rows), default=0)
    size, unit = (1e6, words("millions")) if most >= 2e6 else (1e3, words("thousands"))
    told = [{**row, "payer": names[row["payer"]]} for row in rows]
    return _sized(
        alt.Chart(alt.Data(values=told))
        .mark_bar()
        .encode(
            x=_years(rows),
            y=alt.Y("eur:Q", title=unit, axis=alt.Axis(labelExpr=f"datum.value / {size:.0f}")),
            color=alt.Color(
                "payer:N",
                title=None,
                scale=alt.Scale(domain=list(names.values()), range=[PAYERS[k] for k in names]),
                legend=alt.Legend(orient="top", columns=3, symbolType="square"),
            ),
            tooltip=["year:O", "payer:N", "eur:Q"],
        )
    )


def _years(rows: Rows) -> Any:
    """The years as columns, those without anything too; at most a dozen of them are written."""
    alt = _altair()
    years = [row["year"] for row in rows]
    every = list(range(min(years), max(years) + 1)) if years else []
    step = -(-len(every) // 12) or 1
    shown = alt.Axis(title=None, labelAngle=0, values=every[::step], domain=False, ticks=False)
    return alt.X("year:O", scale=alt.Scale(domain=every), axis=shown)


def _sized(chart: alt.Chart) -> alt.Chart:
    sized: alt.Chart = (
        chart.properties(width=WIDTH, height=HEIGHT, background="transparent")
        .configure(font="sans-serif")
        .configure_view(stroke=None)
        .configure_axis(
            labelFontSize=SIZE, titleFontSize=SIZE, titleFontWeight="normal", labelColor=INK,
            titleColor=INK, gridColor=LINE, tickColor=LINE, domainColor=LINE, titleAnchor="end",
        )
        .configure_legend(labelFontSize=SIZE, labelColor=INK)
    )  # fmt: skip
    return sized


CHARTS = {"running": (running, running_chart), "money": (money, money_chart)}


def chart(connection: sqlite3.Connection, name: str, language: str = "fi") -> alt.Chart:
    """One of ``CHARTS`` over a run's SQLite file.

    Raises ``ValueError`` for another name, ``PipelineError`` without the extra ``report``.
    """
    if name not in CHARTS:
        raise ValueError(f"charts are {', '.join(CHARTS)}; not {name!r}")
    rows, made = CHARTS[name]
    return made(rows(connection), Words(language))


def drawable() -> bool:
    """Whether there is what charts are drawn with."""
    return find_spec("altair") is not None and find_spec("vl_convert") is not None


_OPENING = re.compile(r"<svg [^>]*viewBox=\"(?P<box>[^\"]*)\"[^>]*>")


def svg(made: alt.Chart, title: str) -> str:
    """A chart as SVG to stand in a page: one picture called ``title``, as wide as there is room.

    Nothing in it asks for anything: no script, no style, no address.
    """
    import vl_convert

    drawn: str = vl_convert.vegalite_to_svg(made.to_json())
    # One picture to who cannot see it; its rows stand beside it as a table.
    drawn = re.sub(r' (?:role|aria-[a-z]+)="[^"]*"', "", drawn)
    opening = f'<svg class="figure" viewBox="\\g<box>" role="img" aria-label="{escape(title)}">'
    return _OPENING.sub(opening, drawn, count=1)


@cache
def _altair() -> Any:
    try:
        import altair
    except ImportError as error:
        raise PipelineError(
            "Altair is not installed: pip install 'hankepoimuri[report]'."
        ) from error
    return altair
