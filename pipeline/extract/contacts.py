"""Ties identifiers to their owners: e-mails and phones to people, a Y-tunnus to its body."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

import msgspec

from pipeline.contact_forms import is_office
from pipeline.extract.context import Context
from pipeline.extract.finds import EntityFind, IdentifierFind
from pipeline.records import Entity, Identifier

_PARTS = re.compile(r"[._-]")  # between the names of an address
_NEAR = 120  # characters between a name and the address or number behind it


class Contacts(msgspec.Struct, frozen=True, kw_only=True):
    """Identifiers with their owners, and the e-mail and phone of each person by key."""

    identifiers: tuple[Identifier, ...]
    emails: Mapping[str, str]
    phones: Mapping[str, str]
    codes: Mapping[str, str]

    def complete(self, entity: Entity) -> Entity:
        """The entity with the e-mail address, phone or business id found for it."""
        return msgspec.structs.replace(
            entity,
            email=self.emails.get(entity.key, entity.email),
            phone=self.phones.get(entity.key, entity.phone),
            code=entity.code or self.codes.get(entity.key),
        )


def find_contacts(
    context: Context,
    finds: Sequence[IdentifierFind],
    people: Sequence[EntityFind],
    organisations: Sequence[EntityFind],
    key_of: Callable[[EntityFind], str],
) -> Contacts:
    """Owners of identifiers: of e-mail addresses by name, or else, as of the rest, by nearness.

    An office's address is nobody's, whoever is named before it.
    """
    identifiers: list[Identifier] = []
    emails: dict[str, str] = {}
    phones: dict[str, str] = {}
    codes: dict[str, str] = {}
    for find in finds:
        if context.page.on_furniture(find.start):
            continue
        owner: str | None = None
        kind: str | None = None
        if find.scheme == "email":
            person = _named_in(find.value, people)
            if person is None and not is_office(find.value):
                person = _before(context, find, people)
            owner, kind = (key_of(person), "person") if person else (None, None)
            if owner:
                emails.setdefault(owner, find.value)
        elif find.scheme == "phone":
            person = _before(context, find, people)
            owner, kind = (key_of(person), "person") if person else (None, None)
            if owner:
                phones.setdefault(owner, find.value)
        elif find.scheme == "y_tunnus":
            body = _before(context, find, organisations)
            owner, kind = (key_of(body), "organisation") if body else (None, None)
            if owner and find.valid:
                codes.setdefault(owner, find.value)
        elif find.scheme in {"hankekoodi", "diaarinumero"}:
            owner = context.project_at(find.start, find.end)
            kind = "project" if owner else None
        identifiers.append(
            Identifier(
                start=find.start,
                end=find.end,
                rule=find.rule,
                confidence=find.confidence,
                scheme=find.scheme,  # type: ignore[arg-type]
                value=find.value,
                valid=find.valid,
                entity_type=kind,  # type: ignore[arg-type]
                entity=owner,
            )
        )
    return Contacts(identifiers=tuple(identifiers), emails=emails, phones=phones, codes=codes)


def _plain(name: str) -> str:
    return name.casefold().translate(str.maketrans("åäöéüšž", "aaoeusz")).replace("'", "")


def _named_in(address: str, people: Sequence[EntityFind]) -> EntityFind | None:
    """The person whose names the address spells: both, or the family name behind an initial.

    Of several with that initial it is nobody's.
    """
    local = address.split("@")[0].casefold()
    parts = frozenset(_PARTS.split(local))
    initial: dict[str, EntityFind] = {}
    for person in people:
        if not (person.family_name and person.given_name):
            continue
        family, given = _plain(person.family_name), _plain(person.given_name)
        both = {*_PARTS.split(given), *_PARTS.split(family)}
        if both <= parts or local in {given + family, family + given}:
            return person
        if {*_PARTS.split(family), given[:1]} <= parts or local == given[:1] + family:
            initial.setdefault(person.name, person)
    return next(iter(initial.values())) if len(initial) == 1 else None


def _before(
    context: Context, find: IdentifierFind, named: Sequence[EntityFind]
) -> EntityFind | None:
    """The nearest name before the identifier in its own line or the line above it."""
    near = [n for n in named if n.end <= find.start and find.start - n.end <= _NEAR]
    if not near:
        return None
    gap = context.text[near[-1].end : find.start]
    return near[-1] if gap.count("\n") <= 1 else None
