"""From a Vega-Lite chart to SVG that stands in a page: no script, no request, links by keyboard.

The style sheet turns the colours of the charts into those of the page, light or dark.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from importlib.util import find_spec
from typing import Any

from lxml import etree  # type: ignore[import-untyped]

from pipeline.report.specification import Spec

_SVG, _LINK = "{http://www.w3.org/2000/svg}", "{http://www.w3.org/1999/xlink}href"
_DECIMALS = re.compile(r"(\.\d)\d+")
# Where Vega lets relative addresses begin.
_BASE = "https://vega.github.io/vega-datasets/"


def drawable() -> bool:
    """Whether there is what charts are drawn with."""
    return find_spec("vl_convert") is not None


def svg(spec: Spec, title: str) -> str:
    """A chart as SVG to stand in a page, called ``title``, as wide as there is room.

    A chart without links is one picture to who cannot see it; its rows stand beside it as a table.
    Of one with links each is reached by keyboard and says where it leads. Nothing in it asks for
    anything: no script, no style, no address but those of the links.
    """
    root = etree.fromstring(_drawn(json.dumps(spec)))
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
def _drawn(spec: str) -> bytes:
    """What Vega draws of a specification; a chart without words is the same in each language."""
    import vl_convert

    drawn: str = vl_convert.vegalite_to_svg(spec, allowed_base_urls=[])
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
