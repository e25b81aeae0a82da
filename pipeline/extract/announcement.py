"""Reads every fact of one announcement, in the order that each reading needs the ones before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import msgspec
from spacy.tokens import Doc

from pipeline.extract.budgets import BudgetFind, find_budgets
from pipeline.extract.contacts import find_contacts
from pipeline.extract.context import Context
from pipeline.extract.dates import find_dates
from pipeline.extract.durations import find_durations
from pipeline.extract.entities import Group, entity, fold, group
from pipeline.extract.finds import DateFind, EntityFind
from pipeline.extract.focus import in_full, looked_back_on
from pipeline.extract.identifiers import find_identifiers
from pipeline.extract.layout import Layout, layout
from pipeline.extract.links import LinkFind, find_continuations, find_memberships
from pipeline.extract.money import find_money
from pipeline.extract.participations import PartFind, find_participations
from pipeline.extract.project_areas import ProjectAreaFind, find_project_areas
from pipeline.extract.project_dates import ProjectDateFind, find_project_dates
from pipeline.extract.publication import Publication, find_publication
from pipeline.extract.roles import RoleFind, find_roles
from pipeline.extract.sources import BOTH, Sources
from pipeline.names import degrees
from pipeline.records import (
    Announcement,
    Budget,
    DateFact,
    Entity,
    EntityType,
    Mention,
    Participation,
    ProjectArea,
    ProjectLink,
    Record,
    Role,
)


class Entities(msgspec.Struct, frozen=True, kw_only=True):
    """The entities of an announcement and the key of each find."""

    by_key: Mapping[str, Entity]
    keys: Mapping[tuple[str, int, int, str], str]
    groups: tuple[Group, ...]

    def key(self, find: EntityFind) -> str:
        """Key of the entity that ``find`` names."""
        return self.keys[_identity(find)]

    def key_or_none(self, find: EntityFind | None) -> str | None:
        """Key of the entity that ``find`` names, ``None`` for no find."""
        return self.key(find) if find is not None else None


def extract(announcement: Announcement, doc: Doc, sources: Sources = BOTH) -> Record:
    """All facts of an announcement; ``doc`` is its annotated text (``doc.text`` equals it).

    ``sources`` says which finders name things: rules, models or both.
    """
    page = layout(announcement.text)
    publication = find_publication(announcement.text)
    published = announcement.published or _day(publication.published)
    updated = announcement.updated or _day(publication.updated)

    titles = sources.titles(doc)
    bodies = _off_furniture(sources.organisations(doc, page), page)
    projects = sources.projects(doc, page, bodies)
    bodies = _outside(bodies, projects)
    people = sources.people(doc, page, titles, [*_stated(bodies), *projects])
    bodies = _apart(bodies, people)
    programmes = [find for find in projects if find.subtype == "programme"]
    areas = sources.areas(doc, page, [*bodies, *people, *programmes])
    areas = _off_furniture(_outside_names(areas, projects), page)

    entities = _entities(projects=projects, people=people, organisations=bodies, areas=areas)
    named = in_full(announcement.text, [(find, entities.key(find)) for find in projects])
    continuations = find_continuations(doc, page, named, entities.by_key)
    context = Context(
        doc,
        page,
        named,
        {key: e.subtype or "project" for key, e in entities.by_key.items() if e.type == "project"},
        looked_back_on(
            announcement.text,
            page,
            named,
            [(x.project, x.related) for x in continuations if x.relation == "continues"],
        ),
    )
    roles = find_roles(doc, page, titles, people, bodies)
    parts = find_participations(doc, context, bodies)
    money = find_budgets(context, find_money(announcement.text), bodies, parts)
    dates = find_project_dates(
        context,
        find_dates(announcement.text, published or updated),
        find_durations(announcement.text),
        named,
        people,
    )
    links = [*continuations, *find_memberships(context, named, continuations)]
    contacts = find_contacts(
        context, find_identifiers(announcement.text), people, bodies, entities.key
    )
    return Record(
        announcement=msgspec.structs.replace(
            announcement,
            published=published,
            updated=updated,
            title=announcement.title or _title(announcement.text, page),
        ),
        entities=tuple(contacts.complete(e) for e in entities.by_key.values()),
        mentions=tuple(_mentions(announcement.text, entities)),
        roles=tuple(_role(find, context, entities) for find in roles),
        participations=tuple(_participations(parts, entities)),
        dates=(
            *_page_dates(announcement.text, publication),
            *(_date(announcement.text, f) for f in dates),
        ),
        budgets=tuple(_budget(announcement.text, find, entities) for find in money),
        project_areas=tuple(_project_area(f, entities) for f in find_project_areas(context, areas)),
        identifiers=contacts.identifiers,
        project_links=tuple(_link(find) for find in links),
    )


def _identity(find: EntityFind) -> tuple[str, int, int, str]:
    return find.type, find.start, find.end, find.name


def _day(find: DateFind | None) -> date | None:
    return find.first if find is not None else None


def _off_furniture(finds: Iterable[EntityFind], page: Layout) -> list[EntityFind]:
    furniture = [(b.start, b.end) for b in page.blocks if b.kind == "furniture"]
    return [f for f in finds if not any(start <= f.start < end for start, end in furniture)]


def _outside(bodies: Sequence[EntityFind], projects: Sequence[EntityFind]) -> list[EntityFind]:
    """Organisations that are no project, nor part of a project's name."""
    named = {fold(name.name) for project in projects for name in project.names}
    return [
        body
        for body in bodies
        if not any(p.start <= body.start and body.end <= p.end for p in projects)
        and fold(body.name) not in named
    ]


def _outside_names(areas: Sequence[EntityFind], projects: Sequence[EntityFind]) -> list[EntityFind]:
    """Areas, those in a project's name only where an inflected known place is in it."""
    return [
        area
        for area in areas
        if not any(p.start < area.end and area.start < p.end for p in projects)
        or (
            area.rule in {"gazetteer", "coordinated_area", "directed_area", "headed_area"}
            and area.subtype != "country"
            and area.case not in {"Nom", None}
            and any(p.start <= area.start and area.end <= p.end for p in projects)
        )
    ]


def _stated(bodies: Sequence[EntityFind]) -> list[EntityFind]:
    """Organisations by name or head, not by the tagger alone."""
    return [body for body in bodies if not body.rule.startswith("ner")]


def _apart(bodies: Sequence[EntityFind], people: Sequence[EntityFind]) -> list[EntityFind]:
    """Organisations that are not what the tagger mistook a person or a degree for."""
    return [
        body
        for body in bodies
        if not any(p.start < body.end and body.start < p.end for p in people)
        and not (body.rule.startswith("ner") and body.name in degrees())
    ]


def _entities(**finds: Sequence[EntityFind]) -> Entities:
    types: dict[str, EntityType] = {
        "projects": "project",
        "people": "person",
        "organisations": "organisation",
        "areas": "area",
    }
    by_key: dict[str, Entity] = {}
    keys: dict[tuple[str, int, int, str], str] = {}
    groups: list[Group] = []
    for name, members in finds.items():
        for one in group(members, types[name]):
            by_key[one.key] = entity(one, types[name])
            groups.append(one)
            for find in one.finds:
                keys[_identity(find)] = one.key
    return Entities(by_key=by_key, keys=keys, groups=tuple(groups))


def _title(text: str, page: Layout) -> str | None:
    """The first heading or short paragraph that is not furniture."""
    block = next((b for b in page.blocks if b.kind in {"heading", "paragraph"}), None)
    return text[block.start : block.end][:300] if block is not None else None


def _mentions(text: str, entities: Entities) -> Iterable[Mention]:
    for members in entities.groups:
        for find in members.finds:
            yield Mention(
                start=find.start,
                end=find.end,
                rule=find.rule,
                confidence=find.confidence,
                text=text[find.start : find.end],
                label=find.label,
                entity_type=find.type,
                entity=members.key,
                lemma=find.name,
            )


def _role(find: RoleFind, context: Context, entities: Entities) -> Role:
    return Role(
        start=find.start,
        end=find.end,
        rule=find.rule,
        confidence=find.confidence,
        person=entities.key(find.person),
        role=find.role,
        role_code=find.role_code,
        project=context.project_at(find.start, find.end),
        organisation=entities.key_or_none(find.organisation),
    )


def _participations(finds: Iterable[PartFind], entities: Entities) -> Iterable[Participation]:
    """One fact of each entity, part and project, the surest, whatever the entity is called."""
    best: dict[tuple[str, str, str], Participation] = {}
    for find in finds:
        if find.project is None:
            continue
        fact = Participation(
            start=find.start,
            end=find.end,
            rule=find.rule,
            confidence=find.confidence,
            project=find.project,
            organisation=entities.key(find.organisation),
            part=find.part,
        )
        key = (find.project, fact.organisation, fact.part)
        if key not in best or fact.confidence > best[key].confidence:
            best[key] = fact
    return best.values()


def _page_dates(text: str, publication: Publication) -> Iterable[DateFact]:
    for kind, find in (("published", publication.published), ("updated", publication.updated)):
        if find is not None:
            yield DateFact(
                start=find.start,
                end=find.end,
                rule=find.rule,
                confidence=find.confidence,
                project=None,
                kind=kind,  # type: ignore[arg-type]
                first=find.first,
                last=find.last,
                precision=find.precision,
                text=text[find.start : find.end],
            )


def _date(text: str, find: ProjectDateFind) -> DateFact:
    return DateFact(
        start=find.start,
        end=find.end,
        rule=find.rule,
        confidence=find.confidence,
        project=find.project,
        kind=find.kind,
        first=find.first,
        last=find.last,
        precision=find.precision,
        text=text[find.start : find.end],
    )


def _budget(text: str, find: BudgetFind, entities: Entities) -> Budget:
    return Budget(
        start=find.start,
        end=find.end,
        rule=find.rule,
        confidence=find.confidence,
        project=find.project,
        kind=find.kind,
        amount=find.amount,
        currency=find.currency,
        share_pct=find.share_pct,
        organisation=entities.key_or_none(find.organisation),
        text=text[find.start : find.end],
    )


def _project_area(find: ProjectAreaFind, entities: Entities) -> ProjectArea:
    return ProjectArea(
        start=find.start,
        end=find.end,
        rule=find.rule,
        confidence=find.confidence,
        project=find.project,
        area=entities.key(find.area),
    )


def _link(find: LinkFind) -> ProjectLink:
    return ProjectLink(
        start=find.start,
        end=find.end,
        rule=find.rule,
        confidence=find.confidence,
        project=find.project,
        related=find.related,
        relation=find.relation,
    )
