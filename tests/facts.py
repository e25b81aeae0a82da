"""Tables of Finnish in and facts out: reads cases, extracts, tells facts as a person reads them.

A case has a ``text``, the ``facts`` expected of it in text order, a ``comment`` that says what it
shows and perhaps the day it was ``published``. ``[[failing]]`` cases say in ``reason`` what is not
understood yet; the day one of them passes, its test fails until it is moved to the others.
"""

from __future__ import annotations

import csv
import re
import tomllib
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest

from pipeline.annotate import Annotator
from pipeline.evidence import SHIPPED, Evidence
from pipeline.evidence.known import Known
from pipeline.evidence.votes import VOTES
from pipeline.extract import extract, facts
from pipeline.extract.announcement import named, related, weighable_names
from pipeline.extract.budgets import find_budgets
from pipeline.extract.dates import find_dates
from pipeline.extract.facts import Entities
from pipeline.extract.finds import EntityFind
from pipeline.extract.folding import fold
from pipeline.extract.links import find_memberships
from pipeline.extract.money import find_money
from pipeline.extract.named import Named
from pipeline.extract.participations import PartFind, readings, surest
from pipeline.extract.project_dates import find_project_dates
from pipeline.extract.relations.candidates import KINDS
from pipeline.extract.relations.lengths import RULE as RECKONED
from pipeline.records import Announcement, EntityType, Participation, Record
from pipeline.single import checked

CASES = Path(__file__).parent / "cases"


def cases(name: str) -> list[Any]:
    """The cases of ``cases/<name>.toml``, as parameters of a test."""
    data = tomllib.loads((CASES / f"{name}.toml").read_text(encoding="utf-8"))
    good = [pytest.param(case, id=case["comment"]) for case in data["case"]]
    return good + [
        pytest.param(
            case, id=case["comment"], marks=pytest.mark.xfail(strict=True, reason=case["reason"])
        )
        for case in data.get("failing", [])
    ]


def rows(name: str) -> list[dict[str, str]]:
    """The rows of a CSV table of cases, comments left out."""
    lines = (CASES / f"{name}.csv").read_text(encoding="utf-8").splitlines()
    return list(csv.DictReader(line for line in lines if not line.startswith("#")))


def announced(text: str, published: date | None = None) -> Announcement:
    """An announcement of a repaired text."""
    return Announcement(
        doc_id="d", source="case.txt", raw_sha256="0" * 64, text=text, published=published
    )


def mentioned(text: str, name: str, kind: EntityType, **known: Any) -> EntityFind:
    """A find of the name where it first stands in a text; ``known`` are further fields."""
    start = text.index(name)
    return EntityFind(
        start=start,
        end=start + len(name),
        rule="",
        confidence=1.0,
        type=kind,
        name=name,
        names=(),
        label="",
        **known,
    )


def read(
    annotator: Annotator,
    text: str,
    published: date | None = None,
    evidence: Evidence = SHIPPED,
) -> Record:
    """All facts of a text; they refer to its own entities and its own words."""
    doc = annotator.annotate(text)
    return checked(extract(announced(text, published), doc, evidence=evidence))


def with_names(annotator: Annotator, announcement: Announcement, names: Collection[str]) -> Named:
    """What a text names, ``names`` among its projects whatever evidence makes of them.

    The other names are those that rules alone would give.
    """
    doc = annotator.annotate(announcement.text)
    wanted = {fold(name) for name in names}
    candidates = weighable_names(announcement, doc, evidence=VOTES)
    voted = VOTES.model("projects").probabilities([signs for _, signs in candidates])
    chances = [
        0.99 if candidate.key in wanted else vote
        for (candidate, _), vote in zip(candidates, voted, strict=True)
    ]
    known = VOTES.with_model("projects", Known(chances, least=0.5))
    return named(announcement, doc, evidence=known)


def proposed(
    annotator: Annotator, text: str, published: date | None = None, names: Collection[str] = ()
) -> Record:
    """What the readers propose of a text, as their votes alone decide.

    A sentence or two is no page: what evidence makes of whole pages is tested in
    ``test_pipeline.py``, what readers see in a sentence here. Of the candidates for names of
    projects those in ``names`` are taken: which candidate is a name is for evidence to say.
    """
    announcement = announced(text, published)
    here = with_names(annotator, announcement, names)
    votes = Evidence({kind: VOTES.model(kind) for kind in KINDS})
    context, entities = here.context, here.entities
    parts = surest(readings(here.doc, context, here.organisations))
    money = find_budgets(context, find_money(text), here.organisations, parts)
    dates = find_project_dates(
        context, find_dates(text, here.published), here.projects, here.people
    )
    decided = related(announcement, here, votes)
    reckoned = [fact for fact in decided.dates if fact.rule == RECKONED]
    links = [*here.continuations, *find_memberships(context, here.projects, here.continuations)]
    return checked(
        msgspec.structs.replace(
            decided,
            participations=tuple(_surest_parts(parts, entities)),
            dates=(
                *facts.page_dates(text, here.publication),
                *sorted(
                    [*(facts.project_date(text, find) for find in dates), *reckoned],
                    key=lambda fact: fact.start,
                ),
            ),
            budgets=tuple(facts.budget(text, find, entities) for find in money),
            project_areas=related(announcement, here).project_areas,
            project_links=tuple(facts.link(find) for find in links),
        )
    )


# Where a fact, as a person reads it, names projects.
_NAMED = {
    "projects": r"(?P<one>.+?)(?: \(programme\))?(?:;.*)?",
    "parts": r"(?P<one>.+) – .+: \w+",
    "links": r"(?P<one>.+) (?:part_of|continues) (?P<other>.+)",
    "budgets": r"(?P<one>.+?): .+",
    "project_dates": r"(?P<one>.+?): .+",
    "project_areas": r"(?P<one>.+) – .+",
}


def _surest_parts(finds: Iterable[PartFind], entities: Entities) -> Iterable[Participation]:
    """One fact of each entity, part and project, the surest, whatever the entity is called."""
    best: dict[tuple[str, str, str], Participation] = {}
    for find in finds:
        if find.project is None:
            continue
        fact = Participation(
            **facts.provenance(find),
            project=find.project,
            organisation=entities.key(find.organisation),
            part=find.part,
        )
        key = (find.project, fact.organisation, fact.part)
        if key not in best or fact.confidence > best[key].confidence:
            best[key] = fact
    return best.values()


def named_in(facts_told: Sequence[str], table: str) -> set[str]:
    """Names of the projects that facts of a table are told of."""
    found = [match for fact in facts_told if (match := re.fullmatch(_NAMED[table], fact))]
    return {name for match in found for name in match.groupdict().values()}


def told(annotator: Annotator, case: dict[str, Any], table: str) -> list[str]:
    """The facts of a case that belong to one table, as a person reads them."""
    names = named_in(case["facts"], table)
    record = proposed(annotator, case["text"].strip(), case.get("published"), names)
    return TABLES[table](record)


def weighed(annotator: Annotator, case: dict[str, Any]) -> list[str]:
    """The facts of a case's ``table`` as evidence decides on them, the projects' names given."""
    names = named_in(case["facts"], case["table"])
    announcement = announced(case["text"].strip(), case.get("published"))
    record = checked(related(announcement, with_names(annotator, announcement, names)))
    return TABLES[case["table"]](record)


def projects(record: Record) -> list[str]:
    """``Kylän kello – Väkeä kirkolle (programme); short Kylän kello; acronym KYKE``."""
    return [
        "; ".join(
            [
                entity.name + (" (programme)" if entity.subtype == "programme" else ""),
                *(f"{name.kind} {name.name}" for name in entity.names if name.name != entity.name),
            ]
        )
        for entity in record.entities
        if entity.type == "project"
    ]


def parts(record: Record) -> list[str]:
    """``Kylän kello – Raahen kaupunki: lead``."""
    name = _namer(record)
    return [
        f"{name(fact.project)} – {name(fact.organisation)}: {fact.part}"
        for fact in record.participations
    ]


def links(record: Record) -> list[str]:
    """``Kylän kello 2 continues Kylän kello``."""
    name = _namer(record)
    return [f"{name(f.project)} {f.relation} {name(f.related)}" for f in record.project_links]


def budgets(record: Record) -> list[str]:
    """``Kylän kello: total 120000 EUR``, ``Kylän kello: share 80 % of ESR``."""
    name = _namer(record)
    return [
        f"{name(fact.project)}: {fact.kind} "
        + (
            f"{fact.share_pct:g} %"
            if fact.amount is None
            else f"{fact.amount:.10g} {fact.currency}"
        )
        + (f" of {name(fact.organisation)}" if fact.organisation else "")
        for fact in record.budgets
    ]


def dates(record: Record) -> list[str]:
    """``Kylän kello: project_start 2023-05-01 … 2023-05-31 (month)``."""
    name = _namer(record)
    return [
        f"{name(fact.project)}: {fact.kind} {fact.first or ''} … {fact.last or ''} "
        f"({fact.precision})".replace("  ", " ")
        for fact in record.dates
    ]


def areas(record: Record) -> list[str]:
    """``Kylän kello – Raahe (municipality)``."""
    name = _namer(record)
    types = {entity.key: entity.subtype for entity in record.entities}
    return [
        f"{name(fact.project)} – {name(fact.area)} ({types[fact.area]})"
        for fact in record.project_areas
    ]


def _namer(record: Record) -> Callable[[str | None], str]:
    names = {entity.key: entity.name for entity in record.entities}
    return lambda key: names[key] if key else "?"


TABLES: dict[str, Callable[[Record], list[str]]] = {
    "projects": projects,
    "parts": parts,
    "links": links,
    "budgets": budgets,
    "project_dates": dates,
    "project_areas": areas,
}
