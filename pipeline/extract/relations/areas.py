"""Candidates for where a project works: each area with each project, the signs of all places."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from pipeline.extract.finds import EntityFind
from pipeline.extract.relations.discourse import NOBODY, Discourse, at_any_place
from pipeline.extract.relations.pairs import Pair, merged
from pipeline.extract.surroundings import Signs, Surroundings

PLACES = 6  # mentions of an area that are looked at


def candidates(
    around: Surroundings,
    discourse: Discourse,
    areas: Sequence[EntityFind],
    key_of: Callable[[EntityFind], str],
) -> Iterator[Pair]:
    """Every area with every project."""
    by_area: dict[str, list[EntityFind]] = {}
    for find in areas:
        by_area.setdefault(key_of(find), []).append(find)
    for key, finds in by_area.items():
        places = finds[:PLACES]
        told = merged(around.at(find.start, find.end) for find in places)
        told.update(_of_area(finds, around, discourse, areas))
        links = [discourse.at(find.start, find.end) for find in places]
        for project, link in at_any_place(links, discourse.keys).items():
            if project is NOBODY:
                continue
            told_at = max(places, key=lambda find: _tells(discourse, find, project))
            signs: Signs = {**told, **{f"p:{sign}": value for sign, value in link.items()}}
            yield Pair(
                start=told_at.start,
                end=told_at.end,
                item=key,
                value="area",
                project=project,
                rule="evidence",
                signs=signs,
            )


def _tells(discourse: Discourse, find: EntityFind, project: str) -> float:
    """How plainly a place's sentence speaks of a project; the first of equals is the fact's."""
    link = discourse.at(find.start, find.end).get(project, {})
    named = max(link.get("same_sentence_before", 0.0), link.get("same_sentence_after", 0.0))
    return 2 * named + link.get("is_spoken_of", 0.0)


def _of_area(
    finds: Sequence[EntityFind],
    around: Surroundings,
    discourse: Discourse,
    areas: Sequence[EntityFind],
) -> Signs:
    find = finds[0]
    signs: Signs = {f"type_{find.subtype or 'other'}": 1.0, f"rule_{find.rule}": 1.0}
    signs[f"mentions_{min(len(finds), 4)}"] = 1.0
    signs["in_project_name"] = float(any(discourse.names_at(f.start) for f in finds))
    for one in finds[:PLACES]:
        signs[f"in_case_{one.case or 'none'}"] = 1.0
    listed = sum(
        other.subtype == find.subtype and abs(other.start - find.start) < 120 for other in areas
    )
    signs[f"beside_areas_{min(listed - 1, 3)}"] = 1.0
    same = len({f.name for f in areas if f.subtype == find.subtype})
    signs[f"areas_of_type_{min(same, 5)}"] = 1.0
    signs["first_tenth"] = float(find.start < len(around.text) / 10)
    signs["last_fifth"] = float(min(f.start for f in finds) > len(around.text) * 0.8)
    return {sign: value for sign, value in signs.items() if value}
