"""A map of projects by area as a picture that notebooks show and files hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from pipeline.report import charts


@dataclass(frozen=True, slots=True)
class Picture:
    """An SVG picture."""

    svg: str

    def _repr_svg_(self) -> str:
        return self.svg

    def save(self, path: str | Path) -> Path:
        """Write it to a file; returns the path."""
        place = Path(path)
        place.write_text(self.svg, encoding="utf-8")
        return place


def map_of(areas: Sequence[charts.Area]) -> Picture:
    """Finland with a dot for each municipality: the more projects, the larger."""
    shape = charts.outline()
    circles = "".join(
        f'<circle cx="{dot.x}" cy="{dot.y}" r="{dot.r}" fill="#0f5c6e" fill-opacity="0.75" '
        f'stroke="#fff"><title>{escape(dot.name)}: {dot.projects}</title></circle>'
        for dot in charts.dots(areas)
    )
    return Picture(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {shape["width"]} '
        f'{shape["height"]}" width="{shape["width"]}" height="{shape["height"]}" role="img">'
        f'<title>Hankkeet kunnittain</title><path d="{shape["path"]}" fill="#e9e5da"/>'
        f"{circles}</svg>"
    )
