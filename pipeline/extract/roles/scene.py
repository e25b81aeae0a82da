"""What the wordings of roles look at: titles and people of one text, in order."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import msgspec
from spacy.tokens import Doc

from pipeline import lexicon
from pipeline.extract.doc_text import sentences_of, text_of
from pipeline.extract.finds import EntityFind, Find, TitleFind
from pipeline.extract.layout import Layout
from pipeline.extract.spans import Spanned, Spans

_CHAIN = re.compile(
    r"""
    \s* (?: , | \bja\b | \bsekä\b
          | ,?\s* \([^()\n]{1,60}\) \s* (?: , | \bja\b | \bsekä\b )   # "A (hoitotyö) ja B"
    ) \s*
    """,
    re.VERBOSE,
)


class RoleFind(Find, frozen=True, kw_only=True):
    """A person in a role.

    ``role`` is lower-case nominative singular; ``title`` the words that say it, ``None`` where
    a verb or a list says it. ``project`` and ``organisation`` are keys of the entities that it is
    held in, as evidence decides; no reader knows them.
    """

    person: EntityFind
    role: str
    role_code: str
    title: TitleFind | None = None
    project: str | None = None
    organisation: str | None = None


def untitled(
    person: EntityFind,
    role: str,
    code: str,
    span: tuple[int, int],
    rule: str,
    confidence: float,
) -> RoleFind:
    """A role that no title says."""
    return RoleFind(
        start=span[0],
        end=span[1],
        rule=rule,
        confidence=confidence,
        person=person,
        role=role,
        role_code=code,
    )


def role_words() -> dict[str, Any]:
    """What ``lexicon/roles.toml`` knows of roles."""
    return lexicon.settings("roles")


def _start(find: Find) -> int:
    return find.start


class Scene(msgspec.Struct, frozen=True, kw_only=True):
    """One text with its titles and people, each sorted by place.

    ``titles`` leaves out those of page furniture and those inside names; ``sentences`` are
    (start, end) offsets.
    """

    text: str
    page: Layout
    titles: tuple[TitleFind, ...]
    people: tuple[EntityFind, ...]
    sentences: tuple[tuple[int, int], ...]

    def people_in(self, start: int, end: int) -> list[EntityFind]:
        """People named between two offsets."""
        low, high = (bisect_left(self.people, at, key=_start) for at in (start, end))
        return [p for p in self.people[low:high] if p.end <= end]

    def titles_in(self, start: int, end: int) -> list[TitleFind]:
        """Titles between two offsets."""
        low, high = (bisect_left(self.titles, at, key=_start) for at in (start, end))
        return [t for t in self.titles[low:high] if t.end <= end]


def scene(
    doc: Doc,
    page: Layout,
    titles: Sequence[TitleFind],
    people: Sequence[EntityFind],
) -> Scene:
    """Sort what was found in ``doc`` and leave out the titles that are nobody's."""
    furniture = [b for b in page.blocks if b.kind == "furniture"]
    barred = Spans[Spanned]([*furniture, *people])
    return Scene(
        text=text_of(doc),
        page=page,
        titles=tuple(t for t in titles if not barred.touches(t.start, t.start + 1)),
        people=tuple(sorted(people, key=lambda p: p.start)),
        sentences=tuple(sorted(sentences_of(doc))),
    )


def used_titles(said: Iterable[RoleFind]) -> frozenset[int]:
    """Places of the titles that a person has."""
    return frozenset(role.title.start for role in said if role.title is not None)


def titled_people(said: Iterable[RoleFind]) -> frozenset[str]:
    """Names of the people who have a title."""
    return frozenset(role.person.name for role in said if role.title is not None)


def in_role(person: EntityFind, title: TitleFind, rule: str, confidence: float) -> RoleFind:
    """``person`` has ``title``."""
    return RoleFind(
        start=min(person.start, title.start),
        end=max(person.end, title.end),
        rule=rule,
        confidence=min(confidence, 0.5 + title.confidence / 2),
        person=person,
        role=title.role,
        role_code=title.role_code,
        title=title,
    )


def chained(
    place: Scene, person: EntityFind, joint: re.Pattern[str] = _CHAIN
) -> Iterator[EntityFind]:
    """People listed right after ``person`` with commas, "ja" and "sekä" between."""
    end = person.end
    for other in place.people:
        if other.start < end:
            continue
        if not joint.fullmatch(place.text[end : other.start]):
            return
        yield other
        end = other.end


def of_several(text: str, title: TitleFind) -> bool:
    """Is it the title of more than one: ``suunnittelijat``, ``kaksi suunnittelijaa``?"""
    if title.plural or title.case != "Par":
        return title.plural
    before = re.search(r"(\w+)(?: \w+[aä])?\s$", text[max(0, title.start - 40) : title.start])
    return (
        before is not None
        and before.group(1).casefold() in lexicon.settings("roles")["titles"]["counts"]
    )
