"""What a reading of links finds: one project continues, or is part of, another."""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.extract.finds import Find
from pipeline.records import Relation


class LinkFind(Find, frozen=True, kw_only=True):
    """The project with the key ``project`` continues, or is part of, ``related``."""

    project: str
    related: str
    relation: Relation


def distinct(found: Iterable[LinkFind]) -> list[LinkFind]:
    """The surest find of each link, in text order; none of a project with itself."""
    best: dict[tuple[str, str, str], LinkFind] = {}
    for link in found:
        key = (link.project, link.related, link.relation)
        if link.project != link.related and (
            key not in best or link.confidence > best[key].confidence
        ):
            best[key] = link
    return sorted(best.values(), key=lambda link: (link.start, link.end))
