"""Candidates for links: each pair of named projects, part_of and continues, both ways."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import permutations

from pipeline.extract.context import Context
from pipeline.extract.links import LinkFind
from pipeline.extract.projects.names import numbered
from pipeline.extract.relations.pairs import Pair
from pipeline.extract.surroundings import Signs, Surroundings
from pipeline.records import Entity

RELATIONS = ("continues", "part_of")
FEW = 14  # projects; of more the pairs are told by votes alone


# Signs of the places of the two ends that are told of the pair.
_OF_ENDS = (
    "case_",
    "label_",
    "above_",
    "left_part_of",
    "left_continue",
    "right_part_of",
    "right_continue",
    "left_past",
)


def candidates(
    context: Context,
    around: Surroundings,
    entities: Mapping[str, Entity],
    votes: Sequence[LinkFind],
    sure: Mapping[str, float],
) -> Iterator[Pair]:
    """Ordered pairs of projects with each relation; ``votes`` are what the readers propose."""
    order = {key: n for n, key in enumerate(dict.fromkeys(key for _, key in context.mentions))}
    voted: dict[tuple[str, str], list[LinkFind]] = {}
    for vote in votes:
        if vote.project in order and vote.related in order and vote.project != vote.related:
            voted.setdefault((vote.project, vote.related), []).append(vote)
    few = len(order) <= FEW
    pairs = permutations(order, 2) if few else sorted(voted, key=lambda p: [order[k] for k in p])
    for one, two in pairs:
        told, at = _between(context, around, one, two)
        told.update(_of_pair(context, entities, one, two, sure))
        told[f"projects_{min(len(order), 6)}"] = 1.0
        for relation in RELATIONS:
            signs: Signs = {**told, f"is_{relation}": 1.0}
            best = None
            for vote in voted.get((one, two), ()):
                if vote.relation == relation:
                    signs[f"vote:{vote.rule}"] = vote.confidence
                    signs["vote"] = max(signs.get("vote", 0.0), vote.confidence)
                    if best is None or vote.confidence > best.confidence:
                        best = vote
                else:
                    signs["vote_other_relation"] = 1.0
            if (two, one) in voted:
                signs["vote_other_way"] = 1.0
            for sign in list(told):
                if sign.startswith(("between_", "before_", "one_programme", "two_programme")):
                    signs[f"{sign}+{relation}"] = told[sign]
            start, end = (best.start, best.end) if best is not None else at
            yield Pair(
                start=start,
                end=end,
                item=one,
                value=f"{relation} {two}",
                project=two,
                rule=best.rule if best else "evidence",
                signs=signs,
            )


def _between(
    context: Context, around: Surroundings, one: str, two: str
) -> tuple[Signs, tuple[int, int]]:
    """Signs of where the two stand nearest to each other, and the span of the first there."""
    ones = [m for m, key in context.mentions if key == one]
    twos = [m for m, key in context.mentions if key == two]
    a, b = min(
        ((a, b) for a in ones for b in twos), key=lambda pair: abs(pair[0].start - pair[1].start)
    )
    signs: Signs = {"one_first": float(a.start < b.start)}
    low, high = sorted([(a.start, a.end), (b.start, b.end)])
    same = context.sentence(a.start) == context.sentence(b.start)
    signs["same_sentence"] = float(same)
    block = around.page.block(a.start)
    signs["same_block"] = float(block is not None and block.start <= b.start < block.end)
    signs["distance"] = min((high[0] - low[1]) / 200, 5.0)
    for kind in around.kinds(low[1], min(high[0], low[1] + 400)):
        signs[f"between_{kind}"] = 1.0
    start, _ = context.sentence(low[0])
    for kind in around.kinds(start, low[0]):
        signs[f"before_{kind}"] = 1.0
    for name, mention in (("one", a), ("two", b)):
        told = around.at(mention.start, mention.end)
        for sign in told:
            if sign.startswith(_OF_ENDS):
                signs[f"{name}_{sign}"] = 1.0
    return {s: v for s, v in signs.items() if v}, (a.start, a.end)


def _of_pair(
    context: Context, entities: Mapping[str, Entity], one: str, two: str, sure: Mapping[str, float]
) -> Signs:
    names_one, names_two = entities[one].names, entities[two].names
    signs: Signs = {
        "one_programme": float(not context.is_project(one)),
        "two_programme": float(not context.is_project(two)),
        "one_part": float(one in context.subs),
        "two_part": float(two in context.subs),
        "one_main": float(context.main == one),
        "two_main": float(context.main == two),
        "one_background": float(one in context.background),
        "two_background": float(two in context.background),
        "least_sure": min(sure.get(one, 0.5), sure.get(two, 0.5)),
        "one_times": float(min(sum(k == one for _, k in context.mentions), 5)),
        "two_times": float(min(sum(k == two for _, k in context.mentions), 5)),
    }
    stems = {(numbered(n.name) or (n.name, ""))[0].casefold() for n in names_one}
    others = {(numbered(n.name) or (n.name, ""))[0].casefold() for n in names_two}
    signs["same_stem"] = float(bool(stems & others))
    first = {n.name.split()[0].casefold() for n in names_one}
    second = {n.name.split()[0].casefold() for n in names_two}
    signs["same_first_word"] = float(bool(first & second))
    signs["one_numbered"] = float(any(numbered(n.name) for n in names_one))
    return {sign: value for sign, value in signs.items() if value}
