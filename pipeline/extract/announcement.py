"""Reads every fact of one announcement, in the order that each reading needs the ones before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

import msgspec
from spacy.tokens import Doc

from pipeline.evidence import SHIPPED, Evidence
from pipeline.evidence.model import Signs
from pipeline.extract import facts, organisations
from pipeline.extract.contacts import find_contacts
from pipeline.extract.context import Context
from pipeline.extract.finds import DateFind, EntityFind, TitleFind
from pipeline.extract.focus import in_full, looked_back_on
from pipeline.extract.folding import fold
from pipeline.extract.headline import headline
from pipeline.extract.identifiers import find_identifiers
from pipeline.extract.layout import Layout, layout
from pipeline.extract.links import find_continuations
from pipeline.extract.named import Named
from pipeline.extract.projects import weighable
from pipeline.extract.projects.brackets import without_places
from pipeline.extract.projects.candidates import Candidate
from pipeline.extract.projects.coreference import Coreferent, weighable_pairs
from pipeline.extract.projects.joint import in_company
from pipeline.extract.publication import find_publication
from pipeline.extract.relations import decided, related_candidates
from pipeline.extract.sources import BOTH, Sources
from pipeline.extract.spans import Spans
from pipeline.names import degrees
from pipeline.records import Announcement, Record

_SEEN = ("ner", "learned")  # rules of bodies that networks see, whatever their words say


def extract(
    announcement: Announcement,
    doc: Doc,
    sources: Sources = BOTH,
    evidence: Evidence = SHIPPED,
) -> Record:
    """All facts of an announcement; ``doc`` is its annotated text (``doc.text`` equals it).

    ``sources`` says which finders name things: rules, models or both; ``evidence`` holds the
    fitted weights that decide.
    """
    return related(announcement, named(announcement, doc, sources, evidence), evidence)


def named(
    announcement: Announcement, doc: Doc, sources: Sources = BOTH, evidence: Evidence = SHIPPED
) -> Named:
    """The entities of an announcement, its names decided by ``evidence``."""
    publication = find_publication(announcement.text, evidence.model("publication"))
    page, titles, people, bodies, areas, projects = _mentioned(announcement, doc, sources, evidence)
    groups = sources.coreferent(doc, page, projects, evidence)
    projects = sorted((f for one in groups for f in one.finds), key=lambda f: (f.start, f.end))
    entities = facts.entities_of(groups, people=people, organisations=bodies, areas=areas)
    spoken = in_full(announcement.text, [(find, entities.key(find)) for find in projects])
    continuations = find_continuations(doc, spoken, entities.by_key)
    context = Context(
        doc,
        page,
        spoken,
        {key: e.subtype or "project" for key, e in entities.by_key.items() if e.type == "project"},
        looked_back_on(
            announcement.text,
            page,
            spoken,
            [(x.project, x.related) for x in continuations if x.relation == "continues"],
        ),
        frozenset(x.project for x in continuations if x.relation == "continues"),
    )
    sure: dict[str, float] = {}
    for find, key in spoken:
        sure[key] = max(sure.get(key, 0.0), find.confidence)
    return Named(
        doc=doc,
        page=page,
        publication=publication,
        published=announcement.published or _day(publication.published),
        updated=announcement.updated or _day(publication.updated),
        titles=titles,
        people=people,
        organisations=bodies,
        areas=areas,
        projects=spoken,
        entities=entities,
        continuations=continuations,
        context=context,
        sure=sure,
    )


class _Mentioned(NamedTuple):
    """The page and what is mentioned on it, before it is told which mentions are one entity's."""

    page: Layout
    titles: Sequence[TitleFind]
    people: list[EntityFind]
    organisations: list[EntityFind]
    areas: list[EntityFind]
    projects: list[EntityFind]


def _mentioned(
    announcement: Announcement, doc: Doc, sources: Sources, evidence: Evidence
) -> _Mentioned:
    page, titles, bodies, people = _beside_projects(announcement, doc, sources, evidence)
    projects = sources.projects(doc, page, bodies, people, announcement.title, evidence)
    bodies = _outside(bodies, projects)
    spans = Spans(projects)
    people = [find for find in people if not spans.touches(find.start, find.end)]
    bodies = _apart(bodies, people)
    programmes = [find for find in projects if find.subtype == "programme"]
    areas = sources.areas(doc, page, [*bodies, *people, *programmes])
    projects = without_places(announcement.text, projects, areas)
    areas = _off_furniture(_outside_names(areas, projects), page)
    return _Mentioned(page, titles, people, bodies, areas, projects)


def weighable_names(
    announcement: Announcement, doc: Doc, sources: Sources = BOTH, evidence: Evidence = SHIPPED
) -> list[tuple[Candidate, Signs]]:
    """The candidates for names of projects with their signs, as ``named`` weighs them."""
    page, _, bodies, people = _beside_projects(announcement, doc, sources, evidence)
    return weighable(doc, page, bodies, people, title=announcement.title, without=sources.silent)


def weighable_jointly(
    announcement: Announcement, doc: Doc, sources: Sources = BOTH, evidence: Evidence = SHIPPED
) -> list[tuple[Candidate, Signs]]:
    """The same candidates with the signs of their company, as ``named`` weighs them once more."""
    told = weighable_names(announcement, doc, sources, evidence)
    return in_company(layout(announcement.text), told, evidence)


def weighable_coreference(
    announcement: Announcement, doc: Doc, sources: Sources = BOTH, evidence: Evidence = SHIPPED
) -> list[Coreferent]:
    """The pairs of names that may be one project's with their signs, as ``named`` weighs them."""
    mentioned = _mentioned(announcement, doc, sources, evidence)
    return weighable_pairs(doc, mentioned.page, mentioned.projects)


def weighable_bodies(
    announcement: Announcement, doc: Doc, sources: Sources = BOTH
) -> Sequence[tuple[EntityFind, Signs]]:
    """The candidates for mentions of bodies with their signs, as ``named`` weighs them."""
    return organisations.weighable(doc, page=layout(announcement.text), without=sources.without)


def _beside_projects(
    announcement: Announcement, doc: Doc, sources: Sources, evidence: Evidence
) -> tuple[Layout, Sequence[TitleFind], list[EntityFind], list[EntityFind]]:
    """The page, and what is named on it besides projects: titles, bodies, people."""
    page = layout(announcement.text)
    titles = sources.titles(doc)
    bodies = _off_furniture(sources.organisations(doc, page, evidence), page)
    return page, titles, bodies, sources.people(doc, page, titles, _stated(bodies))


def related(announcement: Announcement, named: Named, evidence: Evidence = SHIPPED) -> Record:
    """The record of an announcement: its entities, and the facts that tie them to projects."""
    context, entities = named.context, named.entities
    people, bodies = named.people, named.organisations
    told = decided(related_candidates(named), evidence)
    of_page = tuple(facts.page_dates(announcement.text, named.publication))
    places = {(date.start, date.end) for date in of_page}
    contacts = find_contacts(
        context, find_identifiers(announcement.text), people, bodies, entities.key
    )
    return Record(
        announcement=msgspec.structs.replace(
            announcement,
            published=named.published,
            updated=named.updated,
            title=announcement.title or headline(announcement.text, named),
        ),
        entities=tuple(contacts.complete(e) for e in entities.by_key.values()),
        mentions=tuple(facts.mentions(announcement.text, entities)),
        roles=tuple(facts.role(find, entities) for find in told.roles),
        participations=told.participations,
        dates=(
            *of_page,
            *(
                facts.project_date(announcement.text, find)
                for find in told.dates
                if find.kind != "other" or (find.start, find.end) not in places
            ),
        ),
        budgets=tuple(facts.budget(announcement.text, find, entities) for find in told.budgets),
        project_areas=told.areas,
        identifiers=contacts.identifiers,
        project_links=tuple(facts.link(find) for find in told.links),
    )


def _day(find: DateFind | None) -> date | None:
    return find.first if find is not None else None


def _off_furniture(finds: Iterable[EntityFind], page: Layout) -> list[EntityFind]:
    return [find for find in finds if not page.on_furniture(find.start)]


def _outside(bodies: Sequence[EntityFind], projects: Sequence[EntityFind]) -> list[EntityFind]:
    """Organisations that are no project, nor part of a project's name."""
    named = {fold(name.name) for project in projects for name in project.names}
    spans = Spans(projects)
    return [
        body
        for body in bodies
        if not any(_holds(p, body) for p in spans.touching(body.start, body.end))
        and fold(body.name) not in named
    ]


def _outside_names(areas: Sequence[EntityFind], projects: Sequence[EntityFind]) -> list[EntityFind]:
    """Areas, those in a project's name only where an inflected known place is in it."""
    spans = Spans(projects)
    return [
        area
        for area in areas
        if not spans.touches(area.start, area.end)
        or (
            area.rule in {"gazetteer", "coordinated_area", "directed_area", "headed_area"}
            and area.subtype != "country"
            and area.case not in {"Nom", None}
            and any(_holds(p, area) for p in spans.touching(area.start, area.end))
        )
    ]


def _holds(project: EntityFind, find: EntityFind) -> bool:
    return project.start <= find.start and find.end <= project.end


def _stated(bodies: Sequence[EntityFind]) -> list[EntityFind]:
    """Organisations by name or head, not by the tagger alone."""
    return [body for body in bodies if not body.rule.startswith("ner")]


def _apart(bodies: Sequence[EntityFind], people: Sequence[EntityFind]) -> list[EntityFind]:
    """Organisations that are not what a network mistook a person or a degree for."""
    spans = Spans(people)
    return [
        body
        for body in bodies
        if not spans.touches(body.start, body.end)
        and not (body.rule.startswith(_SEEN) and body.name in degrees())
    ]
