"""Roles that a sentence says: held, a task, an appointment, a verb of leading, a staff list."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from pipeline import lexicon
from pipeline.extract.finds import EntityFind, TitleFind
from pipeline.extract.roles.scene import (
    RoleFind,
    Scene,
    body_after,
    chained,
    in_role,
    titled_people,
    used_titles,
)
from pipeline.patterns import Pattern

_HELD = frozenset({"Ess", "Tra"})  # "projektipäällikkönä", "projektipäälliköksi"
_PARTED = re.compile(r"\s*,|\s(?:ja|sekä)\s")  # what begins another clause
_VERB_NEAR = 30  # characters around title and name in which the verb stands
_LED_BEHIND, _LED_BEFORE = 60, 12  # characters between a verb of leading and who leads


def held(place: Scene, said: Sequence[RoleFind]) -> Iterator[RoleFind]:
    """``Projektipäällikkönä toimii X``, ``X on hankkeen koordinaattori``."""
    used = used_titles(said)
    for start, end in place.sentences:
        people = [p for p in place.people if start <= p.start < end]
        for title in place.titles_in(start, end):
            if title.start in used:
                continue
            if title.case in _HELD:
                yield from _held_by(place, people, title, end)
            elif title.case == "Nom" and not title.plural:
                person = _subject(place.text, people, title)
                if person is not None:
                    yield in_role(place, person, title, "person-is-title", 0.88)


def _held_by(
    place: Scene, people: Sequence[EntityFind], title: TitleFind, end: int
) -> Iterator[RoleFind]:
    person = _elliptic(place, people, title)
    if person is None:
        person = _nearest(place, people, title, end)
        if person is None or not _verb_near(place.text, title, person):
            return
    confidence = 0.92 if person.start > title.end else 0.87
    yield in_role(place, person, title, "title-in-essive", confidence)
    if title.plural:
        for other in chained(place, person):
            yield in_role(place, other, title, "title-in-essive", 0.88)


def _elliptic(place: Scene, people: Sequence[EntityFind], title: TitleFind) -> EntityFind | None:
    """``X toimii johtajana, Y suunnittelijana``: the name right before a title that is held."""
    person = next((p for p in reversed(people) if p.end <= title.start), None)
    if person is None or place.text[person.end : title.start] != " ":
        return None
    start = min(p.start for p in people)
    return person if _holds(place.text[max(0, start - _VERB_NEAR) : person.start]) else None


def _nearest(
    place: Scene, people: Sequence[EntityFind], title: TitleFind, end: int
) -> EntityFind | None:
    """The next person after the title, before another title that is held; else the one before."""
    limit = next(
        (t.start for t in place.titles if t.case in _HELD and title.end < t.start < end), end
    )
    after = next((p for p in people if title.end <= p.start < limit), None)
    before = next((p for p in reversed(people) if p.end <= title.start), None)
    if before is None or after is None:
        return before or after
    # "X toimii johtajana, Y …": what a comma parts from the title is another clause.
    clause = place.text[before.end : title.start]
    parted = _PARTED.match(place.text, title.end) is not None
    return before if parted and _holds(clause) and "," not in clause else after


def _verb_near(text: str, title: TitleFind, person: EntityFind) -> bool:
    low, high = min(title.end, person.end), max(title.start, person.start)
    return _holds(text[max(0, low - _VERB_NEAR) : high + _VERB_NEAR])


def _holds(words: str) -> bool:
    """Is there a verb of holding a title among the words?"""
    verbs = tuple(_words()["verbs"]["holds"])
    return any(word.startswith(verbs) for word in re.findall(r"\w+", words.casefold()))


def _subject(text: str, people: Sequence[EntityFind], title: TitleFind) -> EntityFind | None:
    """``Inkeri on hankesihteerimme``: a person, "on" and the title's own words."""
    person = next((p for p in reversed(people) if p.end <= title.start), None)
    if person is None:
        return None
    gap = text[person.end : title.start]
    is_title, is_past = _copula()
    return person if is_title.fullmatch(gap) and not is_past.search(gap) else None


def named_after_copula(place: Scene, said: Sequence[RoleFind]) -> Iterator[RoleFind]:
    """``Projektikoordinaattori on X``, ``Vastuullinen johtaja on professori X``."""
    used = used_titles(said)
    for title in place.titles:
        match = _is().match(place.text, title.end)
        if title.case != "Nom" or title.start in used or match is None:
            continue
        person = next((p for p in place.people if p.start >= match.end()), None)
        if person is None or not _begins_at(place, match.end(), person):
            continue
        yield in_role(place, person, title, "title-is-person", 0.9)
        if title.plural:
            for other in chained(place, person):
                yield in_role(place, other, title, "title-is-person", 0.88)


def _begins_at(place: Scene, start: int, person: EntityFind) -> bool:
    """Does ``person`` stand at ``start``, with or without a title before the name?"""
    return person.start == start or any(
        t.start == start and t.end + 1 == person.start for t in place.titles
    )


def tasks(place: Scene, said: Sequence[RoleFind]) -> Iterator[RoleFind]:
    """``Hankepäällikön tehtävän ottaa vastaan X``."""
    used = used_titles(said)
    for start, end in place.sentences:
        for title in place.titles_in(start, end):
            if title.case != "Gen" or title.start in used:
                continue
            person = next((p for p in place.people if title.end <= p.start < end), None)
            if person is not None and _task().match(place.text, title.end):
                yield in_role(place, person, title, "title-of-task", 0.85)


def appointed(place: Scene, said: Sequence[RoleFind]) -> Iterator[RoleFind]:
    """``Ohjausryhmään nimettiin X ja varalle Y``: members without a title that says so."""
    data = _words()["tasks"]
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
                body = body_after(place, person, end)
                yield _said(person, role, "other", (start, end), "appointed", 0.75, body)
            previous = person.end


def leads(place: Scene, said: Sequence[RoleFind]) -> Iterator[RoleFind]:
    """``Hanketta johtaa X``, ``X, joka vetää hanketta``."""
    used = used_titles(said)
    roles = _words()["verbs"]["leads"]
    for start, end in place.sentences:
        match = _leading().search(place.text, start, end)
        if match is None:
            continue
        person = _leader(place.people_in(start, end), match.start(), match.end())
        if person is None or any(
            t.start in used
            and t.end <= person.start <= t.end + 2
            and t.role.startswith(("hanke", "projekti"))
            for t in place.titles
        ):
            continue  # "hankepäällikkö X vetää hanketta" has said it
        role = roles[(match["after"] or match["before"]).casefold()]
        code = "director" if role.endswith("johtaja") else "project_manager"
        body = body_after(place, person, end)
        yield _said(person, role, code, match.span(), "leads-project", 0.75, body)


def _leader(people: Sequence[EntityFind], start: int, end: int) -> EntityFind | None:
    """Who stands behind the verb of leading and its project, or else right before them."""
    after = [p for p in people if 0 <= p.start - end < _LED_BEHIND]
    before = [p for p in people if 0 <= start - p.end < _LED_BEFORE]
    return after[0] if after else (before[-1] if before else None)


def staff_lists(place: Scene, said: Sequence[RoleFind]) -> Iterator[RoleFind]:
    """``Hankkeessa työskentelevät A, B ja C``: workers where no title says more."""
    titled = titled_people(said)
    role = _words()["staff"]["default_role"]
    for start, end in place.sentences:
        cue = _workers().search(place.text, start, end)
        people = [p for p in place.people if cue and cue.end() <= p.start < end]
        if cue is None or len(people) < 2:
            continue
        listed = [people[0], *chained(place, people[0])]
        if len(listed) < 2 or any(
            t.plural and 0 < people[0].start - t.end <= 2 for t in place.titles
        ):
            continue
        for person in listed:
            if person.name not in titled or person.rule.endswith("again"):
                yield _said(person, role, "other", (cue.start(), person.end), "staff-list", 0.85)


def _said(
    person: EntityFind,
    role: str,
    code: str,
    span: tuple[int, int],
    rule: str,
    confidence: float,
    organisation: EntityFind | None = None,
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
        organisation=organisation,
    )


def _words() -> dict[str, Any]:
    return lexicon.settings("roles")


@cache
def _copula() -> tuple[re.Pattern[str], Pattern]:
    """What stands between a person and the title they have, and what says it is no role."""
    data = _words()["copula"]
    return (
        re.compile(rf"\s(?:{'|'.join(data['is'])})\s[^.,;:]{{0,60}}"),
        Pattern(rf"\b(?:{'|'.join(data['no_role'])})\b"),
    )


@cache
def _is() -> re.Pattern[str]:
    return re.compile(rf"\s(?:{'|'.join(_words()['copula']['is'])})\s")


@cache
def _task() -> Pattern:
    return Pattern(rf"\s(?:{'|'.join(_words()['tasks']['words'])})\b")


@cache
def _appointing() -> tuple[Pattern, Pattern, Pattern]:
    """The group that people are put into, the verbs that put them there, words for deputies."""
    data = _words()["tasks"]
    return (
        Pattern(data["group"], re.IGNORECASE),
        Pattern(data["appoints"], re.IGNORECASE),
        Pattern("|".join(data["deputy_words"]), re.IGNORECASE),
    )


@cache
def _leading() -> Pattern:
    data = _words()["verbs"]
    verbs, led = "|".join(data["leads"]), "|".join(data["led"])
    return Pattern(
        rf"""
        \b (?: (?:{led}) \s (?P<after>{verbs})
             | (?P<before>{verbs}) \s (?:{led}) ) \b
        """,
        re.VERBOSE | re.IGNORECASE,
    )


@cache
def _workers() -> Pattern:
    return Pattern("|".join(_words()["staff"]["workers"]))
