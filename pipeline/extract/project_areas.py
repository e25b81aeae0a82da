"""Reads where a project is carried out or whom it serves, from labels and from its sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from pipeline import lexicon
from pipeline.extract.context import Context
from pipeline.extract.finds import EntityFind, Find


class ProjectAreaFind(Find, frozen=True, kw_only=True):
    """The project with the key ``project`` works in, or serves, the area."""

    project: str
    area: EntityFind


@cache
def _cue(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(lexicon.settings('area_cues')[name])})", re.IGNORECASE)


def find_project_areas(context: Context, areas: Sequence[EntityFind]) -> list[ProjectAreaFind]:
    """One find per project and area, the surest reading."""
    best: dict[tuple[str, str, str | None], ProjectAreaFind] = {}
    for find in _read(context, areas):
        key = (find.project, find.area.name, find.area.subtype)
        if key not in best or find.confidence > best[key].confidence:
            best[key] = find
    return sorted(best.values(), key=lambda find: (find.start, find.project))


def _read(context: Context, areas: Sequence[EntityFind]) -> Iterator[ProjectAreaFind]:
    furniture = [b for b in context.page.blocks if b.kind == "furniture"]
    labelled = {(f.start, f.end): f for f in context.page.fields if f.key == "area"}
    for area in areas:
        if any(b.start <= area.start < b.end for b in furniture):
            continue
        field = next((f for (start, end), f in labelled.items() if start <= area.start < end), None)
        if field is not None:
            project = context.project_of(field) or context.main
            if project is not None:
                yield _find(area, project, "label:area", 0.95)
            continue
        low, high = context.sentence(area.start)
        if area.subtype == "country" and not _abroad_together(areas, low, high):
            continue
        if _cue("against").search(context.text, low, high):
            continue
        if _in_contact_line(context, area):
            continue
        if _cue("whole_set").search(context.text, low, high):
            keys = dict.fromkeys(
                key for _, key in context.mentions if context.kinds.get(key) != "programme"
            )
            for key in keys:
                if key not in context.background:
                    yield _find(area, key, "all-projects", 0.8)
            continue
        project = context.project_at(area.start, area.end)
        if project is not None and context.kinds.get(project) != "programme":
            named = any(low <= m.start < high and key == project for m, key in context.mentions)
            yield _find(area, project, "area-in-sentence", 0.8 if named else 0.7)


def _abroad_together(areas: Sequence[EntityFind], low: int, high: int) -> bool:
    """Several countries a sentence works in: ``Suomessa, Ruotsissa ja Latviassa``."""
    inside = [
        a
        for a in areas
        if a.subtype == "country" and low <= a.start < high and a.case in {"Ine", "Ade"}
    ]
    return len({a.name for a in inside}) > 1


def _in_contact_line(context: Context, area: EntityFind) -> bool:
    """A place in contact details, a dateline or a signature is no place of work."""
    field = next((f for f in context.page.fields if f.start <= area.start < f.end), None)
    return field is not None and field.key is not None and field.key.startswith("contact")


def _find(area: EntityFind, project: str, rule: str, confidence: float) -> ProjectAreaFind:
    return ProjectAreaFind(
        start=area.start, end=area.end, rule=rule, confidence=confidence, project=project, area=area
    )
