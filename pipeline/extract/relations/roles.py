"""Candidates for where a role is held: each project that is thought of, each body near it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence

from pipeline.extract.finds import EntityFind, Find
from pipeline.extract.named import Named
from pipeline.extract.relations.discourse import Discourse, at_any_place
from pipeline.extract.relations.pairs import Pair, merged
from pipeline.extract.roles import RoleFind
from pipeline.extract.spans import Spans
from pipeline.extract.surroundings import Signs, Surroundings

IN_PROJECT = "in_project"
"""The value of a pair that ties a role to a project; one that ties it to a body has its key."""
PLACES = 6  # mentions of a person that are looked at
NEAREST = 8  # mentions of bodies on either side that are looked at
FAR = 600  # characters between a role and a body that are looked at
PHRASE = 30  # characters of a title's own phrase before it
SHORT = 40  # characters of a gap whose marks are signs
NEXT = 4  # characters of a gap in which no word stands
_WORDS = re.compile(r"\w+")
_STOPS = re.compile(r"[.,;:\n]")


class Roles:
    """The candidates of one announcement; a pair's ``item`` is the number of its role."""

    def __init__(
        self, named: Named, found: Sequence[RoleFind], around: Surroundings, discourse: Discourse
    ) -> None:
        self._named = named
        self._found = found
        self._around = around
        self._discourse = discourse
        self._key = named.entities.key
        self._bodies = Spans(named.organisations)
        self._people = Spans(named.people)
        self._mention_ends = [mention.end for mention, _ in named.context.mentions]
        self._places: dict[str, list[EntityFind]] = {}
        for person in sorted(named.people, key=lambda find: find.start):
            self._places.setdefault(self._key(person), []).append(person)
        self._of_person = Counter(self._key(role.person) for role in found)
        self._told = [self._of_role(role) for role in found]

    def projects(self) -> Iterator[Pair]:
        """Every role with each project that is thought of at the person or at the title."""
        for number, role in enumerate(self._found):
            title: Find = role.title or role
            at_title = self._discourse.at(title.start, title.end)
            at_person = self._discourse.at(role.person.start, role.person.end)
            places = self._places[self._key(role.person)][:PLACES]
            anywhere = at_any_place(
                [self._discourse.at(place.start, place.end) for place in places],
                self._discourse.keys,
            )
            for project in dict.fromkeys([*at_title, *at_person]):
                if project is None:
                    continue
                signs: Signs = {**self._told[number], **dict(self._in_phrase(title, project))}
                for place, links in (("p", at_person), ("t", at_title), ("some", anywhere)):
                    link = links.get(project, {})
                    signs.update((f"{place}:{sign}", value) for sign, value in link.items())
                yield _pair(number, role, IN_PROJECT, project, signs)

    def bodies(self) -> Iterator[Pair]:
        """Every role with each body that is named near it, whatever the project."""
        count = len({self._key(body) for body in self._named.organisations})
        for number, role in enumerate(self._found):
            told = {**self._told[number], f"bodies_{min(count, 6)}": 1.0}
            by_body: dict[str, list[Signs]] = {}
            for body in self._near(role):
                by_body.setdefault(self._key(body), []).append(dict(self._of_body(role, body)))
            for key, places in by_body.items():
                signs = {**told, **merged(places), f"places_{min(len(places), 3)}": 1.0}
                yield _pair(number, role, key, None, signs)

    def _of_role(self, role: RoleFind) -> Signs:
        """What is known of a role whatever project or body is meant."""
        person, title = role.person, role.title
        signs: Signs = dict(self._around.at(person.start, person.end))
        signs[f"role_{role.role_code}"] = 1.0
        signs[f"role_head_{re.split('[ -]', role.role)[-1]}"] = 1.0
        signs[f"role_begins_{role.role[:4]}"] = 1.0
        signs[f"rule_{role.rule}"] = 1.0
        signs[f"roles_of_person_{min(self._of_person[self._key(person)], 4)}"] = 1.0
        signs[f"people_{min(len(self._places), 8)}"] = 1.0
        if title is not None:
            at_title = self._around.at(title.start, title.end)
            signs.update((f"t_{sign}", value) for sign, value in at_title.items())
            signs["title_plural"] = float(title.plural)
            signs["title_before_name"] = float(title.start < person.start)
        return signs

    def _in_phrase(self, title: Find, project: str) -> Iterator[tuple[str, float]]:
        """Does the title's own phrase begin with a project ("X-hankkeen projektipäällikkö")?"""
        text = self._around.text
        low, high = (
            bisect_right(self._mention_ends, at) for at in (title.start - PHRASE, title.start)
        )
        for mention, key in self._named.context.mentions[low:high]:
            if not _STOPS.search(text, mention.end, title.start):
                yield "phrase_of_project" if key == project else "phrase_of_other", 1.0

    def _near(self, role: RoleFind) -> Iterator[EntityFind]:
        before = self._bodies.beginning_in(role.start - FAR + 1, role.start)
        yield from [body for body in before if body.end <= role.start][-NEAREST:]
        yield from self._bodies.beginning_in(role.start, role.end + FAR)[:NEAREST]

    def _of_body(self, role: RoleFind, body: EntityFind) -> Iterator[tuple[str, float]]:
        """How a mention of a body stands to a role."""
        page = self._around.page
        person = role.person
        yield f"type_{body.subtype or 'other'}", 1.0
        yield f"body_{body.case or 'none'}", 1.0
        yield from self._between("person", person, body)
        if role.title is not None:
            yield from self._between("title", role.title, body)
        same = self._around.sentence(person.start) == self._around.sentence(body.start)
        yield "same_sentence", float(same)
        mine, other = page.block(person.start), page.block(body.start)
        if other is not None:
            opens, closes = body.start - other.start < NEXT, other.end - body.end < NEXT
            yield "same_block", float(other == mine)
            yield "opens_same_block", float(other == mine and opens)
            if other == mine and opens:
                yield f"opens_with_{self._around.text[body.end : body.end + 1]}", 1.0
            yield f"body_in_{other.kind}", 1.0
            yield "whole_block", float(opens and closes)
            yield (
                "heading_above",
                float(other.kind in {"heading", "label"} and other.end <= role.start),
            )
        field = page.field_at(body.start)
        if field is not None:
            yield f"body_label_{field.key or 'unknown'}", 1.0
        label = page.field_at(person.start)
        yield "in_label", float(label is not None and label.label_start <= body.start < label.start)

    def _between(self, name: str, end: Find, body: EntityFind) -> Iterator[tuple[str, float]]:
        """What stands between a body and the person or the title."""
        side = f"{name}_before" if body.end <= end.start else f"{name}_behind"
        low, high = min(body.end, end.end), max(body.start, end.start)
        if high < low:
            return
        gap = self._around.text[low:high]
        yield f"{side}_{body.case or 'none'}", 1.0
        yield f"{side}_near", 1 / (1 + len(_WORDS.findall(gap)))
        yield f"{side}_people", float(min(_inside(self._people, low, high), 3))
        yield f"{side}_bodies", float(min(_inside(self._bodies, low, high), 3))
        yield f"{side}_lines", float(min(gap.count("\n"), 4))
        yield f"{side}_stop", float(". " in gap)
        if len(gap) < SHORT:
            marks = "".join(mark for mark in gap if not mark.isalnum() and mark not in " \xa0")
            yield f"{side}_gap_{marks[:3]}".replace("\n", "line"), 1.0
        if len(gap) < NEXT:
            yield f"{side}_next_{body.case or 'none'}", 1.0


def _pair(number: int, role: RoleFind, value: str, project: str | None, signs: Signs) -> Pair:
    return Pair(
        start=role.start,
        end=role.end,
        item=str(number),
        value=value,
        project=project,
        rule=role.rule,
        signs={sign: strength for sign, strength in signs.items() if strength},
    )


def _inside(finds: Spans[EntityFind], low: int, high: int) -> int:
    """How many of some finds stand whole between two offsets."""
    return sum(find.end <= high for find in finds.beginning_in(low, high))
