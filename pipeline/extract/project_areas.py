"""Reads where a project is carried out or whom it serves, from labels and from its sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from pipeline import lexicon
from pipeline.extract.context import Context
from pipeline.extract.finds import EntityFind, Find
from pipeline.extract.places import of_genitive
from pipeline.patterns import Pattern


class ProjectAreaFind(Find, frozen=True, kw_only=True):
    """The project with the key ``project`` works in, or serves, the area."""

    project: str
    area: EntityFind


# "X:n ja Y:n" before what they own; a first and a last name right before a place.
_JOINED = re.compile(r"(?:,\s[A-ZÅÄÖ][\w-]+n)*\s(?:ja|sekä)\s[A-ZÅÄÖ][\w-]+n\b")
_NAMED_BEFORE = re.compile(r"(?<!\w)[A-ZÅÄÖ][a-zåäö]+(?:-[A-ZÅÄÖ]\w+)?\s[A-ZÅÄÖ][\w-]+\s$")
_CAPITALISED = re.compile(r"(?<!\w)[A-ZÅÄÖ][\w-]+n(?!\w)")
_LATE = 0.4  # share of the text: behind it a project is first named, or contacts stand


@cache
def _cue(name: str) -> Pattern:
    return Pattern(rf"(?<!\w)(?:{'|'.join(lexicon.settings('area_cues')[name])})", re.IGNORECASE)


def find_project_areas(
    context: Context, areas: Sequence[EntityFind], people: Sequence[EntityFind] = ()
) -> list[ProjectAreaFind]:
    """One find per project and area, the surest reading; ``people`` are the persons named."""
    best: dict[tuple[str, str, str | None], ProjectAreaFind] = {}
    for find in _read(context, areas, people):
        key = (find.project, find.area.name, find.area.subtype)
        if key not in best or find.confidence > best[key].confidence:
            best[key] = find
    return sorted(best.values(), key=lambda find: (find.start, find.project))


def _read(
    context: Context, areas: Sequence[EntityFind], people: Sequence[EntityFind]
) -> Iterator[ProjectAreaFind]:
    furniture = [b for b in context.page.blocks if b.kind == "furniture"]
    rows = _rows(context)
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
        owner = next((k for m, k in context.mentions if m.start <= area.start < m.end), None)
        if owner is not None:
            if context.kinds.get(owner) != "programme":
                yield _find(area, owner, "area-in-name", 0.8)
            continue
        low, high = context.sentence(area.start)
        if area.subtype == "country" and not _abroad_together(areas, low, high):
            continue
        if _cue("against").search(context.text, low, high):
            yield from _looked_at(context, area, (low, high))
            continue
        if _in_contact_line(context, area) or _in_address(context, area):
            continue
        if _in_page_head(context, area) or _of_another(context, area):
            continue
        if _come_or_gone(context, area, (low, high), people):
            continue
        if _cue("whole_set").search(context.text, low, high):
            keys = dict.fromkeys(
                key for _, key in context.mentions if context.kinds.get(key) != "programme"
            )
            for key in keys:
                if key not in context.background:
                    yield _find(area, key, "all-projects", 0.8)
            continue
        project = _listed_for(rows, areas, context, (low, high)) or context.project_at(
            area.start, area.end
        )
        if project is not None and _before_its_page(context, area, project):
            continue
        if project is not None and context.kinds.get(project) != "programme":
            named = any(low <= m.start < high and key == project for m, key in context.mentions)
            yield _find(area, project, "area-in-sentence", 0.8 if named else 0.7)


def _rows(context: Context) -> dict[str, str]:
    """Places whose body stands in the row of exactly one of several listed projects.

    ``Äänekosken kaupunki  Kirja liikkuu  22 500``: the key of the project by the place's name.
    """
    found: dict[str, set[str]] = {}
    for mention, key in context.mentions:
        block = context.block(mention.start)
        if mention.rule != "label:project_name" or block is None:
            continue
        beside = (
            f"{context.text[block.start : mention.start]} {context.text[mention.end : block.end]}"
        )
        for word in _CAPITALISED.findall(beside):
            place = of_genitive(word)
            if place is not None:
                found.setdefault(place.name, set()).add(key)
    several = len(set().union(*found.values())) > 1 if found else False
    return {name: next(iter(keys)) for name, keys in found.items() if several and len(keys) == 1}


def _listed_for(
    rows: Mapping[str, str],
    areas: Sequence[EntityFind],
    context: Context,
    sentence: tuple[int, int],
) -> str | None:
    """The listed project whose own place a sentence without a project's name begins with."""
    low, high = sentence
    if not rows or any(low <= m.start < high for m, _ in context.mentions):
        return None
    inside = [area for area in areas if low <= area.start < high]
    return rows.get(inside[0].name) if inside else None


def _looked_at(
    context: Context, area: EntityFind, sentence: tuple[int, int]
) -> Iterator[ProjectAreaFind]:
    """``Mallia otetaan X:stä, jossa Y-hanke …``: the place of the project that is looked at."""
    for mention, key in context.mentions:
        if area.end <= mention.start < sentence[1] and key in context.background:
            yield _find(area, key, "area-of-model", 0.7)
            return


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


def _in_address(context: Context, area: EntityFind) -> bool:
    """``20520 Turku``; or what a body tells of itself below a page's contact details."""
    text = context.text
    if re.search(r"\b\d{5}\s+$", text[max(0, area.start - 8) : area.start]):
        return True
    starts = tuple(lexicon.settings("area_cues")["contact_starts"])
    contact = next(
        (
            b.start
            for b in context.page.blocks
            if b.start > _LATE * len(text) and text.startswith(starts, b.start)
        ),
        None,
    )
    if contact is None or area.start < contact:
        return False
    low, high = context.sentence(area.start)
    return not any(low <= m.start < high for m, _ in context.mentions) and not re.search(
        r"[Hh]ank|[Pp]rojekt", text[low:high]
    )


def _in_page_head(context: Context, area: EntityFind) -> bool:
    """In the lines above a page's text a place says whose page it is, or where from it is dated.

    In a local case it stands in a headline that says where something is done.
    """
    first = next((b.start for b in context.page.blocks if b.kind == "paragraph"), 0)
    block = context.block(area.start)
    if block is None or block.kind != "heading" or block.start > first:
        return False
    menu = re.search(r"\s[|›»>·]\s", context.text[block.start : block.end]) is not None
    named = any(block.start <= m.start < block.end for m, _ in context.mentions)
    return not named and (menu or area.case in {"Nom", "Gen", None})


def _of_another(context: Context, area: EntityFind) -> bool:
    """``Ulvilan maksettavaksi``: a place in the genitive that is a payer, a border, a people."""
    if area.case != "Gen":
        return False
    joined = _JOINED.match(context.text, area.end)
    behind = context.text[joined.end() if joined else area.end :][:30].lstrip()
    return _cue("genitive_against").match(behind) is not None


def _come_or_gone(
    context: Context,
    area: EntityFind,
    sentence: tuple[int, int],
    people: Sequence[EntityFind],
) -> bool:
    """``Idea saatiin X:stä``, ``N. N. X:stä``: from there; ``N. N. siirtyy X:ään``: to there.

    And what others do elsewhere, in a sentence that names no project.
    """
    text, (low, high) = context.text, sentence
    ours = any(low <= m.start < high for m, _ in context.mentions)
    if not ours and _cue("elsewhere").search(text, low, high):
        return True
    if area.case in {"Ela", "Abl"}:
        named = _NAMED_BEFORE.search(text, max(0, area.start - 60), area.start) is not None
        return named or _cue("source_against").search(text, low, high) is not None
    if area.case not in {"Ill", "All"} or ours:
        return False
    goes = any(low <= p.start < high for p in people)
    return goes and _cue("goal_against").search(text, low, high) is not None


def _before_its_page(context: Context, area: EntityFind, project: str) -> bool:
    """Does the text come to speak of the project only late, and well behind this place?"""
    first = min((m.start for m, key in context.mentions if key == project), default=0)
    block = context.block(first)
    late = first > _LATE * len(context.text)
    own = context.block(area.start)
    titled = own is not None and own.kind == "heading"  # a section's heading: "Satakunta"
    return late and not titled and (block is None or area.start < block.start)


def _find(area: EntityFind, project: str, rule: str, confidence: float) -> ProjectAreaFind:
    return ProjectAreaFind(
        start=area.start, end=area.end, rule=rule, confidence=confidence, project=project, area=area
    )
