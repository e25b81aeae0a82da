"""Roles that a sentence says: held, a task, an appointment, a verb of leading, a staff list."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from pipeline.extract.finds import EntityFind, TitleFind
from pipeline.extract.roles.scene import (
    RoleFind,
    Scene,
    chained,
    in_role,
    role_words,
    titled_people,
    untitled,
    used_titles,
)
from pipeline.extract.titles import read_title
from pipeline.names import strip_degrees
from pipeline.patterns import Pattern

_HELD = frozenset({"Ess", "Tra"})  # "projektipäällikkönä", "projektipäälliköksi"
_PARTED = re.compile(r"\s*,|\s(?:ja|sekä)\s")  # what begins another clause
# A few words from a verb on, no other clause: "hääräsi kesällä".
_GAP = re.compile(
    r"\s(?!(?:ja|sekä|tai|kuin|eli|eikä|mutta|vaan)\s)[a-zåäö]{3,}(?:\s[\wåäö-]+){0,3}\s"
)
_WHOSE = re.compile(r"(?:[\w:-]+n(?:\s|$)){0,4}")
# "Porissa ohjaajana on A, Raumalla B ja Kankaanpäässä C": the same in other places.
_IN_PLACE = re.compile(r"(?:,|\sja|\ssekä)\s[A-ZÅÄÖ][\w-]+(?:ss[aä]|ll[aä])\s")
_BESIDE = re.compile(r"\s(?:lisäksi|ohella|kanssa|rinnalla)\s")
_HOLDER_BEHIND = re.compile(r"\s\w+(?:v[aä]\w*|nee\w*|n[uy]t)\b")  # "ohjaajana toimivan"
_NEXT = 40  # characters in which the first of those beside somebody is named
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
                    yield in_role(person, title, "person-is-title", 0.88)


def _held_by(
    place: Scene, people: Sequence[EntityFind], title: TitleFind, end: int
) -> Iterator[RoleFind]:
    person = _elliptic(place, people, title)
    if person is None:
        person = _nearest(place, people, title, end)
        if person is None:
            return
        if not _verb_near(place.text, title, person):
            if _plainly(place.text, title, person):
                yield from _all_of(place, person, title, 0.75)
            return
    yield from _all_of(place, person, title, 0.92 if person.start > title.end else 0.87)


def _all_of(
    place: Scene, person: EntityFind, title: TitleFind, confidence: float
) -> Iterator[RoleFind]:
    """The person, and behind or before a plural those who stand beside them."""
    yield in_role(person, title, "title-in-essive", confidence)
    if not title.plural:
        for other in chained(place, person, _IN_PLACE):
            yield in_role(other, title, "title-in-essive", min(confidence, 0.8))
        return
    others = list(chained(place, person))
    beside = _BESIDE.match(place.text, person.end)
    if beside is not None:  # "A:n lisäksi B ja C"
        first = [p for p in place.people if 0 <= p.start - beside.end() < _NEXT]
        others = [first[0], *chained(place, first[0])] if first else others
    if person.end <= title.start:
        others += [p for p in place.people if person in chained(place, p) and p is not person]
    for other in others:
        yield in_role(other, title, "title-in-essive", min(confidence, 0.88))


def _plainly(text: str, title: TitleFind, person: EntityFind) -> bool:
    """``Saunamestarina hääräsi X``: any verb between a title and a name in the nominative."""
    if text[person.start : person.end] != person.name:
        return False
    if title.end <= person.start:
        return _GAP.fullmatch(text, title.end, person.start) is not None
    return (
        _GAP.fullmatch(text, person.end, title.start) is not None
        and _HOLDER_BEHIND.match(text, title.end) is None
    )


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
    plain = _holds(clause) or _plainly(place.text, title, before)
    return before if parted and plain and "," not in clause else after


def _verb_near(text: str, title: TitleFind, person: EntityFind) -> bool:
    low, high = min(title.end, person.end), max(title.start, person.start)
    return _holds(text[max(0, low - _VERB_NEAR) : high + _VERB_NEAR])


def _holds(words: str) -> bool:
    """Is there a verb of holding a title among the words?"""
    verbs = tuple(role_words()["verbs"]["holds"])
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
        yield in_role(person, title, "title-is-person", 0.9)
        if title.plural:
            for other in chained(place, person):
                yield in_role(other, title, "title-is-person", 0.88)


def _begins_at(place: Scene, start: int, person: EntityFind) -> bool:
    """Does ``person`` stand at ``start``, with or without a degree or title before the name?

    Whose they are may stand there too: "VTT:n johtava tutkija X", "Siltan X".
    """
    before, _ = strip_degrees(place.text[start : person.start])
    return _WHOSE.fullmatch(before) is not None or any(
        t.end + 1 == person.start and _WHOSE.fullmatch(place.text, start, t.start)
        for t in place.titles
    )


def leads(place: Scene, said: Sequence[RoleFind]) -> Iterator[RoleFind]:
    """``Hanketta johtaa X``, ``X, joka vetää hanketta``, ``Ohjausryhmää johtaa X``."""
    used = used_titles(said)
    for start, end in place.sentences:
        for role, code, cue in _leading():
            match = cue.search(place.text, start, end)
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
            yield untitled(person, role, code, match.span(), "leads-project", 0.75)


def _leader(people: Sequence[EntityFind], start: int, end: int) -> EntityFind | None:
    """Who stands behind the verb of leading and its project, or else right before them."""
    after = [p for p in people if 0 <= p.start - end < _LED_BEHIND]
    before = [p for p in people if 0 <= start - p.end < _LED_BEFORE]
    return after[0] if after else (before[-1] if before else None)


def staff_lists(place: Scene, said: Sequence[RoleFind]) -> Iterator[RoleFind]:
    """``Hankkeessa työskentelevät A, B ja C``: workers where no title says more."""
    titled = titled_people(said)
    role = role_words()["staff"]["default_role"]
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
                yield untitled(person, role, "other", (cue.start(), person.end), "staff-list", 0.85)


@cache
def _copula() -> tuple[re.Pattern[str], Pattern]:
    """What stands between a person and the title they have, and what says it is no role."""
    data = role_words()["copula"]
    return (
        re.compile(rf"\s(?:{'|'.join(data['is'])})\s[^.,;:]{{0,60}}"),
        Pattern(rf"\b(?:{'|'.join(data['no_role'])})\b"),
    )


@cache
def _is() -> re.Pattern[str]:
    return re.compile(rf"\s(?:{'|'.join(role_words()['copula']['is'])})\s")


@cache
def _leading() -> Sequence[tuple[str, str, Pattern]]:
    """Roles that verbs say, each with its code and the verb beside what is led."""
    data = role_words()["verbs"]
    verbs = data["leads"]
    said = [(role, "|".join(verbs[role]), "|".join(data["led"])) for role in verbs]
    every = "|".join(verb for forms in verbs.values() for verb in forms)
    said += [(role, every, group) for role, group in data["chaired"].items()]
    return [
        (
            role,
            reading.code,
            Pattern(rf"\b(?:(?:{led})\s(?:{forms})|(?:{forms})\s(?:{led}))\b", re.IGNORECASE),
        )
        for role, forms, led in said
        if (reading := read_title(role.split()[-1])) is not None
    ]


@cache
def _workers() -> Pattern:
    return Pattern("|".join(role_words()["staff"]["workers"]))
