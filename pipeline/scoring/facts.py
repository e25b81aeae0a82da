"""When an output row states a gold fact: one pair of functions per kind of fact.

The first gives what gold wants, each with a test on rows; the second gives the rows to choose from,
each distinct statement once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from pipeline.scoring.gold import NOT_SCORED_MONEY, GoldBudget, GoldDocument, folded
from pipeline.scoring.pairing import Announced, Candidate, Pairing, Row, Wanted, found_in, surest

PERIOD_SIDES = {
    "project_start": ("start",),
    "project_end": ("end",),
    "project_period": ("start", "end"),
}


def _distinct(
    rows: Iterable[Row], key: Callable[[Row], object], label: Callable[[Row], str]
) -> list[Candidate]:
    """One candidate for each key, shown by its first row, as sure as the surest of its rows."""
    groups: dict[object, list[Row]] = {}
    for row in rows:
        groups.setdefault(key(row), []).append(row)
    return [
        Candidate(group[0], found_in(surest(group), label(group[0]))) for group in groups.values()
    ]


def _name(rows: Announced, entity_type: str, key: Any) -> str:
    return rows.shown.get((entity_type, key), "—") if key else "—"


# Dates of projects: each side of a period is a fact of its own.


def _wanted_dates(gold: GoldDocument, pairs: Mapping[str, Pairing]) -> list[Wanted]:
    wanted = []
    for index, project in enumerate(gold.projects):
        key = pairs["projects"].by_index.get(index)
        for side, interval, optional in (
            ("start", project.start, project.start_optional),
            ("end", project.end, project.end_optional),
        ):
            if interval is None:
                continue

            def fits(
                row: Row,
                key: str | None = key,
                side: str = side,
                days: tuple[date, date] = interval,
            ) -> bool:
                return (
                    key is not None
                    and row["project_id"] == key
                    and row["side"] == side
                    and days[0] <= row["day"] <= days[1]
                )

            label = f"{project.names[0]} {side} {interval[0]}…{interval[1]}"
            wanted.append(Wanted(fits, project, label, project.names, project.optional or optional))
    return wanted


def _found_dates(rows: Announced, pairs: Mapping[str, Pairing]) -> list[Candidate]:
    projects = pairs["projects"]
    ignored = {key for index, key in projects.by_index.items() if projects.gold[index].optional}
    sides = [
        {**row, "side": side, "day": row[side]}
        for row in rows.facts["dates"]
        if row["project_id"] and row["project_id"] not in ignored
        for side in PERIOD_SIDES.get(row["kind"], ())
        if row[side] is not None
    ]
    return _distinct(
        sides,
        lambda row: (row["project_id"], row["side"], row["day"]),
        lambda row: f"{_name(rows, 'project', row['project_id'])} {row['side']} {row['day']}",
    )


def _wanted_roles(gold: GoldDocument, pairs: Mapping[str, Pairing]) -> list[Wanted]:
    people = pairs["people"]
    return [
        Wanted(
            lambda row, role=role: (
                people.is_at(role.person, row["person_id"])  # type: ignore[misc]
                and folded(row["role"]) in {folded(form) for form in role.role}
            ),
            role,
            f"{role.person}: {role.role[0]}",
            (role.person, *role.role),
            role.optional,
        )
        for role in gold.roles
    ]


def _found_roles(rows: Announced, _: Mapping[str, Pairing]) -> list[Candidate]:
    return _distinct(
        rows.facts["roles"],
        lambda row: (row["person_id"], folded(row["role"])),
        lambda row: f"{_name(rows, 'person', row['person_id'])}: {row['role']}",
    )


def _wanted_participations(gold: GoldDocument, pairs: Mapping[str, Pairing]) -> list[Wanted]:
    projects, organisations = pairs["projects"], pairs["organisations"]
    return [
        Wanted(
            lambda row, part=part: (  # type: ignore[misc]
                (part.project is None or projects.is_at(part.project, row["project_id"]))
                and organisations.is_at(part.organisation, row["organisation_id"])
                and row["part"] == part.part
            ),
            part,
            f"{part.project or '—'} – {part.organisation}: {part.part}",
            (part.organisation,),
            part.optional,
        )
        for part in gold.participations
    ]


def _found_participations(rows: Announced, _: Mapping[str, Pairing]) -> list[Candidate]:
    return _distinct(
        rows.facts["participations"],
        lambda row: (row["project_id"], row["organisation_id"], row["part"]),
        lambda row: (
            f"{_name(rows, 'project', row['project_id'])} – "
            f"{_name(rows, 'organisation', row['organisation_id'])}: {row['part']}"
        ),
    )


def _is_budget(row: Row, budget: GoldBudget, organisations: Pairing) -> bool:
    """Shares agree in per cent and in who pays, amounts in kind and to half a euro."""
    if row["kind"] != budget.kind:
        return False
    if budget.kind != "share":
        amount, found = budget.amount, row["amount"]
        return amount is not None and found is not None and abs(float(found) - amount) < 0.5
    share, found = budget.share_pct, row["share_pct"]
    if share is None or found is None or abs(float(found) - share) >= 0.01:
        return False
    payer = budget.organisation
    return not payer or organisations.is_at(payer, row["organisation_id"])


def _wanted_budgets(gold: GoldDocument, pairs: Mapping[str, Pairing]) -> list[Wanted]:
    return [
        Wanted(
            lambda row, budget=budget: _is_budget(row, budget, pairs["organisations"]),  # type: ignore[misc]
            budget,
            f"{budget.kind} {budget.share_pct if budget.kind == 'share' else budget.amount}",
            _amount_as_written(budget),
            budget.optional,
        )
        for budget in gold.budgets
    ]


def _amount_as_written(budget: GoldBudget) -> tuple[str, ...]:
    """How the number may stand in the text, so that its sentence can be shown."""
    value = budget.share_pct if budget.kind == "share" else budget.amount
    if value is None:
        return ()
    whole = f"{value:,.0f}" if value == int(value) else f"{value:,.2f}"
    spaced = whole.replace(",", " ").replace(".", ",")
    millions = f"{value / 1e6:.2f}".rstrip("0").rstrip(".").replace(".", ",")
    return (spaced, spaced.replace(" ", "\u00a0"), spaced.replace(" ", ""), f"{millions} milj")


def _found_budgets(rows: Announced, _: Mapping[str, Pairing]) -> list[Candidate]:
    return _distinct(
        (row for row in rows.facts["budgets"] if row["kind"] not in NOT_SCORED_MONEY),
        lambda row: tuple(
            row[column]
            for column in ("project_id", "kind", "amount", "share_pct", "organisation_id")
        ),
        lambda row: (
            f"{row['kind']} {row['share_pct'] if row['kind'] == 'share' else row['amount']}"
        ),
    )


def _wanted_areas(gold: GoldDocument, pairs: Mapping[str, Pairing]) -> list[Wanted]:
    projects, areas = pairs["projects"], pairs["areas"]
    return [
        Wanted(
            lambda row, pair=pair: (
                projects.is_at(pair.project, row["project_id"])  # type: ignore[misc]
                and areas.is_at(pair.area, row["area_id"])
            ),
            pair,
            f"{pair.project} – {pair.area}",
            (pair.area,),
            pair.optional,
        )
        for pair in gold.project_areas
    ]


def _found_areas(rows: Announced, _: Mapping[str, Pairing]) -> list[Candidate]:
    return _distinct(
        rows.facts["project_areas"],
        lambda row: (row["project_id"], row["area_id"]),
        lambda row: (
            f"{_name(rows, 'project', row['project_id'])} – {_name(rows, 'area', row['area_id'])}"
        ),
    )


def _wanted_links(gold: GoldDocument, pairs: Mapping[str, Pairing]) -> list[Wanted]:
    projects = pairs["projects"]
    return [
        Wanted(
            lambda row, link=link: (  # type: ignore[misc]
                projects.is_at(link.project, row["project_id"])
                and projects.is_at(link.related, row["related_project_id"])
                and row["relation"] == link.relation
            ),
            link,
            f"{link.project} {link.relation} {link.related}",
            (link.related, link.project),
            link.optional,
        )
        for link in gold.links
    ]


def _found_links(rows: Announced, _: Mapping[str, Pairing]) -> list[Candidate]:
    return _distinct(
        rows.facts["project_links"],
        lambda row: (row["project_id"], row["related_project_id"], row["relation"]),
        lambda row: (
            f"{_name(rows, 'project', row['project_id'])} {row['relation']} "
            f"{_name(rows, 'project', row['related_project_id'])}"
        ),
    )


# Each kind of fact: what gold wants of it, and what was found, given how the entities were paired.
Wants = Callable[[GoldDocument, Mapping[str, Pairing]], list[Wanted]]
Finds = Callable[[Announced, Mapping[str, Pairing]], list[Candidate]]
FACTS: Mapping[str, tuple[Wants, Finds]] = {
    "project_dates": (_wanted_dates, _found_dates),
    "roles": (_wanted_roles, _found_roles),
    "participations": (_wanted_participations, _found_participations),
    "budgets": (_wanted_budgets, _found_budgets),
    "project_areas": (_wanted_areas, _found_areas),
    "project_links": (_wanted_links, _found_links),
}
