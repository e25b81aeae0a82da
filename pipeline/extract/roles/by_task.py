"""Roles by the task that somebody takes on: a seat, an appointment, a predecessor's place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from pipeline.extract.finds import EntityFind, TitleFind
from pipeline.extract.roles.scene import (
    RoleFind,
    Scene,
    in_role,
    role_words,
    untitled,
    used_titles,
)
from pipeline.patterns import Pattern

_TASK_BEFORE = 60  # characters between who takes a task on and its title
_EARLIER = 400  # characters within which the predecessor was named
_WORD_BEFORE = re.compile(r"([\w-]+)\s$")


def tasks(place: Scene, said: Sequence[RoleFind]) -> Iterator[RoleFind]:
    """``Hankepäällikön tehtävän ottaa vastaan X``."""
    used = used_titles(said)
    for start, end in place.sentences:
        for title in place.titles_in(start, end):
            if title.case != "Gen" or title.start in used:
                continue
            if _task().match(place.text, title.end) is None:
                continue
            person = next((p for p in place.people if title.end <= p.start < end), None)
            person = person or _before_task(place, (start, end), title)
            if person is not None:
                yield in_role(person, title, "title-of-task", 0.85)


def _before_task(place: Scene, sentence: tuple[int, int], title: TitleFind) -> EntityFind | None:
    """``X siirtyy hankepäällikön tehtävään``: who stands before, in the nominative."""
    before = next(iter(reversed(place.people_in(sentence[0], title.start))), None)
    if before is None or place.text[before.start : before.end] != before.name:
        return None
    gap = place.text[before.end : title.start]
    short = len(gap) < _TASK_BEFORE and not re.search(r"[,.;:]", gap)
    return before if short and _takes_over().search(gap) else None


def appointed(place: Scene, said: Sequence[RoleFind]) -> Iterator[RoleFind]:
    """``Ohjausryhmään nimettiin X ja varalle Y``: members without a title that says so."""
    data = role_words()["tasks"]
    group, appoints, deputy = _appointing()
    for start, end in place.sentences:
        sentence = place.text[start:end]
        if not group.search(sentence) or not appoints.search(sentence):
            continue
        previous = start
        for person in place.people_in(start, end):
            between = place.titles_in(previous, person.start)
            if not any(t.role.endswith("jäsen") or "puheenjohtaja" in t.role for t in between):
                vice = deputy.search(place.text, previous, person.start) is not None
                role = data["deputy" if vice else "member"]
                yield untitled(person, role, "other", (start, end), "appointed", 0.75)
            previous = person.end


def successors(place: Scene, said: Sequence[RoleFind]) -> Iterator[RoleFind]:
    """``Hänen seuraajakseen on valittu X``, ``Tilalle tulee X``: the title of who went before."""
    for start, end in place.sentences:
        match = _succession().search(place.text, start, end)
        if match is None or _of_something(place.text[start : match.start()]):
            continue
        person = _successor(place, (start, end), match)
        if person is None or any(t.end + 1 == person.start for t in place.titles):
            continue
        earlier = [
            role.title
            for role in said
            if role.title is not None
            and not role.title.plural
            and role.end <= match.start() < role.end + _EARLIER
            and role.person.name != person.name
        ]
        if earlier:
            title = max(earlier, key=lambda t: t.start)
            yield in_role(person, title, "successor", 0.85)


def _of_something(before: str) -> bool:
    """``Tuolien tilalle``: the place of a thing, not of somebody named before."""
    word = _WORD_BEFORE.search(before)
    return word is not None and word[1].endswith("n") and word[1].casefold() != "hänen"


def _successor(place: Scene, sentence: tuple[int, int], match: re.Match[str]) -> EntityFind | None:
    """Who stands behind the words with a verb of taking over between, else before them."""
    text = place.text
    after = next(iter(place.people_in(match.end(), sentence[1])), None)
    before = next(iter(reversed(place.people_in(sentence[0], match.start()))), None)
    for person, gap in (
        (after, text[match.end() : after.start] if after else ""),
        (before, text[before.end : match.start()] if before else ""),
    ):
        if person is not None and _takes_over().search(gap) and not re.search(r"[,.;:]", gap):
            return person
    return None


@cache
def _succession() -> Pattern:
    words = "|".join(role_words()["successors"]["words"])
    return Pattern(rf"(?<!\w)(?:{words})", re.IGNORECASE)


@cache
def _takes_over() -> Pattern:
    return Pattern(rf"(?<!\w)(?:{'|'.join(role_words()['successors']['verbs'])})", re.IGNORECASE)


@cache
def _task() -> Pattern:
    return Pattern(rf"\s(?:{'|'.join(role_words()['tasks']['words'])})\b")


@cache
def _appointing() -> tuple[Pattern, Pattern, Pattern]:
    """The group that people are put into, the verbs that put them there, words for deputies."""
    data = role_words()["tasks"]
    return (
        Pattern(data["group"], re.IGNORECASE),
        Pattern(data["appoints"], re.IGNORECASE),
        Pattern("|".join(data["deputy_words"]), re.IGNORECASE),
    )
