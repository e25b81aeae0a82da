"""Candidates for parts: each body, each part, each project and none, with all places' signs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import get_args

from pipeline.extract.context import Context
from pipeline.extract.finds import EntityFind
from pipeline.extract.participations import PartFind
from pipeline.extract.relations.discourse import Discourse, at_any_place
from pipeline.extract.relations.pairs import Pair, merged, relative
from pipeline.extract.surroundings import Signs, Surroundings
from pipeline.records import Part

PARTS: tuple[Part, ...] = get_args(Part)
PLACES = 6  # mentions of a body that are looked at


def candidates(
    votes: Sequence[PartFind],
    context: Context,
    around: Surroundings,
    discourse: Discourse,
    organisations: Sequence[EntityFind],
    key_of: Callable[[EntityFind], str],
) -> Iterator[Pair]:
    """Every body with every part in every project, and in none that is named.

    ``votes`` are all that the readers of parts propose.
    """
    by_body: dict[str, list[EntityFind]] = {}
    for find in organisations:
        by_body.setdefault(key_of(find), []).append(find)
    voted: dict[str, list[PartFind]] = {}
    for vote in votes:
        voted.setdefault(_key(vote.organisation, key_of), []).append(vote)
    for body, finds in by_body.items():
        mine = voted.get(body, [])
        places = finds[:PLACES]
        told = merged(around.at(find.start, find.end) for find in places)
        told.update(_of_body(finds, context, around))
        of_part: dict[str, Signs] = {
            part: {**told, f"part_{part}": 1.0, **dict(_relative(told, part))} for part in PARTS
        }
        links = [discourse.at(find.start, find.end) for find in places]
        links += [discourse.at(vote.start, vote.end) for vote in mine]
        for project, of_project in at_any_place(links, discourse.keys).items():
            link = {f"p:{sign}": value for sign, value in of_project.items()}
            for part in PARTS:
                signs = {**of_part[part], **link}
                signs.update(_votes(mine, part, project))
                best = max(
                    (v for v in mine if v.part == part),
                    key=lambda v: (v.project == project, v.confidence),
                    default=None,
                )
                yield Pair(
                    start=best.start if best else finds[0].start,
                    end=best.end if best else finds[0].end,
                    item=body,
                    value=part,
                    project=project,
                    rule=best.rule if best else "evidence",
                    signs=signs,
                )


def _key(find: EntityFind, key_of: Callable[[EntityFind], str]) -> str:
    """The entity's key; a pronoun or a find read anew stands under its name."""
    try:
        return key_of(find)
    except KeyError:
        return find.name


def _of_body(finds: Sequence[EntityFind], context: Context, around: Surroundings) -> Signs:
    find = finds[0]
    signs: Signs = {f"type_{find.subtype or 'other'}": 1.0}
    signs[f"mentions_{min(len(finds), 4)}"] = 1.0
    signs["by_tagger"] = float(all(f.rule.startswith("ner") for f in finds))
    signs["known_body"] = float(any(f.rule.startswith("known") for f in finds))
    block = around.page.block(find.start)
    signs["whole_block"] = float(
        block is not None and find.start - block.start < 4 and block.end - find.end < 3
    )
    signs["in_project_name"] = float(
        any(m.start <= find.start < m.end for m, _ in context.mentions)
    )
    before = context.text[max(0, find.start - 2) : find.start]
    signs["in_bracket"] = float("(" in before)
    signs["first_tenth"] = float(find.start < len(context.text) / 10)
    signs["last_fifth"] = float(find.start > len(context.text) * 0.8)
    return {sign: value for sign, value in signs.items() if value}


def _relative(told: Signs, part: str) -> Iterator[tuple[str, float]]:
    """What the trigger words say of this part, and of others, whatever the part is."""
    for sign, value in told.items():
        for name in relative(sign, part, PARTS):
            yield name, value
    for sign in ("type_fund", "type_ministry", "type_agency", "type_municipality"):
        if sign in told:
            yield f"{sign}+{part}", 1.0
    for sign, value in told.items():
        if sign.startswith(("label_", "type_", "above_")):
            yield f"{sign}+{part}", value


def _votes(
    votes: Sequence[PartFind], part: str, project: str | None
) -> Iterator[tuple[str, float]]:
    """What the readers say: of this part and project, of this part elsewhere, of other parts."""
    for vote in votes:
        frame = vote.rule.split(":")[0]
        if vote.part == part and vote.project == project:
            yield f"vote:{vote.rule}", vote.confidence
            yield "vote", vote.confidence
            yield f"vote_frame:{frame}", 1.0
        elif vote.part == part:
            yield "vote_elsewhere", vote.confidence
        elif vote.project == project:
            yield "vote_other_part", vote.confidence
            yield f"vote_other_part:{vote.part}", 1.0
