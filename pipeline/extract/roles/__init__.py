"""Who is what: joins people to titles by the page's layout, by sentences, by who writes a post.

What project a role belongs to and whose employee somebody is, evidence decides (``relations``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from spacy.tokens import Doc

from pipeline import lexicon
from pipeline.extract.finds import EntityFind, TitleFind
from pipeline.extract.layout import Layout
from pipeline.extract.roles.by_layout import labels, listed_below, signatures
from pipeline.extract.roles.by_name import titles_after, titles_before
from pipeline.extract.roles.by_sentence import held, leads, named_after_copula, staff_lists
from pipeline.extract.roles.by_task import appointed, successors, tasks
from pipeline.extract.roles.scene import RoleFind, Scene, scene, titled_people
from pipeline.extract.roles.writer import writers_titles

__all__ = ["RoleFind", "find_roles"]

# Each reads one wording. The second argument is what the wordings before it have read: a title
# that somebody has already is nobody else's.
_WORDINGS: tuple[Callable[[Scene, Sequence[RoleFind]], Iterator[RoleFind]], ...] = (
    labels,
    listed_below,
    titles_before,
    titles_after,
    signatures,
    held,
    named_after_copula,
    tasks,
    successors,
    appointed,
    leads,
    writers_titles,
    staff_lists,
)


def find_roles(
    doc: Doc,
    page: Layout,
    titles: Sequence[TitleFind],
    people: Sequence[EntityFind],
) -> list[RoleFind]:
    """Every (person, role) that the text states, once each, the surest reading first."""
    place = scene(doc, page, titles, people)
    found: list[RoleFind] = []
    for wording in _WORDINGS:
        found += wording(place, tuple(found))
    titled = titled_people(role for role in found if not _says_less(role))
    best: dict[tuple[str, str], RoleFind] = {}
    for role in found:
        if role.person.name in titled and _says_less(role):
            continue
        key = (role.person.name, role.role)
        other = best.get(key)
        if other is None or role.confidence > other.confidence:
            best[key] = role
    return sorted(best.values(), key=lambda role: (role.start, role.end))


def _says_less(role: RoleFind) -> bool:
    """A contact, or one of "hankkeen työntekijät": no role of one's own beside a title."""
    general: str = lexicon.settings("roles")["staff"]["default_role"]
    return role.role_code == "contact" or (
        role.role == general and role.title is not None and role.title.plural
    )
