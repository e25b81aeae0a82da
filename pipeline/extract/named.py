"""What an announcement names, handed from the decision on names to the decision on facts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import msgspec
from spacy.tokens import Doc

from pipeline.extract import facts
from pipeline.extract.context import Context
from pipeline.extract.finds import EntityFind, TitleFind
from pipeline.extract.layout import Layout
from pipeline.extract.links import LinkFind
from pipeline.extract.publication import Publication


class Named(msgspec.Struct, frozen=True, kw_only=True):
    """What an announcement names: its entities, and how likely each project is one.

    ``sure`` maps a project's key to the probability of its name; ``projects`` are the mentions by
    a whole name with the keys of their entities.
    """

    doc: Doc
    page: Layout
    publication: Publication
    published: date | None
    updated: date | None
    titles: Sequence[TitleFind]
    people: Sequence[EntityFind]
    organisations: Sequence[EntityFind]
    areas: Sequence[EntityFind]
    projects: Sequence[tuple[EntityFind, str]]
    entities: facts.Entities
    continuations: Sequence[LinkFind]
    context: Context
    sure: Mapping[str, float]
