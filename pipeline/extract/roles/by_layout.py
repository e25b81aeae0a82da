"""Roles that the page's layout says: labels with names behind them, and signatures."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

import msgspec

from pipeline import lexicon
from pipeline.extract.finds import EntityFind, TitleFind
from pipeline.extract.layout import Block, Field
from pipeline.extract.roles.scene import RoleFind, Scene, in_role
from pipeline.extract.titles import find_titles

_VALUE = 300  # characters: a longer value is prose, not names
_SIGNATURE_WORDS = 8
_BEFORE_HEADING = 2  # words before the title of a heading
_BULLET = re.compile(r"\W*")
_BETWEEN = re.compile(r"\s*(?:\([^()\n]*\)\s*)?(?:[,;]\s*|(?:ja|sekä)\s+)")  # names of a list
_BESIDE_NAME = 8  # characters that a line with a name in a signature may hold besides


def labels(place: Scene, said: Sequence[RoleFind]) -> Iterator[RoleFind]:
    """``Projektipäällikkö: X``, ``Asiantuntijat: X, Y``, ``Yhteyshenkilön asema: …``."""
    holder: EntityFind | None = None
    for field in place.page.fields:
        named = place.people_in(field.start, field.end)
        if field.key == "contact" and named:
            holder = named[0]
            label = place.text[field.label_start : field.label_end].casefold()
            if lexicon.settings("roles")["contact"]["label"] in label:
                yield from (_contact(person, field) for person in named)
        elif field.key == "contact_title" and holder is not None:
            yield from _contacts_title(place, holder, field)
        elif named and field.end - field.start < _VALUE:
            yield from _titled_field(place, field, named)


def listed_below(place: Scene, said: Sequence[RoleFind]) -> Iterator[RoleFind]:
    """``Muut tutkijat:`` on a line of its own, and below it lines of those who are."""
    title: TitleFind | None = None
    for line in place.page.blocks:
        heading = _only_title(place, line)
        if heading is not None:
            title = heading if heading.plural else None
            continue
        people = _listed_on(place, line)
        if title is not None:
            for person in people:
                yield in_role(person, title, "listed-below-title", 0.9)
        if len(people) != 1:
            title = None  # a line of many is the whole list


def _only_title(place: Scene, line: Block) -> TitleFind | None:
    """The title that is all of a line, but for a colon; before one of several, a word or two."""
    text = place.text[line.start : line.end].rstrip(": ")
    titles = place.titles_in(line.start, line.start + len(text))
    if len(titles) != 1 or titles[0].end != line.start + len(text):
        return None
    before = place.text[line.start : titles[0].start]
    short = titles[0].plural and len(before.split()) <= _BEFORE_HEADING and before.endswith(" ")
    return titles[0] if short or not before else None


def _listed_on(place: Scene, line: Block) -> list[EntityFind]:
    """The people with whose names a line begins, behind its bullet."""
    found: list[EntityFind] = []
    at = line.start
    for person in place.people_in(line.start, line.end):
        if not (_BETWEEN if found else _BULLET).fullmatch(place.text, at, person.start):
            break
        found.append(person)
        at = person.end
    return found


def _titled_field(place: Scene, field: Field, named: Sequence[EntityFind]) -> Iterator[RoleFind]:
    """People behind a title as a label: all of them behind a plural, else the first."""
    for title in place.titles_in(field.label_start, field.label_end)[-1:]:
        for person in named if title.plural else named[:1]:
            yield in_role(person, title, "title-label", 0.96)


def _contacts_title(place: Scene, holder: EntityFind, field: Field) -> Iterator[RoleFind]:
    """The title that a form states on a line of its own, below its contact's name."""
    for title in find_titles(place.text[field.start : field.end]):
        if title.start == 0:
            moved = msgspec.structs.replace(
                title, start=field.start, end=field.start + title.end, case="Nom", plural=False
            )
            yield in_role(holder, moved, "label-of-contact-title", 0.95)


def _contact(person: EntityFind, field: Field) -> RoleFind:
    """A form's contact."""
    return RoleFind(
        start=field.label_start,
        end=person.end,
        rule="label-of-contact",
        confidence=0.9,
        person=person,
        role=lexicon.settings("roles")["contact"]["role"],
        role_code="contact",
    )


def signatures(place: Scene, said: Sequence[RoleFind]) -> Iterator[RoleFind]:
    """A line that is a name, and a short line with a title above or below it."""
    for one, two in pairwise(place.page.shown):
        for name_line, title_line in ((one, two), (two, one)):
            person = _only_name(place, name_line)
            if person is not None and _is_title_line(place, title_line):
                for title in place.titles_in(title_line.start, title_line.end):
                    if title.case == "Nom":
                        yield in_role(person, title, "signature", 0.9)


def _only_name(place: Scene, line: Block) -> EntityFind | None:
    """The one person whose name the line is."""
    named = place.people_in(line.start, line.end)
    if len(named) != 1:
        return None
    beside = (line.end - line.start) - (named[0].end - named[0].start)
    return named[0] if beside <= _BESIDE_NAME else None


def _is_title_line(place: Scene, line: Block) -> bool:
    """Short, no sentence, no label, and nobody's name in it."""
    text = place.text[line.start : line.end]
    return (
        len(text.split()) <= _SIGNATURE_WORDS
        and not text.rstrip().endswith((".", ":"))
        and not place.people_in(line.start, line.end)
    )
