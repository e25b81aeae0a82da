"""Small records made by hand: invented people, bodies and projects."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from hashlib import sha256
from typing import Any

from pipeline.ids import document_id
from pipeline.records import (
    Announcement,
    Budget,
    DateFact,
    Entity,
    Identifier,
    Mention,
    Name,
    Participation,
    ProjectArea,
    ProjectLink,
    Record,
    Role,
)

READ = {"rule": "test", "confidence": 0.9}


def entity(key: str, type_: str, name: str, *others: tuple[str, str], **known: Any) -> Entity:
    """An entity; ``others`` are (name, kind) pairs besides its full name."""
    own = known.pop("own_kind", "full")
    names = (Name(name, own), *(Name(*other) for other in others))
    return Entity(key=key, type=type_, name=name, names=names, **known)  # type: ignore[arg-type]


def project(key: str, name: str, *others: tuple[str, str], **known: Any) -> Entity:
    """A project."""
    return entity(key, "project", name, *others, **({"subtype": "project"} | known))


def organisation(key: str, name: str, *others: tuple[str, str], **known: Any) -> Entity:
    """An organisation."""
    return entity(key, "organisation", name, *others, **known)


def person(key: str, name: str, **known: Any) -> Entity:
    """A person; given and family name are cut at the last space."""
    given, _, family = name.rpartition(" ")
    return entity(
        key,
        "person",
        name,
        given_name=given or family,
        family_name=family if given else None,
        **known,
    )


def area(key: str, name: str, code: str | None = None, kind: str = "municipality") -> Entity:
    """An area."""
    return entity(key, "area", name, subtype=kind, code=code, latitude=65.0, longitude=25.5)


def record(
    source: str,
    entities: Sequence[Entity],
    facts: Iterable[tuple[Any, ...]] = (),
    published: date | None = None,
    **more: Any,
) -> Record:
    """A record whose text names every entity once, in order, one a line.

    Facts are short tuples: ``("role", person, role, project, organisation)``,
    ``("part", project, organisation, part)``, ``("date", project, kind, first, last)``,
    ``("total", project, amount)``, ``("area", project, area)``, ``("link", project, related,
    relation)``, ``("id", scheme, value, entity type, entity)``.
    """
    text, mentions, at = "", [], {}
    for one in entities:
        start = len(text)
        text += one.name + "\n"
        at[one.key] = {"start": start, "end": start + len(one.name)}
        mentions.append(
            Mention(
                **at[one.key],
                **READ,
                text=one.name,
                label=one.type.upper(),
                entity_type=one.type,
                entity=one.key,
                lemma=one.name,
            )
        )
    raw = sha256(f"{source}{text}".encode()).hexdigest()
    post = Announcement(
        doc_id=document_id(source, raw),
        source=source,
        raw_sha256=raw,
        text=text,
        title=source,
        published=published,
        language="fi",
        **more,
    )
    lists: dict[str, list[Any]] = {}
    for kind, *values in facts:
        table, made = _fact(kind, values, at, text)
        lists.setdefault(table, []).append(made)
    return Record(
        announcement=post,
        entities=tuple(entities),
        mentions=tuple(mentions),
        **{table: tuple(made) for table, made in lists.items()},
    )


def _fact(kind: str, v: list[Any], at: dict[str, Any], text: str) -> tuple[str, Any]:
    where = at.get(v[0]) or at.get(v[-1]) or {"start": 0, "end": 1}
    where = where | READ
    match kind:
        case "role":
            return "roles", Role(
                **where,
                person=v[0],
                role=v[1],
                role_code="other",
                project=v[2] if len(v) > 2 else None,
                organisation=v[3] if len(v) > 3 else None,
            )
        case "part":
            return "participations", Participation(
                **where, project=v[0], organisation=v[1], part=v[2]
            )
        case "date":
            return "dates", DateFact(
                **where,
                project=v[0],
                kind=v[1],
                first=v[2],
                last=v[3],
                precision="day",
                text=text[where["start"] : where["end"]],
            )
        case "total":
            return "budgets", Budget(
                **where,
                project=v[0],
                kind="total",
                amount=v[1],
                currency="EUR",
                share_pct=None,
                organisation=None,
                text=text[where["start"] : where["end"]],
            )
        case "area":
            return "project_areas", ProjectArea(**where, project=v[0], area=v[1])
        case "link":
            return "project_links", ProjectLink(**where, project=v[0], related=v[1], relation=v[2])
        case "id":
            return "identifiers", Identifier(
                **where, scheme=v[0], value=v[1], valid=None, entity_type=v[2], entity=v[3]
            )
    raise ValueError(kind)
