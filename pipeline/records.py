"""The records that travel between the rooms: posts, announcements, finds and facts.

Every record is a frozen ``msgspec.Struct``: it serialises itself and has no behaviour.
Offsets count Unicode code points in the *repaired* text and are half open: ``text[start:end]``.
Missing is ``None``, never an empty string or a zero.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

import msgspec

EntityType = Literal["project", "person", "organisation", "area"]
NameKind = Literal["full", "short", "acronym", "alias"]
Part = Literal["lead", "coordinator", "implementer", "funder", "partner"]
DateKind = Literal[
    "project_start",
    "project_end",
    "project_period",
    "published",
    "updated",
    "decision",
    "event",
    "other",
]
Precision = Literal["day", "month", "season", "year"]
BudgetKind = Literal["total", "grant", "applied", "own", "share", "other"]
Relation = Literal["continues", "part_of"]
Status = Literal["ok", "skipped", "failed"]


class Post(msgspec.Struct, frozen=True, kw_only=True):
    """One raw announcement as its reader found it, before any repair.

    ``source`` is the path below the input folder (``feed.jsonl#id`` for a post of a feed).
    ``published`` and ``updated`` are what the *container* says (feed column, HTML metadata);
    ``remark`` says what of the container could not be read.
    """

    source: str
    raw_sha256: str
    text: str
    encoding: str | None = None
    title: str | None = None
    url: str | None = None
    published: date | None = None
    updated: date | None = None
    remark: str | None = None


class Unreadable(msgspec.Struct, frozen=True, kw_only=True):
    """A file or feed row that could not be read, and why, in words for its owner.

    ``skipped`` where nothing is wrong with it: it is of a kind that holds no announcement, or that
    there is no reader for.
    """

    source: str
    raw_sha256: str | None
    reason: str
    skipped: bool = False


class Edit(msgspec.Struct, frozen=True, kw_only=True):
    """One change a repair step made: ``before`` stood at ``start:end`` of the step's input.

    ``run`` counts how often all steps had run before.
    """

    step: str
    run: int = 0
    start: int
    end: int
    before: str
    after: str


class Repaired(msgspec.Struct, frozen=True, kw_only=True):
    """Repaired text and the plan that repaired it, step by step, replayable."""

    text: str
    edits: tuple[Edit, ...] = ()

    @property
    def steps(self) -> tuple[str, ...]:
        """Names of the steps that changed something, in the order they ran, each once."""
        return tuple(dict.fromkeys(edit.step for edit in self.edits))


class Announcement(msgspec.Struct, frozen=True, kw_only=True):
    """One post after repair and language check: what the later rooms read.

    ``language`` is an ISO 639-1 code or ``unknown``; ``reason`` says why it was skipped or failed,
    or what was left out of it.
    """

    doc_id: str
    source: str
    raw_sha256: str
    text: str
    title: str | None = None
    url: str | None = None
    published: date | None = None
    updated: date | None = None
    repairs: tuple[str, ...] = ()
    language: str = "unknown"
    status: Status = "ok"
    reason: str | None = None


class Provenance(msgspec.Struct, frozen=True, kw_only=True):
    """Where a fact was read and what read it."""

    start: int
    end: int
    rule: str
    confidence: float


class Name(msgspec.Struct, frozen=True):
    """A normalised (nominative) name of an entity."""

    name: str
    kind: NameKind


class Entity(msgspec.Struct, frozen=True, kw_only=True):
    """An entity as one announcement knows it; ``key`` is unique within its record only.

    ``subtype`` is the project's kind, or the organisation's or area's type.
    ``code`` is an area's Statistics Finland code, or an organisation's business id.
    """

    key: str
    type: EntityType
    name: str
    names: tuple[Name, ...]
    subtype: str | None = None
    code: str | None = None
    given_name: str | None = None
    family_name: str | None = None
    degree: str | None = None
    email: str | None = None
    phone: str | None = None
    latitude: float | None = None
    longitude: float | None = None


class Mention(Provenance, frozen=True, kw_only=True):
    """A span of text that names an entity; ``entity`` is the key of an ``Entity``."""

    text: str
    label: str
    entity_type: EntityType
    entity: str | None
    lemma: str | None


class Role(Provenance, frozen=True, kw_only=True):
    """A person's role: ``role`` is lower-case nominative singular."""

    person: str
    role: str
    role_code: str
    project: str | None = None
    organisation: str | None = None


class Participation(Provenance, frozen=True, kw_only=True):
    """What part an organisation has in a project."""

    project: str | None
    organisation: str
    part: Part


class DateFact(Provenance, frozen=True, kw_only=True):
    """A date or period; ``first`` and ``last`` are inclusive, an open end is ``None``."""

    project: str | None
    kind: DateKind
    first: date | None
    last: date | None
    precision: Precision
    text: str


class Budget(Provenance, frozen=True, kw_only=True):
    """An amount of money or a percentage; ``amount`` is in whole units of ``currency``."""

    project: str | None
    kind: BudgetKind
    amount: float | None
    currency: str | None
    share_pct: float | None
    organisation: str | None
    text: str


class ProjectArea(Provenance, frozen=True, kw_only=True):
    """A project is carried out in, or serves, an area."""

    project: str
    area: str


class Identifier(Provenance, frozen=True, kw_only=True):
    """An identifier as a register writes it; ``valid`` is ``None`` where no checksum exists."""

    scheme: Literal["hankekoodi", "diaarinumero", "y_tunnus", "url", "email", "phone"]
    value: str
    valid: bool | None
    entity_type: EntityType | None = None
    entity: str | None = None


class ProjectLink(Provenance, frozen=True, kw_only=True):
    """A project continues, or is part of, a related one."""

    project: str
    related: str
    relation: Relation


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """All facts of one announcement: the unit that is stored and later resolved."""

    announcement: Announcement
    entities: tuple[Entity, ...] = ()
    mentions: tuple[Mention, ...] = ()
    roles: tuple[Role, ...] = ()
    participations: tuple[Participation, ...] = ()
    dates: tuple[DateFact, ...] = ()
    budgets: tuple[Budget, ...] = ()
    project_areas: tuple[ProjectArea, ...] = ()
    identifiers: tuple[Identifier, ...] = ()
    project_links: tuple[ProjectLink, ...] = ()
