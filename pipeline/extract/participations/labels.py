"""Reads parts from labels and their values: ``Osatoteuttajat: X, Y``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import get_args

from pipeline.extract.context import Context
from pipeline.extract.finds import EntityFind
from pipeline.extract.participations.cues import PartFind, roles_in_brackets
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
                stated = _inner(context.text, field.start, organisation) or part
                yield PartFind(
                    start=field.label_start,
                    end=organisation.end,
                    rule=f"label:{field.key}",
                    confidence=0.6 if field.key == "authority" else 0.95,
                    organisation=organisation,
                    part=stated,  # type: ignore[arg-type]
                    project=project,
                )


def _inner(text: str, start: int, organisation: EntityFind) -> str | None:
    """A part that the value itself says: ``X (koordinaattori)``, ``X, kumppaneina Y ja Z``."""
    behind = re.match(r"\s*\(([^()\nA-ZÅÄÖ]{4,40})\)", text[organisation.end :])
    said = roles_in_brackets().match(behind.group(1)) if behind else None
    if said is None:
        inner = re.finditer(r"[(,;]\s*(?=\w)", text[start : organisation.start])
        heads = [roles_in_brackets().match(text, start + m.end()) for m in inner]
        said = next(
            (
                head
                for head in reversed(heads)
                if head and ")" not in text[head.end() : organisation.start]
            ),
            None,
        )
    return said.lastgroup if said else None


def _is_prose(value: str) -> bool:
    """A value that is a sentence says the parts itself."""
    return len(value) > 60 and value.rstrip().endswith(".")


def labelled(context: Context, start: int) -> bool:
    """Is the line a label with its value? Then the label says the part."""
    field = next((f for f in context.page.fields if f.label_start <= start < f.end), None)
    if field is None or field.key not in {*_PARTS, "actors", "authority", "grant", "share"}:
        return False
    return not _is_prose(context.text[field.start : field.end])
