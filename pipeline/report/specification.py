"""What the charts' Vega-Lite specifications share: colours, columns, size, layers, links."""

from __future__ import annotations

from typing import Any

SIZE = 13  # pixels of a letter; readable on a phone, too
INK, LINE, LAND, PAPER = "#1b2430", "#e2dfd6", "#e9e5da", "#ffffff"
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
BAR = PAYERS["fund"]
# Of a legend of payers; the padding is for letters that are wider than those measured here.
LEGEND = {"orient": "top", "columns": 3, "columnPadding": 28, "symbolType": "square"}
# The kind of a row of ``funding`` as ``f``, its funder as ``o``.
PAYER = "CASE WHEN f.funder_id IS NULL THEN 'unknown' ELSE coalesce(o.type, 'other') END AS payer"
Rows = list[dict[str, Any]]
Spec = dict[str, Any]  # a specification, or a part of one: JSON as Vega-Lite's schema has it


def payer(kind: str) -> str:
    """The kind under which a payer of that one is shown."""
    return kind if kind in PAYERS else "other"


def nominal(column: str, **shown: Any) -> Spec:
    """A column of names."""
    return {"field": column, "type": "nominal", **shown}


def ordinal(column: str, **shown: Any) -> Spec:
    """A column of names that have an order, or of numbers that are but names."""
    return {"field": column, "type": "ordinal", **shown}


def quantitative(column: str, **shown: Any) -> Spec:
    """A column of numbers."""
    return {"field": column, "type": "quantitative", **shown}


def sized(spec: Spec, width: float | Spec, height: float | Spec) -> Spec:
    """A chart of that many pixels (or ``step``), in the letters and lines of the page."""
    return {
        **spec, "width": width, "height": height, "background": "transparent", "padding": 1,
        "config": {
            "font": "sans-serif",
            "view": {"stroke": None},
            "axis": {
                "labelFontSize": SIZE, "titleFontSize": SIZE, "titleFontWeight": "normal",
                "labelColor": INK, "titleColor": INK, "gridColor": LINE, "tickColor": LINE,
                "domainColor": LINE, "titleAnchor": "end",
            },
            "legend": {"labelFontSize": SIZE, "labelColor": INK, "symbolType": "square"},
        },
    }  # fmt: skip


def layered(width: float | Spec, height: float | Spec, *layers: Spec, **shared: Any) -> Spec:
    """Layers over each other, sized; ``shared`` is of all of them."""
    return sized({"layer": list(layers), **shared}, width, height)


def linked(layer: Spec, rows: Rows) -> Spec:
    """A layer whose marks say what they are (``said``) and lead on, if the rows have ``href``."""
    encoding = {**layer["encoding"], "description": nominal("said"), "tooltip": nominal("said")}
    if any(row.get("href") for row in rows):
        encoding["href"] = nominal("href")
    return {**layer, "encoding": encoding}
