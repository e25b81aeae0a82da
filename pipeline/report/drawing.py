"""From an Altair chart to SVG that stands in a page: no script, no request, links by keyboard.

The style sheet turns the colours of this module into those of the page, light or dark.
"""

from __future__ import annotations

import re
from contextlib import AbstractContextManager
from functools import cache, lru_cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from lxml import etree  # type: ignore[import-untyped]

from pipeline.errors import PipelineError

if TYPE_CHECKING:
    import altair as alt

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

_SVG, _LINK = "{http://www.w3.org/2000/svg}", "{http://www.w3.org/1999/xlink}href"
_DECIMALS = re.compile(r"(\.\d)\d+")
# Where Vega lets relative addresses begin.
_BASE = "https://vega.github.io/vega-datasets/"


def payer(kind: str) -> str:
    """The kind under which a payer of that one is shown."""
    return kind if kind in PAYERS else "other"


def drawable() -> bool:
    """Whether there is what charts are drawn with."""
    return find_spec("altair") is not None and find_spec("vl_convert") is not None


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
    if altair.renderers.active in ("default", "html") and drawable():
        altair.renderers.enable("svg")
    return altair


def unchecked() -> AbstractContextManager[None]:
    """Within it charts are made without being checked against Vega-Lite's schema.

    The checks of a page's charts cost more than drawing them, and tests check the same charts.
    """
    from altair.utils import schemapi

    return schemapi.debug_mode(False)


def sized(chart: Any, width: float | Any, height: float | Any) -> Any:
    """A chart of that many pixels (or steps), in the letters and lines of the page."""
    return (
        chart.properties(width=width, height=height, background="transparent", padding=1)
        .configure(font="sans-serif")
        .configure_view(stroke=None)
        .configure_axis(
            labelFontSize=SIZE, titleFontSize=SIZE, titleFontWeight="normal", labelColor=INK,
            titleColor=INK, gridColor=LINE, tickColor=LINE, domainColor=LINE, titleAnchor="end",
        )
        .configure_legend(labelFontSize=SIZE, labelColor=INK, symbolType="square")
    )  # fmt: skip


def layered(width: float | Any, height: float | Any, *charts: Any) -> alt.LayerChart:
    """Charts over each other, sized."""
    made: alt.LayerChart = sized(altair().layer(*charts), width, height)
    return made


def linked(chart: Any, rows: Rows) -> Any:
    """A chart whose marks say what they are (``said``) and lead on, if the rows have ``href``."""
    chart = chart.encode(description="said:N", tooltip="said:N")
    return chart.encode(href="href:N") if any(row.get("href") for row in rows) else chart


def svg(made: alt.TopLevelMixin, title: str) -> str:
    """A chart as SVG to stand in a page, called ``title``, as wide as there is room.

    A chart without links is one picture to who cannot see it; its rows stand beside it as a table.
    Of one with links each is reached by keyboard and says where it leads. Nothing in it asks for
    anything: no script, no style, no address but those of the links.
    """
    root = etree.fromstring(_drawn(made.to_json(validate=False)))
    links = list(root.iter(f"{_SVG}a"))
    for node in links:
        _link(node)
    if links:
        _name(root)
    for node in list(root.iter()):
        for name in [n for n in node.attrib if n == "role" or n.startswith("aria-")]:
            if not (node.tag == f"{_SVG}a" and name == "aria-label"):
                del node.attrib[name]
        for name in ("d", "transform", "x", "y", "x1", "x2", "y1", "y2"):
            if name in node.attrib:
                node.set(name, _DECIMALS.sub(r"\1", node.get(name)))
        if node.get("class") in ("foreground", "background") and node.get("stroke") is None:
            node.getparent().remove(node)
        elif "class" in node.attrib:
            del node.attrib["class"]
    box = root.get("viewBox")
    root.attrib.clear()
    root.set("class", "figure")
    root.set("viewBox", box)
    root.set("role", "group" if links else "img")
    root.set("aria-label", title)
    etree.cleanup_namespaces(root)
    text: str = etree.tostring(root, encoding="unicode")
    return re.sub(r' xmlns(:\w+)?="[^"]*"', "", text)


@lru_cache(maxsize=16)
def _drawn(chart: str) -> bytes:
    """What Vega draws of a specification; a chart without words is the same in each language."""
    import vl_convert

    drawn: str = vl_convert.vegalite_to_svg(chart, allowed_base_urls=[])
    return drawn.encode("utf-8")


def _link(node: Any) -> None:
    """Make Vega's link one of the page: relative, with the name of what it is on."""
    node.set("href", node.attrib.pop(_LINK).removeprefix(_BASE))
    node.set("aria-label", node[0].get("aria-label", ""))


def _name(root: Any) -> None:
    """What marks are called is shown where a mouse rests on them."""
    for mark in list(root.iter(f"{_SVG}path")):
        if said := mark.get("aria-label"):
            etree.SubElement(mark, f"{_SVG}title").text = said
