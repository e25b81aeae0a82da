"""Candidates for where a project works: each area with each project, the signs of all places."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from pipeline.extract.finds import EntityFind
from pipeline.extract.project_areas import ProjectAreaFind
from pipeline.extract.relations.discourse import Discourse
from pipeline.extract.relations.pairs import Pair, merged
from pipeline.extract.relations.words import Signs, Surroundings

PLACES = 6  # mentions of an area that are looked at


def candidates(
    around: Surroundings,
    discourse: Discourse,
    areas: Sequence[EntityFind],
    votes: Sequence[ProjectAreaFind],
    key_of: Callable[[EntityFind], str],
) -> Iterator[Pair]:
    """Every area with every project; ``votes`` are what the reader of areas proposes."""
    by_area: dict[str, list[EntityFind]] = {}
    for find in areas:
        by_area.setdefault(key_of(find), []).append(find)
    for key, finds in by_area.items():
        mine = [v for v in votes if key_of(v.area) == key]
        places = finds[:PLACES]
        told = merged(around.at(find.start, find.end) for find in places)
        told.update(_of_area(finds, around, areas))
        links = [discourse.at(find.start, find.end) for find in places]
        for project in discourse.keys:
            link = merged(at[project] for at in links)
            signs: Signs = {**told, **{f"p:{sign}": value for sign, value in link.items()}}
            best = max(mine, key=lambda v: (v.project == project, v.confidence), default=None)
            for vote in mine:
                if vote.project == project:
                    signs[f"vote:{vote.rule}"] = vote.confidence
                    signs["vote"] = max(signs.get("vote", 0.0), vote.confidence)
                else:
                    signs["vote_elsewhere"] = vote.confidence
            at = best if best is not None else finds[0]
            yield Pair(
                start=at.start,
                end=at.end,
                item=key,
                value="area",
                project=project,
                rule=best.rule if best else "evidence",
                signs=signs,
            )


def _of_area(
    finds: Sequence[EntityFind], around: Surroundings, areas: Sequence[EntityFind]
) -> Signs:
    find = finds[0]
    context = around.context
    signs: Signs = {f"type_{find.subtype or 'other'}": 1.0, f"rule_{find.rule}": 1.0}
    signs[f"mentions_{min(len(finds), 4)}"] = 1.0
    signs["in_project_name"] = float(
        any(m.start <= f.start < m.end for f in finds for m, _ in context.mentions)
    )
    for one in finds[:PLACES]:
        signs[f"in_case_{one.case or 'none'}"] = 1.0
    listed = sum(
        other.subtype == find.subtype and abs(other.start - find.start) < 120 for other in areas
    )
    signs[f"beside_areas_{min(listed - 1, 3)}"] = 1.0
    same = len({f.name for f in areas if f.subtype == find.subtype})
    signs[f"areas_of_type_{min(same, 5)}"] = 1.0
    signs["first_tenth"] = float(find.start < len(context.text) / 10)
    signs["last_fifth"] = float(min(f.start for f in finds) > len(context.text) * 0.8)
    return {sign: value for sign, value in signs.items() if value}
