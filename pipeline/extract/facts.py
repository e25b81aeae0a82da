"""Turns finds into the facts of a record: each with its place, its rule and its entities' keys."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypedDict

import msgspec

from pipeline.extract.budgets import BudgetFind
from pipeline.extract.entities import Group, entity, group
from pipeline.extract.finds import EntityFind, Find
from pipeline.extract.links import LinkFind
from pipeline.extract.project_dates import ProjectDateFind
from pipeline.extract.publication import Publication
from pipeline.extract.roles import RoleFind
from pipeline.records import (
    Budget,
    DateFact,
    Entity,
    EntityType,
    Mention,
    ProjectLink,
    Role,
)


class Provenance(TypedDict):
    """Where a fact stands, what read it and how sure that is."""

    start: int
    end: int
    rule: str
    confidence: float


def provenance(find: Find) -> Provenance:
    """Of a find, for its fact."""
    return {
        "start": find.start,
        "end": find.end,
        "rule": find.rule,
        "confidence": find.confidence,
    }


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


def entities_of(projects: Iterable[Group], **finds: Sequence[EntityFind]) -> Entities:
    """The entities that ``people``, ``organisations`` and ``areas`` name, beside ``projects``."""
    types: dict[str, EntityType] = {
        "people": "person",
        "organisations": "organisation",
        "areas": "area",
    }
    by_key: dict[str, Entity] = {}
    keys: dict[tuple[str, int, int, str], str] = {}
    groups: list[Group] = []
    every: list[tuple[EntityType, Iterable[Group]]] = [
        ("project", projects),
        *((types[name], group(members, types[name])) for name, members in finds.items()),
    ]
    for kind, of_kind in every:
        for one in of_kind:
            by_key[one.key] = entity(one, kind)
            groups.append(one)
            for find in one.finds:
                keys[_identity(find)] = one.key
    return Entities(by_key=by_key, keys=keys, groups=tuple(groups))


def _identity(find: EntityFind) -> tuple[str, int, int, str]:
    return find.type, find.start, find.end, find.name


def mentions(text: str, entities: Entities) -> Iterator[Mention]:
    """Every find of an entity."""
    for members in entities.groups:
        for find in members.finds:
            yield Mention(
                **provenance(find),
                text=text[find.start : find.end],
                label=find.label,
                entity_type=find.type,
                entity=members.key,
                lemma=find.name,
            )


def role(find: RoleFind, entities: Entities) -> Role:
    """A person's role, in a project and with a body where these are told."""
    return Role(
        **provenance(find),
        person=entities.key(find.person),
        role=find.role,
        role_code=find.role_code,
        project=find.project,
        organisation=find.organisation,
    )


def page_dates(text: str, publication: Publication) -> Iterator[DateFact]:
    """When the page was published and updated."""
    for kind, find in (("published", publication.published), ("updated", publication.updated)):
        if find is not None:
            yield DateFact(
                **provenance(find),
                project=None,
                kind=kind,  # type: ignore[arg-type]
                first=find.first,
                last=find.last,
                precision=find.precision,
                text=text[find.start : find.end],
            )


def project_date(text: str, find: ProjectDateFind) -> DateFact:
    """A date of a project."""
    return DateFact(
        **provenance(find),
        project=find.project,
        kind=find.kind,
        first=find.first,
        last=find.last,
        precision=find.precision,
        text=text[find.start : find.end],
    )


def budget(text: str, find: BudgetFind, entities: Entities) -> Budget:
    """An amount or a share of a project's money."""
    return Budget(
        **provenance(find),
        project=find.project,
        kind=find.kind,
        amount=find.amount,
        currency=find.currency,
        share_pct=find.share_pct,
        organisation=entities.key_or_none(find.organisation),
        text=text[find.start : find.end],
    )


def link(find: LinkFind) -> ProjectLink:
    """What a project is part of or continues."""
    return ProjectLink(
        **provenance(find),
        project=find.project,
        related=find.related,
        relation=find.relation,
    )
