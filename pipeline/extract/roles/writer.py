"""Roles of a post's writer, who says "aloitin projektitutkijana" and signs with a name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from pipeline import lexicon
from pipeline.extract.finds import EntityFind, TitleFind
from pipeline.extract.roles.scene import RoleFind, Scene, in_role, used_titles
from pipeline.patterns import Pattern

_BYLINE = 30  # characters before a name in which "Kirjoittaja:" may stand


def writers_titles(place: Scene, said: Sequence[RoleFind]) -> Iterator[RoleFind]:
    """``Aloitin projektitutkijana``, ``Kirjoittaja toimii …``: titles of the post's writer."""
    writer = _writer(place)
    if writer is None:
        return
    used = used_titles(said)
    for start, end in place.sentences:
        for title in place.titles_in(start, end):
            if title.start not in used and _of_writer(place.text[start : title.start], title):
                yield in_role(writer, title, "writer-of-post", 0.8)


def _of_writer(before: str, title: TitleFind) -> bool:
    """Do the words of the sentence before the title speak of who writes?"""
    writer, me = _cues()
    before = before.casefold()
    if title.case not in {"Nom", "Ess"}:
        return False
    return writer.search(before) is not None or (
        title.case == "Ess" and me.search(before) is not None
    )


def _writer(place: Scene) -> EntityFind | None:
    """Who a byline names, else the one who signs, else who is introduced."""
    for person in place.people:
        if _byline().search(place.text[max(0, person.start - _BYLINE) : person.start]):
            return person
    lines = {b.start: b.end for b in place.page.shown}
    signed = [p for p in place.people if lines.get(p.start) == p.end]
    if len({p.name for p in signed}) == 1:
        return signed[-1]
    return next((p for p in place.people if p.rule == "introduced"), None)


@cache
def _byline() -> re.Pattern[str]:
    return re.compile(f"{lexicon.settings('roles')['author']['bylines']}$")


@cache
def _cues() -> tuple[Pattern, Pattern]:
    """Words for the writer as somebody, and words of the writer as "I"."""
    data = lexicon.settings("roles")["author"]
    return (
        Pattern(rf"(?:{'|'.join(data['writer'])})[^.]*$"),
        Pattern(rf"\b(?:{'|'.join(data['i'])})\b"),
    )
