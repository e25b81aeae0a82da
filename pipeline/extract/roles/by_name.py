"""Roles that stand beside the name: "hankejohtaja X", "X, kehitysjohtaja", "X (hankejohtaja)"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from pipeline import lexicon
from pipeline.extract.finds import EntityFind, TitleFind
from pipeline.extract.roles.scene import RoleFind, Scene, chained, in_role, of_several, used_titles

_BEFORE_NAME = 30  # characters between a title and the name behind it
_BEHIND_NAME = 40  # characters between a name's comma and the title: its organisation
_BETWEEN = re.compile(
    r"""
      \                               # professori X
    | \s?\([^()\n]{2,12}\)\           # projektipäällikkö (YTM) X
    | ,\ [a-zåäö][\wåäö-]+\           # johtaja, professori X
    | \ ?[:|]\                         # Projektipäällikkö: X
    """,
    re.VERBOSE,
)
_AFTER = (
    re.compile(r"\s*[,|]\s*"),  # X, kehitysjohtaja
    re.compile(r"\s+\("),  # X (hankejohtaja)
    re.compile(r"\s+[–-]\s+"),  # X – hankejohtaja
    re.compile(r"\s*\([^()\n]{1,20}\)\s*,?\s*"),  # X (YTM), hankejohtaja
)
_JOINT = re.compile(r"(?:\s?[,:]|\sja)?\s(?:[\w:-]{3,}n\s){0,2}")
_DASH = re.compile(r" ?[–-] ")  # kaksi suunnittelijaa – X ja Y
# A genitive, a first part with a hyphen, an acronym: what a title behind a name begins with.
_OWNER_ENDINGS = ("n", "-", "K", "U", "nut", "nyt", "lut", "lyt", "sut", "syt")


def titles_before(place: Scene, said: Sequence[RoleFind]) -> Iterator[RoleFind]:
    """``hankejohtaja X``, ``hankkeen johtaja, professori X``, ``suunnittelijat X ja Y``."""
    for person in place.people:
        title = _before(place, person)
        if title is None or _former().search(place.text, max(0, title.start - 20), title.start):
            continue
        yield in_role(person, title, "title-before-name", 0.95)
        if of_several(place.text, title):
            for other in chained(place, person):
                yield in_role(other, title, "plural-title-before-names", 0.92)
        for other_title in reversed(place.titles):
            if _joined(place.text, other_title, title):
                yield in_role(person, other_title, "titles-before-name", 0.9)


def _before(place: Scene, person: EntityFind) -> TitleFind | None:
    return next(
        (
            title
            for title in reversed(place.titles)
            if 0 < person.start - title.end <= _BEFORE_NAME
            and (
                _BETWEEN.fullmatch(place.text, title.end, person.start)
                or _apposed(place, title, person)
                or (
                    _DASH.fullmatch(place.text, title.end, person.start)
                    and of_several(place.text, title)
                )
            )
        ),
        None,
    )


def _joined(text: str, one: TitleFind, two: TitleFind) -> bool:
    """Two titles of one person: in the same case, nothing, a comma, a colon or "ja" between them.

    What the second one is of may stand there too: "johtaja, sosiaalityön professori".
    """
    return (
        one.end <= two.start
        and one.case == two.case
        and _JOINT.fullmatch(text, one.end, two.start) is not None
    )


def _apposed(place: Scene, title: TitleFind, person: EntityFind) -> bool:
    """``palkattiin ohjaaja, Kaisa Esimerkki, ja …``: the names between commas."""
    if title.case != "Nom" or place.text[title.end : person.start] != ", ":
        return False
    last = [person, *chained(place, person)][-1] if title.plural else person
    return title.plural == (last is not person) and place.text.startswith(",", last.end)


@cache
def _former() -> re.Pattern[str]:
    """Words right before a title that make it what somebody was."""
    words = "|".join(lexicon.settings("roles")["copula"]["former"])
    return re.compile(rf"(?<!\w)(?:{words})[\s-]$", re.IGNORECASE)


def titles_after(place: Scene, said: Sequence[RoleFind]) -> Iterator[RoleFind]:
    """``Kaisa Esimerkki, kehitysjohtaja`` and ``Kaisa Esimerkki (hankejohtaja)``."""
    used = used_titles(said)
    for person in place.people:
        if person.rule.endswith("again"):
            continue
        starts = [m.end() for after in _AFTER if (m := after.match(place.text, person.end))]
        title = next((t for start in starts if (t := _behind(place, start))), None)
        if title is None or title.case != "Nom" or title.plural or title.start in used:
            continue
        if not _of_the_next(place, title):
            yield in_role(person, title, "title-after-name", 0.92)


def _behind(place: Scene, start: int) -> TitleFind | None:
    return next(
        (
            title
            for title in reversed(place.titles)
            if 0 <= title.start - start <= _BEHIND_NAME
            and _is_owner(place.text[start : title.start])
        ),
        None,
    )


def _is_owner(gap: str) -> bool:
    """Nothing but an organisation, genitives or a participle between the comma and the title."""
    return not gap.strip() or (
        not re.search(r"[.,;:()\n]", gap) and gap.strip().endswith(_OWNER_ENDINGS)
    )


def _of_the_next(place: Scene, title: TitleFind) -> bool:
    """Does the title belong to the person named behind it?"""
    return any(
        0 < person.start - title.end <= 2
        and _BETWEEN.fullmatch(place.text, title.end, person.start)
        for person in place.people
    )
