"""Links of projects, put together: sequels, sub-projects, projects of programmes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from spacy.tokens import Doc

from pipeline.extract.context import Context
from pipeline.extract.finds import EntityFind
from pipeline.extract.focus import Named
from pipeline.extract.links.find import LinkFind, distinct
from pipeline.extract.links.members import members
from pipeline.extract.links.sequels import said_sequels
from pipeline.extract.projects.names import phase
from pipeline.records import Entity, Relation

__all__ = ["LinkFind", "find_continuations", "find_memberships"]


def find_continuations(doc: Doc, projects: Named, entities: Mapping[str, Entity]) -> list[LinkFind]:
    """``continues`` links, read before anything is linked to projects.

    What the names' numbers say is surer than what the sentence seems to say.
    """
    sure = [*_numbered(projects, entities), *_labelled(projects)]
    known = {key for link in sure for key in (link.project, link.related)}
    said = said_sequels(doc, projects, entities)
    return distinct([*sure, *(link for link in said if link.project not in known)])


def find_memberships(
    context: Context, projects: Named, known: Sequence[LinkFind]
) -> list[LinkFind]:
    """``part_of`` links: sub-projects of their project, projects of their programme."""
    pairs = {(link.project, link.related) for link in known}
    return [
        link
        for link in distinct(members(context, projects))
        if (link.project, link.related) not in pairs and (link.related, link.project) not in pairs
    ]


def _numbered(projects: Named, entities: Mapping[str, Entity]) -> list[LinkFind]:
    """``SILTA 2`` continues ``SILTA``."""
    stems: dict[tuple[str, str], tuple[EntityFind, str]] = {}
    for find, key in projects:
        for name in entities[key].names:
            if name.kind != "alias":
                stem, number = phase(name.name)
                stems.setdefault((stem.casefold(), number or "1"), (find, key))
    found = []
    for (stem, number), (find, key) in stems.items():
        if int(number) < 2:
            continue
        earlier = stems.get((stem, str(int(number) - 1)))
        if earlier and earlier[1] != key:
            found.append(
                LinkFind(
                    start=find.start,
                    end=find.end,
                    rule="numbered-sequel",
                    confidence=0.95,
                    project=key,
                    related=earlier[1],
                    relation="continues",
                )
            )
    return found


def _labelled(projects: Named) -> list[LinkFind]:
    main = next((key for m, key in projects if m.rule == "label:project_name"), None)
    relations: dict[str, Relation] = {
        "label:previous_project": "continues",
        "label:parent_project": "part_of",
    }
    return [
        LinkFind(
            start=find.start,
            end=find.end,
            rule=find.rule,
            confidence=0.95,
            project=main,
            related=key,
            relation=relations[find.rule],
        )
        for find, key in projects
        if find.rule in relations and main
    ]
