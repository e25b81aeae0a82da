"""Reads parts from labels and their values: ``Osatoteuttajat: X, Y``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import get_args

from pipeline.extract.context import Context
from pipeline.extract.finds import EntityFind
from pipeline.extract.participations.cues import PartFind
from pipeline.records import Part

_PARTS: frozenset[str] = frozenset(get_args(Part))


def from_labels(context: Context, organisations: Sequence[EntityFind]) -> Iterator[PartFind]:
    """``Osatoteuttajat: X, Y``: the label says the part of every organisation in the value."""
    for field in context.page.fields:
        part = "partner" if field.key == "actors" else field.key
        part = "funder" if field.key in {"authority", "grant", "share"} else part
        if part not in _PARTS or _is_prose(context.text[field.start : field.end]):
            continue
        money = field.key in {"grant", "share"}
        for organisation in organisations:
            in_label = money and field.label_start <= organisation.start < field.label_end
            if in_label or field.start <= organisation.start < field.end:
                project = context.project_of(field)
                stated = part
                before = context.text[field.start : organisation.start].casefold()
                inner = re.search(
                    r"\((osatoteuttaja|kumppani|rahoittaja)\w*[:\s]*$|\((osatoteuttaja|kumppani|rahoittaja)\w*\s[^()]*$",
                    before,
                )
                behind = re.match(
                    r"\s*\((osatoteuttaja|kumppani|rahoittaja)\b", context.text[organisation.end :]
                )
                inner = inner or behind
                if inner:
                    stated = {
                        "osatoteuttaja": "implementer",
                        "kumppani": "partner",
                        "rahoittaja": "funder",
                    }[inner.group(1) or inner.group(2)]
                yield PartFind(
                    start=field.label_start,
                    end=organisation.end,
                    rule=f"label:{field.key}",
                    confidence=0.6 if field.key == "authority" else 0.95,
                    organisation=organisation,
                    part=stated,  # type: ignore[arg-type]
                    project=project,
                )


def _is_prose(value: str) -> bool:
    """A value that is a sentence says the parts itself."""
    return len(value) > 60 and value.rstrip().endswith(".")


def labelled(context: Context, start: int) -> bool:
    """Is the line a label with its value? Then the label says the part."""
    field = next((f for f in context.page.fields if f.label_start <= start < f.end), None)
    if field is None or field.key not in {*_PARTS, "actors", "authority", "grant", "share"}:
        return False
    return not _is_prose(context.text[field.start : field.end])
