"""How evidence decided a candidate: its votes and signs, the threshold, and the next best."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import msgspec

from pipeline.evidence import Model
from pipeline.explanation.candidates import JOINT, NAMES, Candidate, Reading
from pipeline.explanation.words import in_words

Named = Callable[[str | None], str]


class Sign(msgspec.Struct, frozen=True):
    """A sign, how strong it is (0: it isn't there), and what it adds to the log-odds."""

    sign: str
    words: str
    strength: float
    adds: float


class Rival(msgspec.Struct, frozen=True):
    """Another candidate for the same words, pair or kind, and how likely it is."""

    candidate: str
    probability: float
    accepted: bool


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """One decision: is ``candidate`` right?

    ``votes`` are the rules that propose it with their confidences. ``base`` is the log-odds before
    anything is known of a candidate; with what the ``signs`` add it makes ``log_odds``, whose
    probability is ``probability``. It counts from ``threshold`` on.
    """

    kind: str
    candidate: str
    probability: float
    threshold: float
    votes: dict[str, float]
    base: float
    log_odds: float
    signs: list[Sign]
    runner_up: Rival | None


def decision(
    candidate: Candidate, rivals: Sequence[Candidate], model: Model, reading: Reading
) -> Decision:
    """How ``model`` decided ``candidate``; ``rivals`` are the others of its words, pair or kind."""
    signs = [
        Sign(sign, in_words(sign, candidate.signs.get(sign, 0.0)), candidate.signs.get(sign, 0), x)
        for sign, x in model.shares(candidate.signs)
        if x
    ]
    log_odds = model.slope * model.sums([candidate.signs])[0] + model.offset
    best = max(rivals, key=lambda one: one.probability, default=None)
    votes = {
        sign.removeprefix("vote:"): strength
        for sign, strength in candidate.signs.items()
        if sign.startswith("vote:")
    }
    return Decision(
        kind=candidate.kind,
        candidate=said(candidate, reading),
        probability=candidate.probability,
        threshold=model.least,
        votes=dict(sorted(votes.items(), key=lambda pair: -pair[1])),
        base=log_odds - math.fsum(sign.adds for sign in signs),
        log_odds=log_odds,
        signs=signs,
        runner_up=None if best is None else _rival(best, model, reading),
    )


def _rival(best: Candidate, model: Model, reading: Reading) -> Rival:
    return Rival(said(best, reading), best.probability, best.probability >= model.least)


def said(candidate: Candidate, reading: Reading) -> str:
    """What a candidate says, in a few words."""

    def name(key: str | None) -> str:
        return "no named project" if key is None else reading.named.get(key, key)

    item, value, project = name(candidate.item), candidate.value, name(candidate.project)
    match candidate.kind:
        case "projects":
            return f"{value} by itself is the name of a project"
        case "projects_joint":
            return f"{value} is the name of a project"
        case "publication":
            return f"{candidate.item} is the day on which the page was {value}"
        case "participations":
            return f"{item} is {value} of {project}"
        case "dates":
            return f"{candidate.item.partition(':')[2]} is the {value} of {project}"
        case "budgets":
            return f"the sum is {value}"
        case "areas":
            return f"{project} works in {item}"
        case "role_projects":
            return f"the role is held in {project}"
        case "role_bodies":
            return f"the role is held with {name(value)}"
        case _:
            relation = value.split()[0].replace("_", " ")
            return f"{item} {'is ' if relation == 'part of' else ''}{relation} {project}"


def rivals_of(candidate: Candidate, reading: Reading) -> list[Candidate]:
    """The candidates that it stands against: of a name those that share its words, of a part the
    same body's others, of a day the project's other days and the day's other meanings, of a page's
    day its other days, of a sum its other kinds, of an area its other projects, of a link the
    pair's other relations.
    """
    found = []
    for other in reading.candidates[candidate.kind]:
        if other is candidate:
            continue
        match candidate.kind:
            case "dates":
                mine = (candidate.project, candidate.value)
                same = other.item == candidate.item or (other.project, other.value) == mine
            case "links":
                same = {other.item, other.project} == {candidate.item, candidate.project}
            case "publication":
                same = other.value == candidate.value
            case kind if kind in (NAMES, JOINT):
                same = _share(candidate, other)
            case _:
                same = other.item == candidate.item
        if same:
            found.append(other)
    return found


def _share(one: Candidate, other: Candidate) -> bool:
    return any(a < d and c < b for a, b in one.spans for c, d in other.spans)
