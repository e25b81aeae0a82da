"""All candidates for facts of one announcement, by kind, with what the readers propose."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import msgspec

from pipeline.extract.budgets import BudgetFind, budget_find, find_budgets
from pipeline.extract.dates import find_dates, with_bare_years
from pipeline.extract.durations import find_durations
from pipeline.extract.finds import MoneyFind, PercentFind
from pipeline.extract.links import find_memberships
from pipeline.extract.money import find_money
from pipeline.extract.named import Named
from pipeline.extract.participations import readings, surest
from pipeline.extract.project_dates import ProjectDateFind, find_project_dates
from pipeline.extract.relations import areas, dates, lengths, links, money, participations
from pipeline.extract.relations.asks import Asks
from pipeline.extract.relations.chances import NET, RelationChances, with_chances
from pipeline.extract.relations.dates import Day
from pipeline.extract.relations.discourse import Discourse
from pipeline.extract.relations.network import RelationNetwork
from pipeline.extract.relations.pairs import Pair
from pipeline.extract.relations.roles import Roles
from pipeline.extract.roles import RoleFind, find_roles
from pipeline.extract.surroundings import Surroundings

LEAST_CHANCE = 0.002  # of a part, from which it is weighed
Dated = tuple[Pair, Day]
KINDS = (
    *("participations", "dates", "budgets", "owners", "areas", "links"),
    *("role_projects", "role_bodies"),
)
"""The kinds of facts that tie what is named; each has a model of that name."""


class RelatedCandidates(msgspec.Struct, frozen=True, kw_only=True):
    """Pairs by kind; ``days`` are those of ``pairs["dates"]``, in order.

    ``budgets``, ``dates`` and ``roles`` are the readers' finds, which say more than a pair: payers,
    kinds of dates that are no project's, who holds a role.
    """

    pairs: dict[str, Sequence[Pair]]
    days: Sequence[Day]
    budgets: Sequence[BudgetFind]
    dates: Sequence[ProjectDateFind]
    roles: Sequence[RoleFind]


def related_candidates(named: Named, network: RelationNetwork | None = None) -> RelatedCandidates:
    """The candidates for every kind of fact of an announcement.

    ``network`` stands in for the one that is shipped.
    """
    doc, context = named.doc, named.context
    text = context.text
    around = Surroundings(doc, named.page, context.sentences)
    discourse = Discourse(context, around, named.sure)
    key = named.entities.key
    bodies = named.organisations
    parts = readings(doc, context, bodies)
    sums = find_money(text)
    budgets = find_budgets(context, sums, bodies, surest(parts))
    found_dates = find_dates(text, named.published)
    dated = find_project_dates(context, found_dates, named.projects, named.people)
    member_links = find_memberships(context, named.projects, named.continuations)
    thinkable = with_bare_years(text, found_dates)
    chances = RelationChances(named, network, thinkable, sums)
    asks = Asks(named)
    people = find_roles(doc, named.page, named.titles, named.people)
    roles = Roles(named, people, around, discourse)
    days = _with_lengths(
        list(dates.candidates(around, discourse, thinkable, dated, named.published)),
        lambda pairs: with_chances(pairs, asks.of["dates"], chances),
        lambda told: lengths.candidates(
            around, discourse, find_durations(text), told, named.published
        ),
    )
    proposed: dict[str, Iterable[Pair]] = {
        "participations": participations.candidates(parts, context, around, discourse, bodies, key),
        "budgets": money.candidates(around, discourse, money.Sums(sums, budgets)),
        "owners": money.owners(around, discourse, money.Sums(sums, budgets)),
        "areas": areas.candidates(around, discourse, named.areas, key),
        "links": links.candidates(
            context,
            around,
            named.entities.by_key,
            [*named.continuations, *member_links],
            named.sure,
        ),
    }
    pairs = {
        kind: with_chances(list(found), asks.of[kind], chances) for kind, found in proposed.items()
    }
    if chances.read:
        pairs["participations"] = _thinkable(pairs["participations"])
    return RelatedCandidates(
        pairs={
            **pairs,
            "dates": [pair for pair, _ in days],
            "role_projects": list(roles.projects()),
            "role_bodies": list(roles.bodies()),
        },
        days=[day for _, day in days],
        budgets=[*budgets, *_unread(sums, budgets)],
        dates=dated,
        roles=people,
    )


def _thinkable(pairs: Sequence[Pair]) -> list[Pair]:
    """The pairs that a reader votes for or the network does not rule out: half of all."""
    return [
        pair
        for pair in pairs
        if pair.signs[NET] >= LEAST_CHANCE or any(sign.startswith("vote") for sign in pair.signs)
    ]


def _with_lengths(
    days: Sequence[Dated],
    weighed: Callable[[Sequence[Pair]], Sequence[Pair]],
    laid: Callable[[Sequence[Dated]], Iterable[Dated]],
) -> list[Dated]:
    """The days that dates give, and those that lengths lead to from them, each with its chances."""
    found = list(zip(weighed([pair for pair, _ in days]), [day for _, day in days], strict=True))
    more = list(laid(found))
    pairs = weighed([pair for pair, _ in more])
    return [*found, *zip(pairs, [day for _, day in more], strict=True)]


def _unread(
    sums: Sequence[MoneyFind | PercentFind], budgets: Sequence[BudgetFind]
) -> list[BudgetFind]:
    """The sums and percentages that the reader of money makes nothing of."""
    read = {find.start for find in budgets}
    return [
        budget_find(item, "other", None, None, "evidence", 0.0)
        for item in sums
        if item.start not in read
    ]
